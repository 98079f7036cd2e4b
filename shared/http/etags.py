"""ETags of rows (their revision, quoted) and the conditions that callers make of them.

What is told beside a row and changes without it, such as why it is stale, has a suffix: `"7-0a1b2c3d"`.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Header

from shared.domain.errors import Invalid

_TAG: Final = re.compile(r'"([0-9]{1,15})(?:-[0-9a-f]{8})?"')
NEVER: Final = -1
"""A revision that no row has: an ETag that is not ours matches nothing."""

IfMatch = Annotated[str | None, Header(alias="if-match", description="The ETag of the state to change.")]


def etag_of(revision: int, beside: Sequence[str] = ()) -> str:
    """`beside` is what is told beside the row."""
    suffix = hashlib.sha256("\n".join(beside).encode()).hexdigest()[:8]
    return f'"{revision}-{suffix}"' if beside else f'"{revision}"'


def matches_any(asked: str, etag: str) -> bool:
    """If-None-Match compares weakly (RFC 9110 §13.1.2): `*`, or any of a list."""
    tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
    return "*" in tags or etag in tags


def revision_of(if_match: str | None) -> int | None:
    """The revision that If-Match asks for; None when any will do.

    Compared strongly (RFC 9110 §13.1.1): a weak tag matches nothing. Raises: Invalid for a list of tags.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if "," in if_match:
        raise Invalid.field("If-Match", "give one ETag, or *")
    tag = _TAG.fullmatch(if_match.strip())
    return int(tag[1]) if tag else NEVER
