"""What a request is for the audit trail: who asks for which operation, on what."""

from shared.domain.audit import AuditActor, Occasion
from shared.http.request import Request

ADMIT = "admit"
"""What is done before a route is known: letting the caller in."""


def occasion_of(current: Request, action: str = ADMIT, resource: str | None = None) -> Occasion:
    """`resource` is the first id in the path; what is only being made has none there."""
    known = current.actor
    if known is None:
        return Occasion(action, current.id, None, resource=resource)
    actor = AuditActor.of(known)
    metadata = {"token": known.token_id} if known.token_id and known.token_id != actor.id else {}
    return Occasion(action, current.id, actor, known.org_id, resource, metadata)
