"""The GitHub connector of one deployment: its app, and the readers that speak for its installations."""

from collections.abc import Callable
from urllib.parse import quote

from urllib3 import PoolManager

from shared.connectors.github import shapes
from shared.connectors.github.app_auth import AppIdentity, InstallationTokens
from shared.connectors.github.reader import GitHubReader
from shared.connectors.github.transport import Transport
from shared.domain.source_tree import Installation, Repository


class GitHubConnector:
    """Implements `Connector` for github.com, `https://HOST/api/v3` or `https://api.SUBDOMAIN.ghe.com`."""

    def __init__(
        self,
        api_url: str,
        app_id: str,
        load_key: Callable[[], str],
        *,
        now: Callable[[], float],
        sleep: Callable[[float], object],
        random: Callable[[], float],
        pool: PoolManager | None = None,
    ) -> None:
        self._transport = Transport(api_url, sleep=sleep, random=random, now=now, pool=pool)
        self._app = AppIdentity(app_id, load_key, now)
        self._tokens = InstallationTokens(self._transport, self._app, now)

    def reader(self, installation_id: int, repository_id: int) -> GitHubReader:
        return GitHubReader(self._transport, self._tokens, installation_id, repository_id)

    def installation(self, installation_id: int) -> Installation:
        path = f"/app/installations/{installation_id}"
        answer = self._transport.call("GET", path, token=self._app.token())
        return shapes.read(shapes.installation_from, answer.body)

    def repository(self, installation_id: int, full_name: str) -> Repository:
        """A public repository outside the installation answers too: reading it then takes a token of its own."""
        path = "/repos/" + "/".join(quote(part, safe="") for part in full_name.split("/"))
        answer = self._transport.call("GET", path, token=self._tokens.token(installation_id, 0))
        return shapes.read(shapes.repository_from, answer.body)
