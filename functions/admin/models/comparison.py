"""The differences of two versions on the wire."""

from typing import Annotated

from pydantic import Field

from functions.admin.models.version import FileRead, VersionRead
from shared.domain.config_object import Json
from shared.domain.differences import Change, FileDifference
from shared.http.models import Input, Output
from shared.http.path_ids import VersionIdOrLatest
from shared.services.object_comparison import Comparison


class ComparisonQuery(Input):
    before: Annotated[VersionIdOrLatest, Field(alias="from", description="A version's id, or `latest`.")]
    after: Annotated[VersionIdOrLatest, Field(alias="to", description="A version's id, or `latest`.")]


class FieldDifferenceRead(Output):
    """A field of the payload; a side that lacks it is null. `truncated`: a value is longer than is shown."""

    path: str
    before: Json
    after: Json
    truncated: bool


class FileDifferenceRead(Output):
    """`diff` is a unified diff; null for a binary, for a change of mode alone, and beyond the limits (`truncated`)."""

    path: str
    change: Change
    before: FileRead | None
    after: FileRead | None
    binary: bool
    diff: str | None
    truncated: bool

    @classmethod
    def of(cls, one: FileDifference) -> "FileDifferenceRead":
        sides = [FileRead.of(side) if side is not None else None for side in (one.before, one.after)]
        return cls(
            path=one.path,
            change=one.change,
            before=sides[0],
            after=sides[1],
            binary=one.binary,
            diff=one.diff,
            truncated=one.truncated,
        )


class ComparisonRead(Output):
    """Literal secrets never show: where they or the files that hold them differ, that alone is told."""

    before: Annotated[VersionRead, Field(alias="from")]
    after: Annotated[VersionRead, Field(alias="to")]
    fields: list[FieldDifferenceRead]
    files: list[FileDifferenceRead]
    sealed_changed: bool
    truncated: bool

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonRead":
        return cls(
            before=VersionRead.of(found.before),
            after=VersionRead.of(found.after),
            fields=[FieldDifferenceRead.of(one) for one in found.fields],
            files=[FileDifferenceRead.of(one) for one in found.files],
            sealed_changed=found.sealed_changed,
            truncated=found.truncated,
        )
