"""On which occasion this process writes: told once, at the edge of a function, for everything behind it."""

from contextvars import ContextVar
from typing import Final

from shared.domain.audit import AuditActor, AuditActorKind, Occasion

UNATTENDED: Final = Occasion("unattended", "none", AuditActor(AuditActorKind.SYSTEM, "depot"))
"""Where no function was asked for anything: a script, a test's preparation."""

_current: ContextVar[Occasion] = ContextVar("occasion", default=UNATTENDED)


def take_up(occasion: Occasion) -> None:
    """What is written from here on is written because of this."""
    _current.set(occasion)


def current_occasion() -> Occasion:
    return _current.get()


def by_system(function: str, action: str, request_id: str) -> Occasion:
    """What nobody in an org asked for: the operator, the clock, a webhook."""
    return Occasion(action, request_id, AuditActor(AuditActorKind.SYSTEM, function))
