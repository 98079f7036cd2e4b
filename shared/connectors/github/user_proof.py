"""Which installations a person sees: asked at GitHub in that person's name, with a token that is dropped at once.

Source: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from shared.connectors.github import shapes
from shared.connectors.github.app_auth import AppIdentity
from shared.connectors.github.transport import Transport
from shared.domain.errors import Invalid, Retryable
from shared.domain.source_tree import Installation

_PAGE: Final = 100
_MOST_PAGES: Final = 100
"""Of installations that one person sees: GitHub gives at most 10,000 of anything."""


@dataclass(frozen=True, slots=True)
class AppFacts:
    """The app as GitHub knows it; `path` is that of its page on the web site."""

    client_id: str
    path: str


class UserProof:
    """`load_secret` brings the app's client secret at the first need."""

    def __init__(
        self, api: Transport, web: Transport, web_url: str, app: AppIdentity, load_secret: Callable[[], str]
    ) -> None:
        self._api, self._web, self._web_url = api, web, web_url
        self._app, self._load_secret = app, load_secret
        self._facts: AppFacts | None = None

    def install_url(self, state: str) -> str:
        """The page where people install the app, from which they come back with the state."""
        return f"{self._web_url}{self._known().path}/installations/new?state={quote(state, safe='')}"

    def installation_seen_with(self, code: str, installation_id: int) -> Installation | None:
        """The installation, if whoever GitHub gave the code to sees it. Raises: Invalid for a code that is no good."""
        token = self._token(code)
        for page in range(1, _MOST_PAGES + 1):
            path = f"/user/installations?per_page={_PAGE}&page={page}"
            found = shapes.read(shapes.installations_from, self._api.call("GET", path, token=token).body)
            for installation in found:
                if installation.id == installation_id:
                    return installation
            if len(found) < _PAGE:
                return None
        return None

    def _token(self, code: str) -> str:
        form = {"client_id": self._known().client_id, "client_secret": self._load_secret(), "code": code}
        body = self._web.submit("/login/oauth/access_token", form).body
        try:
            answer = json.loads(body)
            token, refusal = answer.get("access_token"), answer.get("error")
        except (ValueError, AttributeError):
            # without its cause: the message of a JSON error may quote the token
            raise Retryable("GitHub's token answer cannot be read.") from None
        if refusal or not isinstance(token, str) or not token:
            raise Invalid.field("code", f"was refused by GitHub ({_word(refusal)}); start the installation again")
        return token

    def _known(self) -> AppFacts:
        if self._facts is None:
            self._facts = shapes.read(_facts_from, self._api.call("GET", "/app", token=self._app.token()).body)
        return self._facts


def web_url_of(api_url: str) -> str:
    """The web site of an API: github.com, an Enterprise Server, or a site with data residency.

    Made from what the deployment was told, never from an answer: the client secret goes there.
    """
    parts = urlsplit(api_url.rstrip("/"))
    host = parts.netloc
    if host == "api.github.com" or (host.startswith("api.") and host.endswith(".ghe.com")):
        host = host.removeprefix("api.")
    return f"{parts.scheme}://{host}"


def _facts_from(answer: shapes.Json) -> AppFacts:
    return AppFacts(answer["client_id"], urlsplit(answer["html_url"]).path)


def _word(refusal: object) -> str:
    """GitHub's own error code, and nothing else that an answer may hold."""
    return refusal if isinstance(refusal, str) and refusal.isascii() and refusal.replace("_", "").isalpha() else "?"
