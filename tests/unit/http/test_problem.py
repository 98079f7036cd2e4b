"""The table of errors and statuses."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest

from shared.domain import errors
from shared.http.problem import status_of


def _every_class(root: type[errors.DepotError]) -> Iterator[type[errors.DepotError]]:
    for child in root.__subclasses__():
        yield child
        yield from _every_class(child)


@pytest.mark.parametrize(
    "kind", [each for each in _every_class(errors.DepotError) if each.__module__ == errors.__name__]
)
def test_every_refusal_has_a_status(kind: type[errors.DepotError]) -> None:
    """Damaged content alone is a fault of ours that is named."""
    is_ours = status_of(kind.__new__(kind)) == HTTPStatus.INTERNAL_SERVER_ERROR

    assert is_ours == (kind is errors.Damaged)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidCursor(), 400),
        (errors.Unauthenticated("no"), 401),
        (errors.MissingRole("no"), 403),
        (errors.NotFound("plugin"), 404),
        (errors.NameTaken("a", "b"), 409),
        (errors.Stale(), 412),
        (errors.TooLarge("no"), 413),
        (errors.UnsupportedMedia("no"), 415),
        (errors.IdempotencyMismatch(), 422),
        (errors.RateLimited("no", 1), 503),
        (ValueError("ours"), 500),
    ],
)
def test_the_nearest_class_decides(error: Exception, status: int) -> None:
    assert status_of(error) == status
