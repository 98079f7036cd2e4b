"""Every way a request can be refused, drawn as one tree.

    DepotError
    ├── Invalid               the input is wrong, field by field
    │   └── InvalidCursor     a page cursor that this deployment did not sign
    ├── Unauthenticated       nobody we know is asking
    │   └── RefusedToken          … any more, or with a wrong secret
    ├── Forbidden             may be seen, may not be done
    │   ├── MissingCapability     … org-wide
    │   └── MissingRole           … on this resource
    ├── NotFound              unknown, foreign or hidden: one answer, so that none can be told apart
    │   ├── StrayToken            … an org that is not the token's
    │   └── Unclaimed             … an installation without a claim
    ├── Conflict              the state of things does not allow it
    │   ├── LastOwner             … an org keeps one
    │   ├── Unmanaged             … so does every resource
    │   ├── NameTaken             … the same creator already uses the name
    │   ├── VersionTaken          … the plugin has a release of that version
    │   └── RequestInProgress     … the same idempotency key is being answered
    ├── Stale                 If-Match named an older state
    ├── IdempotencyMismatch   the key was used with another body
    ├── TooLarge              beyond a documented limit
    ├── UnsupportedMedia      a body in another format
    ├── Damaged               stored content is not what was stored
    ├── Unconfigured          this deployment lacks what the request needs
    ├── SourceUnavailable     a connector's source cannot be read: drawn in `shared.domain.source_errors`
    └── Retryable             the far side failed; the same call may succeed later
        ├── RateLimited           … not before a known time
        └── Unanswered            … it was asked to act, and nobody knows whether it did

Each class carries its `code`, stable and documented; HTTP statuses live in `shared.http.problem`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: `path` in dotted form, `message` with the way out."""

    path: str
    message: str


class DepotError(Exception):
    """The root: `code` names the cause, the message tells a person what to do."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False
    audited_as: ClassVar[str | None] = None
    """The reason that the audit trail tells, for refusals that somebody should hear of."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(DepotError):
    code = "invalid"

    def __init__(self, message: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.errors = tuple(errors)

    @classmethod
    def field(cls, path: str, message: str) -> "Invalid":
        """The common case of a single wrong field."""
        return cls(f"{path}: {message}", [FieldError(path, message)])


class InvalidCursor(Invalid):
    code = "invalid_cursor"

    def __init__(self) -> None:
        message = "is not a cursor of this list; start again without one"
        super().__init__(f"cursor: {message}", [FieldError("cursor", message)])


class Unauthenticated(DepotError):
    """`reason` is safe to show: it never repeats any part of the credential."""

    code = "unauthenticated"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class RefusedToken(Unauthenticated):
    """A token that we know, and that is not (or no longer) good; `why` is for its org alone."""

    audited_as = "refused_token"

    def __init__(self, reason: str, token_id: str, org_id: str, why: str) -> None:
        super().__init__(reason)
        self.token_id, self.org_id, self.why = token_id, org_id, why


class Forbidden(DepotError):
    code = "forbidden"
    audited_as = "forbidden"


class MissingCapability(Forbidden):
    code = "missing_capability"
    audited_as = "missing_capability"


class MissingRole(Forbidden):
    code = "missing_role"
    audited_as = "missing_role"


class NotFound(DepotError):
    code = "not_found"

    def __init__(self, kind: str) -> None:
        super().__init__(f"No such {kind}.")


class StrayToken(NotFound):
    """A good token at another org than its own, which for it is none."""

    audited_as = "another_organization"

    def __init__(self, token_id: str, org_id: str) -> None:
        super().__init__("organization")
        self.token_id, self.org_id = token_id, org_id


class Unclaimed(NotFound):
    """An installation that the org has no claim to, whether there is one or not."""

    audited_as = "foreign_installation"


class Conflict(DepotError):
    code = "conflict"


class LastOwner(Conflict):
    audited_as = "last_owner"


class Unmanaged(Conflict):
    audited_as = "last_manager"


class NameTaken(Conflict):
    code = "name_taken"

    def __init__(self, name: str, existing_id: str) -> None:
        super().__init__(f"The name {name!r} is already used by {existing_id}; choose another or update that one.")
        self.existing_id = existing_id


class VersionTaken(Conflict):
    code = "version_taken"

    def __init__(self, version: str) -> None:
        super().__init__(f"This plugin has a release {version} already; releases never change, so choose another.")


class RequestInProgress(Conflict):
    code = "request_in_progress"

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key is still being answered; repeat it in a moment.")


class Stale(DepotError):
    code = "stale"

    def __init__(self) -> None:
        super().__init__("It changed since you read it; read it again and repeat with its new ETag.")


class IdempotencyMismatch(DepotError):
    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used with another request; use a new key.")


class TooLarge(DepotError):
    code = "too_large"


class UnsupportedMedia(DepotError):
    code = "unsupported_media_type"


class Damaged(DepotError):
    code = "content_damaged"


class Unconfigured(DepotError):
    code = "not_configured"


class Retryable(DepotError):
    code = "unavailable"
    retryable = True


class RateLimited(Retryable):
    """`retry_after` in seconds, as the far side asked."""

    code = "rate_limited"

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unanswered(Retryable):
    code = "unanswered"


@contextmanager
def naming(place: str) -> Iterator[None]:
    """Refusals of one part of a request say which part it is: `place` comes before every field."""
    try:
        yield
    except Invalid as error:
        fields = [FieldError(f"{place}.{one.path}", one.message) for one in error.errors]
        raise Invalid(f"{place}: {error.message}", fields) from error
    except TooLarge as error:
        raise TooLarge(f"{place}: {error.message}") from error
