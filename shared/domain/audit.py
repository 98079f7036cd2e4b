"""Who did what: the record of a change or of a refusal, and the occasion on which it comes about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from shared.domain.access import Actor, ActorKind


class AuditActorKind(StrEnum):
    MEMBER = "member"
    TOKEN = "token"  # noqa: S105  # a kind of actor
    CONNECTOR = "connector"
    SYSTEM = "system"


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AuditActor:
    """`id`: the member, the service or delivery token, the sync event of a connector, or the system's function."""

    kind: AuditActorKind
    id: str

    @classmethod
    def of(cls, actor: Actor) -> "AuditActor":
        """Whoever a credential is: a personal token is its member."""
        return cls(_KINDS[actor.kind], actor.id)


_KINDS: Final = {
    ActorKind.MEMBER: AuditActorKind.MEMBER,
    ActorKind.SERVICE: AuditActorKind.TOKEN,
    ActorKind.DELIVERY: AuditActorKind.TOKEN,
    ActorKind.CONNECTOR: AuditActorKind.CONNECTOR,
    ActorKind.SYSTEM: AuditActorKind.SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why something is written now: what was asked for, by whom, in which request.

    `action` is the operation's name in the API's description, or the operator's. An actor of None is a person who is in
    no org yet: whoever the written row names as its creator. Without an org or a resource the written rows tell it.
    `metadata` holds ids, enumerations and counts, never what somebody wrote.
    """

    action: str
    request_id: str
    actor: AuditActor | None
    org_id: str | None = None
    resource: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """`resource` is an id, whose prefix tells its kind; `metadata.touched` are further ids that the change names."""

    id: str
    org_id: str
    actor: AuditActor
    action: str
    outcome: Outcome
    resource: str
    request_id: str
    created_at: datetime
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is None is not asked about; `since` is included, `until` is not."""

    actor: str | None = None
    action: str | None = None
    resource: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def fits(self, event: AuditEvent) -> bool:
        """By all but time, which is part of the events' keys."""
        asked = (self.actor, self.action, self.resource)
        said = (event.actor.id, event.action, event.resource)
        return all(want is None or want == have for want, have in zip(asked, said, strict=True))
