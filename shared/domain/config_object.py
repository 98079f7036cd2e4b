"""A config object: one installable unit with a stable identity, and its immutable versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from shared.domain.access import Role
from shared.domain.content import FileEntry
from shared.domain.diagnostics import Diagnostic, Severity
from shared.domain.errors import Conflict

LATEST: Final = "latest"
"""Asked for in place of a version's id: the newest one."""

Json = Any
"""A JSON value: the shape of a type's payload and projection belongs to the type."""


class SourceMode(StrEnum):
    CLOUD = "cloud"
    IMPORT = "import"
    CONNECTOR = "connector"


class CreatedVia(StrEnum):
    CLOUD = "cloud"
    IMPORT = "import"
    CONNECTOR = "connector"
    SYSTEM = "system"


class ObjectStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    DELETED = "deleted"
    ARCHIVED = "archived"
    INGESTION_ERROR = "ingestion_error"


class SecretDelivery(StrEnum):
    """How clients are given literal secrets: as variables to set, or, by a manager's choice, as they are."""

    PLACEHOLDER = "placeholder"
    LITERAL = "literal"


DELIVERED = frozenset({ObjectStatus.ACTIVE, ObjectStatus.INGESTION_ERROR})
"""An object whose newest source is broken keeps delivering its last good version."""

MAX_PLUGINS: Final = 90
"""That one object may be in: a change of what it delivers tells them all, in one transaction of at most 100 rows."""

PUT_ASIDE = frozenset({ObjectStatus.ARCHIVED, ObjectStatus.INACTIVE})
"""Somebody decided so: new content is kept as versions and changes nothing about that."""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """Where a connector object lives: its identity is the locator, never the name inside the file."""

    connector_instance_id: str
    target_id: str
    locator: str


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable content. `payload` is loaded on its own: lists and delivery never need it.

    `payload_sha256` names the normalized payload (JSON) in content storage; None for a deletion.
    `sealed` names the envelope of the files as they were handed in, where they hold literal secrets; `files` are then
    those that everybody is shown, with placeholders.
    """

    id: str
    config_object_id: str
    org_id: str
    digest: str
    files: Sequence[FileEntry]
    schema_version: int
    created_via: CreatedVia
    created_at: datetime
    created_by: str
    entry_path: str | None = None
    parser_mode: str | None = None
    payload_sha256: str | None = None
    sealed: str | None = None
    reason: str | None = None
    sync_event_id: str | None = None
    source_revision: str | None = None
    is_deletion: bool = False
    diagnostics: Sequence[Diagnostic] = ()


@dataclass(frozen=True, slots=True)
class ObjectHead:
    """What delivery needs of a config object: a few of its row's attributes, read for every member of a plugin."""

    id: str
    type: str
    title: str
    slug: str
    status: ObjectStatus
    head_version_id: str | None = None
    secret_delivery: SecretDelivery = SecretDelivery.PLACEHOLDER

    @property
    def delivered_version_id(self) -> str | None:
        """The version that clients are given; None for what is not delivered."""
        return self.head_version_id if self.status in DELIVERED else None


@dataclass(frozen=True, slots=True)
class ConfigObject:
    """The current state. `revision` counts writes and is the row's ETag.

    `grants` and `plugin_ids` ride on the row (kept in the transaction that writes the grant or the
    membership), so that "may this caller see it" never costs a query.
    `head_version_id` is the newest good version: what delivery gives. `latest_version_id` is the newest of all,
    which may be a deletion; new ids grow from it. `own_metadata` is what people wrote here because the source
    does not say it (`config_types.metadata`); `title` and `description` show it.
    `indexed` are the search terms whose postings exist (`domain.search`), one blank between them;
    `unindexed_since` is when they stopped being those of the row.
    """

    id: str
    org_id: str
    type: str
    source_mode: SourceMode
    title: str
    slug: str
    status: ObjectStatus
    created_at: datetime
    updated_at: datetime
    created_by: str
    description: str | None = None
    description_derived: bool = False
    file_name: str | None = None
    extension: str | None = None
    relative_path: str | None = None
    source: SourceLocation | None = None
    projection: Mapping[str, Json] = field(default_factory=dict)
    search_text: str = ""
    own_metadata: Mapping[str, str] = field(default_factory=dict)
    diagnostics: Sequence[Diagnostic] = ()
    diverged: bool = False
    head_version_id: str | None = None
    head_digest: str | None = None
    latest_version_id: str | None = None
    plugin_ids: frozenset[str] = frozenset()
    grants: Mapping[str, Role] = field(default_factory=dict)
    deleted_at: datetime | None = None
    secret_delivery: SecretDelivery = SecretDelivery.PLACEHOLDER
    indexed: str = ""
    unindexed_since: datetime | None = None
    revision: int = 1

    @property
    def feeders(self) -> tuple[str, ...]:
        """The target that it comes from, if it comes from one."""
        return (self.source.target_id,) if self.source else ()

    @property
    def is_delivered(self) -> bool:
        return self.head.delivered_version_id is not None

    @property
    def searchable(self) -> str:
        """What a search matches: what the source says, and what people wrote beside it."""
        return " ".join(part for part in (self.search_text, *self.own_metadata.values()) if part)

    @property
    def status_by_content(self) -> ObjectStatus:
        """What it is once nobody has put it aside: broken, where the newest source was refused or never loaded."""
        broken = any(note.severity is Severity.ERROR for note in self.diagnostics)
        return ObjectStatus.INGESTION_ERROR if broken or self.head_version_id is None else ObjectStatus.ACTIVE

    def require_not_deleted(self) -> None:
        """Raises: Conflict."""
        if self.status == ObjectStatus.DELETED:
            raise Conflict("This config object is deleted; restore it first.")

    @property
    def head(self) -> ObjectHead:
        about = (self.id, self.type, self.title, self.slug)
        return ObjectHead(*about, self.status, self.head_version_id, self.secret_delivery)
