"""A deployment whose app is installed on a GitHub beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import urllib3

from functions.admin.handler import handler as admin
from local.github import GitHubStandIn, generate_app_key
from local.github.people import OWNER
from shared.bootstrap import Services
from shared.connectors.github.connector import GitHubConnector
from shared.services.mint import Mint
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import ApiAs, Person
from tests.fixtures.stack import SECRETS
from tests.integration.sync.clock import Clock

CALLBACK = "/v1/connectors/github/install/callback"


@dataclass
class Browser:
    """Somebody who follows an installation link: signs in at GitHub as a user, and is sent back."""

    github: GitHubStandIn
    user: str = OWNER

    def install(self, install_url: str) -> str:
        """The path, with its query, that GitHub sends the browser to."""
        query = urlsplit(install_url).query
        state = dict(part.split("=", 1) for part in query.split("&"))["state"]
        page = urllib3.request(
            "POST",
            install_url,
            body=urlencode({"user": self.user}) + f"&state={state}",
            redirect=False,
            headers={"User-Agent": "browser"},
        )
        back = urlsplit(page.headers["location"])
        return f"{back.path}?{back.query}"


@pytest.fixture(scope="session")
def app_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The app's private and public key."""
    path = tmp_path_factory.mktemp("app") / "key.pem"
    public = generate_app_key(path)
    return path.read_text(), public


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github(depot: Services, app_key: tuple[str, str], clock: Clock, tmp_path: Path) -> Iterator[GitHubStandIn]:
    """GitHub, with acme/tools; the deployment reaches it, and both look at one clock."""
    private, public = app_key
    now = lambda: clock().timestamp()  # noqa: E731  # both sides look at one clock
    secret, back = SECRETS["client-secret"], f"https://depot.example{CALLBACK}"
    with GitHubStandIn(tmp_path, 1, public, now=now, client_secret=secret, callback_url=back) as stand_in:
        stand_in.add_repository("acme/tools", {"README.md": "x"})
        connector = GitHubConnector(
            stand_in.url,
            "1",
            lambda: private,
            lambda: depot.secrets.get(depot.settings.github_client_secret),
            now=now,
            sleep=lambda _: None,
            random=lambda: 0.0,
        )
        vars(depot).update(connector=connector, mint=Mint(clock, depot.mint.random_bits))
        yield stand_in


@pytest.fixture
def browser(github: GitHubStandIn) -> Browser:
    return Browser(github)


@pytest.fixture
def stranger(browser: Browser) -> Browser:
    return replace(browser, user="octo-stranger")


@pytest.fixture
def public() -> Api:
    """Calls without a credential."""
    return Api(admin)


@pytest.fixture
def install_url(api_as: ApiAs, alice: Person, github: GitHubStandIn) -> str:
    return str(api_as(alice).post("/connectors/github/install/start").item.installUrl)


def ticket_of(page: Answer) -> str:
    return page.body.decode().split('name="ticket" value="')[1].split('"')[0]


def say_yes(public: Api, page: Answer, **more: Any) -> Answer:
    form = urlencode({"ticket": ticket_of(page), **more})
    return public.post(CALLBACK, form, content_type="application/x-www-form-urlencoded")
