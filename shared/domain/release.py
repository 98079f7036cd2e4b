"""A release: an immutable, numbered and signed snapshot of what a plugin delivered."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.config_object import ObjectHead, ObjectStatus

MAX_ITEMS: Final = 5_000
"""Config objects in one release: a manifest of more would not fit an answer."""


class ReleaseKind(StrEnum):
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class PromotedRelease:
    """What a plugin's row keeps of the release that it delivers; `contents_sha256` names what is in it."""

    id: str
    number: int
    version: str
    contents_sha256: str
    signature: str


@dataclass(frozen=True, slots=True)
class Release:
    """`digest` is that of the manifest which clients are given; `signature` a compact JWS over `statement`.

    The items are kept in content storage under `contents_sha256`: thousands would outgrow a row.
    """

    id: str
    org_id: str
    plugin_id: str
    number: int
    version: str
    kind: ReleaseKind
    digest: str
    item_count: int
    contents_sha256: str
    signature: str
    created_at: datetime
    created_by: str
    notes: str | None = None

    @property
    def promoted(self) -> PromotedRelease:
        return PromotedRelease(self.id, self.number, self.version, self.contents_sha256, self.signature)


@dataclass(frozen=True, slots=True)
class ReleaseItem:
    """`digest` is that of the delivered files; title and slug are kept as they were, whatever becomes of the object."""

    config_object_id: str
    type: str
    title: str
    slug: str
    version_id: str
    digest: str

    @property
    def head(self) -> ObjectHead:
        """The object as it was released: delivered, though it may be deleted by now."""
        status = ObjectStatus.ACTIVE
        return ObjectHead(self.config_object_id, self.type, self.title, self.slug, status, self.version_id)


@dataclass(frozen=True, slots=True)
class ReleaseContents:
    """Everything that a release's manifest is made of; items in the order of their objects' ids."""

    description: str | None
    items: Sequence[ReleaseItem]

    def to_json(self) -> bytes:
        """Equal contents are equal bytes."""
        document = {"description": self.description, "items": [asdict(item) for item in self.items]}
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "ReleaseContents":
        document = json.loads(text)
        return cls(document["description"], tuple(ReleaseItem(**item) for item in document["items"]))


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changed` pairs what was with what is, for objects whose delivered files differ."""

    added: Sequence[ReleaseItem]
    removed: Sequence[ReleaseItem]
    changed: Sequence[tuple[ReleaseItem, ReleaseItem]]
    unchanged: int


def statement(org_id: str, plugin_id: str, release_id: str, number: int, version: str, digest: str) -> bytes:
    """What a release's signature vouches for; the digest stands for every delivered byte."""
    named = {
        "organization": org_id,
        "plugin": plugin_id,
        "release": release_id,
        "number": number,
        "version": version,
        "digest": digest,
    }
    return json.dumps(named, sort_keys=True, separators=(",", ":")).encode()


def compare(before: Sequence[ReleaseItem], after: Sequence[ReleaseItem]) -> Comparison:
    old = {item.config_object_id: item for item in before}
    new = {item.config_object_id: item for item in after}
    both = [(old[each], new[each]) for each in sorted(old.keys() & new.keys())]
    changed = [(was, now) for was, now in both if was.digest != now.digest]
    added = [new[each] for each in sorted(new.keys() - old.keys())]
    removed = [old[each] for each in sorted(old.keys() - new.keys())]
    return Comparison(added, removed, changed, len(both) - len(changed))
