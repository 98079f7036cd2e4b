"""What a failing AWS call means, for every client at once: try again later, or a fault of ours.

botocore has retried by then. Its own errors go on as they are for what no repetition mends: refused conditions,
missing permissions, wrong requests.
"""

from typing import Any, Final

from botocore.exceptions import ConnectionError as AwsConnectionError
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, HTTPClientError

from shared.domain.errors import Retryable, Unanswered

_NOT_ASKED: Final = (ConnectTimeoutError, EndpointConnectionError)
_BUSY: Final = {
    "ThrottlingException",
    "ThrottlingError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
}


def translate_failures(session: Any) -> None:
    """Let the clients of a botocore session raise Retryable where the same call may succeed later."""
    session.register("after-call-error", _unreachable)
    session.register("after-call", _refused)


def _unreachable(exception: Exception, **_: Any) -> None:
    if isinstance(exception, _NOT_ASKED):
        raise Retryable("AWS cannot be reached at the moment.") from exception
    if isinstance(exception, AwsConnectionError | HTTPClientError):
        raise Unanswered("AWS did not answer; whether it acted is not known.") from exception


def _refused(http_response: Any, parsed: Any, **_: Any) -> None:
    if http_response.status_code < 300:
        return
    if parsed.get("Error", {}).get("Code") in _BUSY:
        raise Retryable("AWS is busy; repeat the request in a moment.")
    if http_response.status_code >= 500:
        raise Unanswered("AWS failed; whether it acted is not known.")
