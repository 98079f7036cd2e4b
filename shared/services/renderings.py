"""Renderings as clients get them: small ones in the answer itself, large ones by a link to storage."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.domain.content import sha256_hex
from shared.domain.errors import NotFound
from shared.domain.rendering.marketplace import MAX_PACK
from shared.services.delivery_memory import Memory
from shared.services.mint import Mint
from shared.storage.content_store import RENDERED_DAYS, ContentStore, archive_key

RENEWED: Final = timedelta(days=RENDERED_DAYS - 31)
"""How often what is still delivered is stored anew: so it is there for thirty days more once it is replaced."""
_BYTES: Final = "application/octet-stream"
_BYTES_KEPT: Final = 32 * 1024 * 1024


def period_of(org_id: str, at: datetime) -> int:
    """Grows by one each time that what is delivered has to be stored anew; at another moment for each org."""
    offset = int(sha256_hex(org_id.encode())[:8], 16)
    return int(at.timestamp() + offset) // int(RENEWED.total_seconds())


@dataclass(frozen=True, slots=True)
class Rendered:
    """`data`, or where that would not fit an answer, the `link` that downloads it."""

    media_type: str
    data: bytes | None = field(default=None, repr=False)
    link: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Renderings:
    """What is in storage under names that say what it is made of, so that it is made once and never out of date."""

    storage: Callable[[], ContentStore] = field(repr=False)
    mint: Mint
    kept: Memory[bytes] = field(default_factory=lambda: Memory(_BYTES_KEPT, len), repr=False)

    def keep(self, key: str, data: bytes, media_type: str) -> None:
        """Store what was rendered, as if nobody had before: nothing that names it is older, or outlives it."""
        self.storage().renew_rendering(key, data, media_type)
        self.kept.put(key, data)

    def period(self, org_id: str) -> int:
        return period_of(org_id, self.mint.now())

    def find(self, key: str) -> bytes | None:
        known = self.kept.get(key)
        if known is not None:
            return known
        found = self.storage().get_rendering(key)
        return self.kept.put(key, found) if found is not None else None

    def read(self, key: str) -> bytes:
        """Raises: NotFound for what is not kept any more."""
        found = self.find(key)
        if found is None:
            raise NotFound("content any more; ask for the index again")
        return found

    def open(self, key: str, file_name: str, media_type: str) -> Rendered:
        """Raises: NotFound for what is not kept any more."""
        data = self.read(key)
        if len(data) <= MAX_PACK:
            return Rendered(media_type, data)
        return Rendered(media_type, link=self.storage().presign(key, file_name))

    def offer(self, org_id: str, data: bytes, file_name: str) -> Rendered:
        """What was taken out of a rendering; stored on its own only where it has to be linked to."""
        if len(data) <= MAX_PACK:
            return Rendered(_BYTES, data)
        key = archive_key(org_id, sha256_hex(data), ".bin")
        self.keep(key, data, _BYTES)
        return self.open(key, file_name, _BYTES)
