"""The one log line of a request: who did what, how it ended, how long it took.

Never a token, a body, a path value or a query value: a path is logged by its template.
"""

from shared.http.request import Request
from shared.observability import logger


def log_request(current: Request, status: int, seconds: float) -> None:
    """`durationMs` with microseconds; an error that nobody foresaw comes with its traceback."""
    fields = {
        "requestId": current.id,
        "gatewayRequestId": current.gateway_id,
        "method": current.method,
        "route": current.route or "unknown",
        "status": status,
        "durationMs": round(seconds * 1000, 3),
        "orgId": current.actor.org_id if current.actor else None,
        "actorId": current.actor.id if current.actor else None,
    }
    if current.error is not None:
        logger().error("request", exc_info=current.error, extra=fields)
    else:
        logger().info("request", extra=fields)
