"""What a unit of work leaves behind: one audit event, in the same transaction as that which it tells of.

The event is read off the occasion (who, what for) and off the steps themselves (which rows), so there is no write
without it and nothing for a use case to forget. Of what is written it keeps ids and the few attributes in `_TOLD`,
which hold no text of anybody's.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from shared.domain.access import Role
from shared.domain.audit import AuditActor, AuditActorKind, AuditEvent, Occasion, Outcome
from shared.domain.errors import Conflict
from shared.domain.ids import is_id, moment_of
from shared.repositories import keys
from shared.repositories.codec import assignments, plain, timestamp
from shared.repositories.keys import Key
from shared.repositories.unit_of_work import ABSENT, Condition, Step, UnitOfWork

MAX_TOUCHED: Final = 100
"""Ids of further things that one event names: more than a transaction can change."""

_TOLD: Final = frozenset(
    ("role", "status", "kind", "type", "principal", "delivery_mode", "secret_delivery", "scopes", "removed_at")
)
_NAMES: Final = frozenset(("NAME", "PLGNAME", "SLUG", "MKTSLUG", "EMAIL", "PERSON", "IDEM", "IDX", "CLAIM"))
"""Guard rows: their keys hold what people chose, which may look like an id."""


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """`new_id` makes an audit event's id, whose time is the event's; `kept` is how long its row stays."""

    occasion: Occasion
    new_id: Callable[[], str] = field(repr=False)
    kept: timedelta

    def on(self, change: Callable[[Occasion], Occasion]) -> "AuditTrail":
        return replace(self, occasion=change(self.occasion))

    def record(self, work: UnitOfWork) -> None:
        """Add the event to what it tells of; a unit of work that changes nothing leaves none."""
        written = [step for step in work.steps if step.writes]
        if written:
            add_event(self._event(written), self.kept, work)

    def _event(self, written: Sequence[Step]) -> AuditEvent:
        org_id = self.occasion.org_id or next(filter(None, map(_org_of, written)), None)
        if org_id is None:
            raise AssertionError(f"{written[0].key} is written for no org that anybody could name")
        lead = next((step for step in written if any(_ids(step.key))), written[0])
        named = [each for step in written for each in _ids(step.key)]
        resource = self.occasion.resource or next(iter(named), org_id)
        touched = [each for each in dict.fromkeys(named) if each != resource][:MAX_TOUCHED]
        event_id = self.new_id()
        return AuditEvent(
            id=event_id,
            org_id=org_id,
            actor=self.occasion.actor or _creator(written),
            action=self.occasion.action,
            outcome=Outcome.DONE,
            resource=resource,
            request_id=self.occasion.request_id,
            created_at=moment_of(event_id),
            metadata={**_told(lead), **({"touched": touched} if touched else {}), **self.occasion.metadata},
        )


def add_event(event: AuditEvent, kept: timedelta, work: UnitOfWork) -> None:
    """Written as an update of a row that is not there: delivery may do no more than that."""
    at = timestamp(event.created_at)
    place = keys.audit_place(at, event.id)
    work.update(
        keys.audit_event(event.org_id, at, event.id),
        assign={
            **assignments(event),
            "list_pk": keys.audit_listing(event.org_id, event.actor.id),
            "list_sk": place,
            "edge_pk": keys.audit_edge(event.org_id, event.resource),
            "edge_sk": place,
            "expires_at": int((event.created_at + kept).timestamp()),
        },
    )


def guard_refusal(kind: tuple[str, ...], at: datetime, work: UnitOfWork) -> None:
    """One refusal of a kind, which ends with the hour, is told. Raises: Conflict, on commit, for every other one.

    An update like the event: delivery may do no more than that.
    """
    org_id, *rest, hour = kind
    what = hashlib.sha256("\n".join(rest).encode()).hexdigest()[:32]
    ends = int((at + timedelta(hours=2)).timestamp())
    told = Conflict("This refusal was told already.")
    work.update(keys.refusal(org_id, what, hour), assign={"expires_at": ends}, when=Condition(ABSENT), otherwise=told)


def _told(step: Step) -> dict[str, Any]:
    told = {name: plain(step.fields[name]) for name in sorted(_TOLD & step.fields.keys())}
    # On a grant's row roles are numbers, so that they can be compared.
    told |= {"role": Role(told["role"]).word} if isinstance(told.get("role"), int) else {}
    return {_as_api_calls(name): value for name, value in told.items()}


def _as_api_calls(attribute: str) -> str:
    """Events are read through the API and on the company's bus: there an attribute is called as in its resource."""
    first, *rest = attribute.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _ids(key: Key) -> Iterator[str]:
    """The ids in a row's key, the org's aside; that of the thing itself is the first."""
    if key.pk.partition("#")[0] not in _NAMES:
        parts = (*key.pk.split("#"), *key.sk.split("#"))
        yield from (part for part in parts if is_id(part) and not part.startswith("org_"))


def _org_of(step: Step) -> str | None:
    """The org of a row: named by its key, by its fields, or by what is required of it."""
    parts = (*step.key.pk.split("#"), *step.key.sk.split("#"))
    found = [part for part in parts if part.startswith("org_") and is_id(part)]
    required = step.request.get("ExpressionAttributeValues", {}).get(":org_id", {})
    return next(iter(found), None) or _text(step.fields.get("org_id")) or _text(required)


def _creator(written: Sequence[Step]) -> AuditActor:
    named = (_text(step.fields.get("created_by")) for step in written)
    return AuditActor(AuditActorKind.MEMBER, next(filter(None, named), "unknown"))


def _text(value: Any) -> str | None:
    text: str | None = (value or {}).get("S")
    return text
