"""Security-relevant refusals as audit events: the first of each kind in an hour, however many follow."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from shared.domain.audit import AuditEvent, Occasion, Outcome
from shared.domain.errors import Conflict
from shared.domain.ids import moment_of
from shared.repositories.audit_trail import add_event, guard_refusal
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint

_REMEMBERED: Final = 1024
"""Kinds of refusal that a process knows to be told; beyond them it asks the table again."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """A caller who is refused again and again costs one write an hour, and in this process not even a call."""

    kept: timedelta
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)
    told: set[tuple[str, ...]] = field(default_factory=set, repr=False)

    def note(self, occasion: Occasion, reason: str) -> None:
        """Whoever acts in the occasion was refused its action on its resource, for this reason."""
        if occasion.org_id is None or occasion.actor is None:
            return
        event_id = self.mint.new_id("aud")
        at = moment_of(event_id)
        resource = occasion.resource or occasion.org_id
        kind = (occasion.org_id, occasion.actor.id, occasion.action, resource, reason, f"{at:%Y-%m-%dT%H}")
        if kind in self.told:
            return
        metadata = {**occasion.metadata, "reason": reason}
        event = AuditEvent(
            event_id, occasion.org_id, occasion.actor, occasion.action, Outcome.REFUSED, resource,
            occasion.request_id, at, metadata,
        )  # fmt: skip
        with suppress(Conflict), self.begin().as_upkeep() as work:
            guard_refusal(kind, at, work)
            add_event(event, self.kept, work)
        if len(self.told) >= _REMEMBERED:
            self.told.clear()
        self.told.add(kind)
