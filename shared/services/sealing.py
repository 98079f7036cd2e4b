"""Seals files with literal secrets under their org's data key, and opens them for who may see them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.domain.config_object import Version
from shared.domain.content import SourceFile
from shared.domain.errors import Damaged
from shared.domain.sealing import NONCE_BYTES, PURPOSE, DataKey, Envelope, Seal
from shared.repositories.data_keys import DataKeyRepository, KeyMade
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.storage.content_store import ContentStore
from shared.storage.key_service import KeyService

KEPT: Final = timedelta(minutes=5)
"""How long an unwrapped key stays in memory, and a withdrawn right to unwrap it goes unnoticed."""

_MOST_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Sealing:
    keys: DataKeyRepository
    key_service: KeyService
    content: ContentStore
    mint: Mint
    random_bytes: Callable[[int], bytes] = field(repr=False)
    begin: Callable[[], UnitOfWork] = field(repr=False)
    kept: dict[str, tuple[datetime, DataKey]] = field(default_factory=dict, repr=False)

    def seal(self, org_id: str, object_id: str, files: Sequence[SourceFile]) -> Envelope:
        """The envelope of an object's files; nothing is stored yet."""
        return self._key(org_id).seal(object_id, files, self.random_bytes(NONCE_BYTES))

    def store(self, envelope: Envelope) -> None:
        """Equal content of one object has one envelope, however often it is stored."""
        self.content.put_sealed(envelope.seal, envelope.data)

    def open(self, version: Version) -> list[SourceFile]:
        """The files of a sealed version as they were handed in. Raises: Damaged; Retryable."""
        if version.sealed is None:
            raise Damaged("This version has no sealed content.")
        seal = Seal(version.org_id, version.config_object_id, version.sealed)
        return self._key(version.org_id).open(Envelope(seal, self.content.get_sealed(seal)))

    def _key(self, org_id: str) -> DataKey:
        now = self.mint.now()
        known = self.kept.get(org_id)
        if known is not None and now < known[0] + KEPT:
            return known[1]
        wrapped = self.keys.find(org_id)
        key = DataKey(org_id, self._unwrap(org_id, wrapped)) if wrapped else self._make(org_id)
        if len(self.kept) >= _MOST_KEPT:
            self.kept.clear()
        self.kept[org_id] = (now, key)
        return key

    def _make(self, org_id: str) -> DataKey:
        """The org's first key. Of two processes that make one at a time, the first one's is everybody's."""
        secret, wrapped = self.key_service.generate(_context(org_id))
        try:
            with self.begin().as_upkeep() as work:
                self.keys.add(org_id, wrapped, work)
        except KeyMade:
            winner = self.keys.find(org_id) or b""
            return DataKey(org_id, self._unwrap(org_id, winner))
        return DataKey(org_id, secret)

    def _unwrap(self, org_id: str, wrapped: bytes) -> bytes:
        return self.key_service.unwrap(wrapped, _context(org_id))


def _context(org_id: str) -> dict[str, str]:
    """What KMS authenticates with the key, records in CloudTrail, and roles are held to."""
    return {"orgId": org_id, "purpose": PURPOSE}
