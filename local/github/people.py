"""People who install the app: they come back with a code, which the app turns into a token that speaks for them.

Source: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

import secrets
from collections.abc import Callable
from typing import Final

from local.github.wire import Refusal

OWNER: Final = "octo-owner"
"""Who sees the installation."""
STRANGER: Final = "octo-stranger"
"""Who sees only its neighbours."""

_CODE_LIFETIME: Final = 600
_TOKEN_LIFETIME: Final = 8 * 3_600


class People:
    """`now` in seconds since 1970."""

    def __init__(self, client_id: str, client_secret: str, now: Callable[[], float]) -> None:
        self._client, self._now = (client_id, client_secret), now
        self._codes: dict[str, tuple[str, float]] = {}
        self._tokens: dict[str, tuple[str, float]] = {}

    def code_for(self, user: str) -> str:
        code = secrets.token_hex(10)
        self._codes[code] = user, self._now() + _CODE_LIFETIME
        return code

    def exchange(self, client_id: str, client_secret: str, code: str) -> str | None:
        """A token for a code, once; None for a code that is wrong, used or old."""
        if (client_id, client_secret) != self._client:
            return None
        user, until = self._codes.pop(code, ("", 0.0))
        if until <= self._now():
            return None
        token = f"ghu_{secrets.token_hex(18)}"
        self._tokens[token] = user, self._now() + _TOKEN_LIFETIME
        return token

    def user_of(self, token: str) -> str:
        user, until = self._tokens.get(token, ("", 0.0))
        if until <= self._now():
            raise Refusal(401, "Bad credentials", docs="")
        return user
