"""Answers kept for 24 hours, so that a repeated creation is answered and not repeated."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.domain.errors import Conflict
from shared.repositories import keys
from shared.repositories.codec import attribute_values
from shared.repositories.table import Table, attribute_key
from shared.repositories.unit_of_work import Condition, UnitOfWork

KEPT: Final = timedelta(hours=24)
_ANSWERING: Final = timedelta(seconds=30)
"""A first request that died is not repeated before this; the gateway gives up after the same time."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """`status` is None while the first request is still being answered."""

    fingerprint: str
    status: int | None
    body: str


class KeyTaken(Conflict):
    """Another request holds this idempotency key."""


class IdempotencyRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def reserve(self, org_id: str, actor_id: str, key: str, fingerprint: str, at: datetime, work: UnitOfWork) -> None:
        """Raises: KeyTaken, on commit, unless the key is new or its holder died unanswered."""
        row = attribute_key(keys.idempotency(org_id, actor_id, key)) | attribute_values(
            {
                "fingerprint": fingerprint,
                "answering_until": int((at + _ANSWERING).timestamp()),
                "expires_at": int((at + KEPT).timestamp()),
            }
        )
        free = Condition(
            "attribute_not_exists(pk) OR expires_at < :now"
            " OR (attribute_not_exists(packed) AND answering_until < :now)",
            values={":now": {"N": str(int(at.timestamp()))}},
        )
        work.put(row, when=free, otherwise=KeyTaken("This idempotency key is taken."))

    def keep(self, org_id: str, actor_id: str, key: str, status: int, body: str, work: UnitOfWork) -> None:
        packed = zlib.compress(body.encode())
        work.update(keys.idempotency(org_id, actor_id, key), assign={"answer_status": status, "packed": packed})

    def release(self, org_id: str, actor_id: str, key: str, work: UnitOfWork) -> None:
        """The request was refused and changed nothing: the key may be used again."""
        work.delete(keys.idempotency(org_id, actor_id, key))

    def find(self, org_id: str, actor_id: str, key: str) -> KeptAnswer | None:
        item = self._table.get(keys.idempotency(org_id, actor_id, key))
        if item is None:
            return None
        if "packed" not in item:
            return KeptAnswer(item["fingerprint"]["S"], None, "")
        body = zlib.decompress(item["packed"]["B"]).decode()
        return KeptAnswer(item["fingerprint"]["S"], int(item["answer_status"]["N"]), body)
