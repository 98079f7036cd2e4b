"""The GitHub connector of one deployment: its app, and the readers that speak for its installations."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

from urllib3 import PoolManager

from shared.connectors.github import shapes
from shared.connectors.github.allowances import Allowances
from shared.connectors.github.app_auth import AppIdentity, InstallationTokens
from shared.connectors.github.deliveries import DeliveryRecords
from shared.connectors.github.reader import GitHubReader
from shared.connectors.github.repositories import ReachableRepositories
from shared.connectors.github.transport import Transport
from shared.connectors.github.user_proof import UserProof, web_url_of
from shared.domain.allowance import Allowance
from shared.domain.delivery_log import AttemptsPage
from shared.domain.source_tree import Installation, Repository, RepositoryPage


class GitHubConnector:
    """Implements `Connector` for github.com, `https://HOST/api/v3` or `https://api.SUBDOMAIN.ghe.com`."""

    def __init__(
        self,
        api_url: str,
        app_id: str,
        load_key: Callable[[], str],
        load_client_secret: Callable[[], str] = str,
        *,
        now: Callable[[], float],
        sleep: Callable[[float], object],
        random: Callable[[], float],
        pool: PoolManager | None = None,
    ) -> None:
        self._transport = Transport(api_url, sleep=sleep, random=random, now=now, pool=pool)
        self._app = AppIdentity(app_id, load_key, now)
        self._tokens = InstallationTokens(self._transport, self._app, now)
        self._allowances = Allowances()
        self._deliveries = DeliveryRecords(self._transport, self._app)
        web_url = web_url_of(api_url)
        web = Transport(web_url, sleep=sleep, random=random, now=now, pool=pool)
        self._proof = UserProof(self._transport, web, web_url, self._app, load_client_secret)
        self._reachable = ReachableRepositories(self._transport, self._tokens)

    def reader(self, installation_id: int, repository_id: int) -> GitHubReader:
        return GitHubReader(self._transport, self._tokens, self._allowances, installation_id, repository_id)

    def allowance(self, installation_id: int) -> Allowance | None:
        return self._allowances.of(installation_id)

    def deliveries(self, cursor: str | None) -> AttemptsPage:
        return self._deliveries.page(cursor)

    def redeliver(self, attempt_id: int) -> None:
        self._deliveries.repeat(attempt_id)

    def repositories(self, installation_id: int) -> Iterator[Repository]:
        return self._reachable.each(installation_id)

    def repository_page(self, installation_id: int, number: int, size: int) -> RepositoryPage:
        return self._reachable.page(installation_id, number, size)

    def install_url(self, state: str) -> str:
        return self._proof.install_url(state)

    def installation_seen_with(self, code: str, installation_id: int) -> Installation | None:
        return self._proof.installation_seen_with(code, installation_id)

    def installation(self, installation_id: int) -> Installation:
        path = f"/app/installations/{installation_id}"
        answer = self._transport.call("GET", path, token=self._app.token())
        return shapes.read(shapes.installation_from, answer.body)

    def repository(self, installation_id: int, full_name: str) -> Repository:
        """A public repository outside the installation answers too: reading it then takes a token of its own."""
        path = "/repos/" + "/".join(quote(part, safe="") for part in full_name.split("/"))
        answer = self._transport.call("GET", path, token=self._tokens.token(installation_id, 0))
        return shapes.read(shapes.repository_from, answer.body)
