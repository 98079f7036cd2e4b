"""Refusals of a request that belong into the audit trail, told in one place and after the answer is made."""

from dataclasses import replace

from shared.bootstrap import services
from shared.bootstrap.occasions import current_occasion
from shared.domain.audit import AuditActor, AuditActorKind, Occasion
from shared.domain.errors import DepotError, RefusedToken, StrayToken
from shared.http.occasions import occasion_of
from shared.http.request import Request
from shared.observability import logger


def tell_refusals(current: Request) -> None:
    """Never raises: the caller is refused whether it can be written down or not."""
    for error in {error.audited_as: error for error in current.refusals}.values():
        try:
            services().refusals.note(_occasion(current, error), error.audited_as or error.code)
        except Exception:  # noqa: BLE001  # the edge: what could not be told is in the log
            logger().exception("refusal", extra={"requestId": current.id, "code": error.code})


def _occasion(current: Request, error: DepotError) -> Occasion:
    known = current_occasion()
    if isinstance(error, RefusedToken | StrayToken):
        actor = AuditActor(AuditActorKind.TOKEN, error.token_id)
        why = {"why": error.why} if isinstance(error, RefusedToken) else {}
        return replace(known, actor=actor, org_id=error.org_id, resource=error.token_id, metadata=why)
    return occasion_of(current, known.action, known.resource)
