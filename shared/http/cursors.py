"""Page cursors: where a list goes on, signed, and bound to the list that gave them."""

import base64
import binascii
import hashlib
import hmac
from typing import Annotated, Any, Final

from pydantic import Field

from shared.bootstrap import services
from shared.domain.errors import InvalidCursor
from shared.domain.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, PageRequest
from shared.http.models import Input
from shared.http.request import request

_MAC_BYTES: Final = 16
_PAGING: Final = frozenset({"limit", "cursor"})


class PageQuery(Input):
    """The query parameters of every list; those of a filtered list extend it."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Rows of one page at most.")] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(description="The previous page's `nextCursor`.")] = None

    @property
    def page(self) -> PageRequest:
        """Raises: InvalidCursor for one that this list did not give."""
        return PageRequest(self.limit, _read(self.cursor) if self.cursor is not None else None)


def next_cursor(page: Page[Any]) -> str | None:
    """The cursor of what follows a page; None at the end."""
    if page.next_after is None:
        return None
    after = page.next_after.encode()
    return base64.urlsafe_b64encode(_mac(after) + after).rstrip(b"=").decode()


def _read(cursor: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mac, after = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not after or not hmac.compare_digest(mac, _mac(after)):
            raise InvalidCursor
        return after.decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error


def _mac(after: bytes) -> bytes:
    """Covers the org, the list's path and its filters: a cursor of another list would skip rows silently."""
    current = request()
    org = current.actor.org_id if current.actor else ""
    path = current.path.removeprefix(current.base)
    filters = sorted((name, value) for name, value in current.query.items() if name not in _PAGING)
    bound = repr((org, path, filters)).encode()
    wired = services()
    key = wired.secrets.get(wired.settings.cursor_secret).encode()
    return hmac.digest(key, bound + b"\x00" + after, hashlib.sha256)[:_MAC_BYTES]
