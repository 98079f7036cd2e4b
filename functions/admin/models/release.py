"""Releases on the wire."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from shared.domain.release import Comparison, Release, ReleaseContents, ReleaseItem, ReleaseKind
from shared.http.models import Input, Moment, Output
from shared.http.path_ids import ReleaseIdField
from shared.services.releases import ReleaseDraft


class ReleaseCreate(Input):
    version: Annotated[str | None, Field(max_length=64, description="Semantic; without it the next patch.")] = None
    notes: Annotated[str | None, Field(max_length=16_384)] = None

    def to_draft(self) -> ReleaseDraft:
        return ReleaseDraft(self.version, self.notes)


class ReleaseRead(Output):
    """`signature`: a compact JWS of the digest, by a key of `/.well-known/plugin-depot/keys.json`."""

    id: str
    plugin_id: str
    number: int
    version: str
    kind: ReleaseKind
    notes: str | None
    digest: str
    signature: str
    item_count: int
    created_at: Moment
    created_by: str


class ReleaseItemRead(Output):
    """`digest` is that of the files which clients get."""

    config_object_id: str
    type: str
    title: str
    version_id: str
    digest: str


class ReleaseDetail(ReleaseRead):
    items: list[ReleaseItemRead]

    @classmethod
    def of_release(cls, release: Release, contents: ReleaseContents) -> "ReleaseDetail":
        row = ReleaseRead.of(release)
        return cls(**dict(row), items=[ReleaseItemRead.of(one) for one in contents.items])


class ChangedItem(Output):
    before: ReleaseItemRead
    after: ReleaseItemRead


class ReleaseComparison(Output):
    """By config object: what came, what went, and what is delivered with other files."""

    added: list[ReleaseItemRead]
    removed: list[ReleaseItemRead]
    changed: list[ChangedItem]
    unchanged: int

    @classmethod
    def of_both(cls, found: Comparison) -> "ReleaseComparison":
        return cls(
            added=_all(found.added),
            removed=_all(found.removed),
            changed=[
                ChangedItem(before=ReleaseItemRead.of(was), after=ReleaseItemRead.of(now)) for was, now in found.changed
            ],
            unchanged=found.unchanged,
        )


class ComparisonQuery(Input):
    from_: Annotated[ReleaseIdField, Field(alias="from", description="The release to start from.")]
    to: Annotated[ReleaseIdField, Field(description="The release to compare it with.")]


def _all(items: Sequence[ReleaseItem]) -> list[ReleaseItemRead]:
    return [ReleaseItemRead.of(one) for one in items]
