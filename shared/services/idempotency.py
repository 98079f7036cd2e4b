"""A repeated creation is answered as the first one was, not done again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.domain.access import Actor
from shared.domain.errors import IdempotencyMismatch, RequestInProgress
from shared.repositories.idempotency import IdempotencyRepository, KeptAnswer, KeyTaken
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class Idempotency:
    answers: IdempotencyRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def start(self, actor: Actor, key: str, request: bytes) -> KeptAnswer | None:
        """Reserve a key for a request, or give the answer kept for it.

        Raises: IdempotencyMismatch for another request under the same key; RequestInProgress while the first
            is still being answered.
        """
        fingerprint = hashlib.sha256(request).hexdigest()
        try:
            with self.begin().as_upkeep() as work:
                self.answers.reserve(actor.org_id, actor.id, key, fingerprint, self.mint.now(), work)
        except KeyTaken:
            return self._kept(actor, key, fingerprint)
        return None

    def finish(self, actor: Actor, key: str, status: int, body: str) -> None:
        with self.begin().as_upkeep() as work:
            self.answers.keep(actor.org_id, actor.id, key, status, body, work)

    def release(self, actor: Actor, key: str) -> None:
        """The request was refused and nothing was written: the key is free again."""
        with self.begin().as_upkeep() as work:
            self.answers.release(actor.org_id, actor.id, key, work)

    def _kept(self, actor: Actor, key: str, fingerprint: str) -> KeptAnswer:
        kept = self.answers.find(actor.org_id, actor.id, key)
        if kept is None or (kept.status is None and kept.fingerprint == fingerprint):
            raise RequestInProgress
        if kept.fingerprint != fingerprint:
            raise IdempotencyMismatch
        return kept
