"""Config objects on the wire."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from functions.admin.models.content import ContentInput
from shared.domain.config_object import ConfigObject, Json, ObjectStatus, SecretDelivery, SourceMode
from shared.domain.config_types.values import DESCRIPTION_LENGTH, TITLE_LENGTH
from shared.domain.errors import DepotError, Invalid
from shared.domain.search import MAX_QUERY
from shared.domain.staleness import ShownObject
from shared.http.cursors import PageQuery
from shared.http.models import DiagnosticRead, Input, Moment, Output, example
from shared.http.path_ids import InstanceIdField, PluginIdField
from shared.http.problem import invalid_request
from shared.services.config_objects import ObjectDraft
from shared.services.object_filter import ObjectFilter

TypeName = Annotated[str, Field(min_length=1, max_length=32, description="skill, agent, command, mcp, …")]

NewSourceMode = Literal["cloud", "import"]

SearchText = Annotated[
    str,
    Field(
        max_length=MAX_QUERY,
        description="Words that all must begin a word of the title, the description or the search text; "
        "the best answers first.",
    ),
]


class ListQuery(PageQuery):
    """What every list of config objects can be filtered by."""

    status: ObjectStatus | None = None
    source_mode: SourceMode | None = None
    plugin_id: PluginIdField | None = None
    connector_instance_id: InstanceIdField | None = None
    q: SearchText | None = None
    include_deleted: bool = False

    def filter_of(self, type_name: str | None, projection: Mapping[str, Json] = MappingProxyType({})) -> ObjectFilter:
        return ObjectFilter(
            type_name,
            self.status,
            self.source_mode,
            self.plugin_id,
            self.connector_instance_id,
            self.include_deleted,
            projection,
            self.q,
        )


class ObjectQuery(ListQuery):
    type: TypeName | None = None

    @property
    def filter(self) -> ObjectFilter:
        return self.filter_of(self.type)


class ViewCreate(Input):
    """A new object of the type that the path names."""

    source_mode: NewSourceMode = "cloud"
    plugin_ids: Annotated[tuple[PluginIdField, ...], Field(max_length=20)] = ()
    input: ContentInput

    def draft_of(self, type_name: str) -> ObjectDraft:
        return ObjectDraft(
            type_name, SourceMode(self.source_mode), self.input.to_draft(), tuple(dict.fromkeys(self.plugin_ids))
        )


class ConfigObjectCreate(ViewCreate):
    type: TypeName

    def to_draft(self) -> ObjectDraft:
        return self.draft_of(self.type)


def _or_refusal(value: object, read: ValidatorFunctionWrapHandler) -> "ConfigObjectCreate | Invalid":
    """A wrong item is refused by itself, as it would be alone."""
    try:
        created: ConfigObjectCreate = read(value)
    except ValidationError as error:
        return invalid_request([{**one, "loc": ("body", *one["loc"])} for one in error.errors()])
    return created


class ConfigObjectBulk(Input):
    items: Annotated[
        list[Annotated[ConfigObjectCreate, WrapValidator(_or_refusal)]], Field(min_length=1, max_length=100)
    ]

    def to_drafts(self) -> list[ObjectDraft | DepotError]:
        return [_draft_or_refusal(one) for one in self.items]


def _draft_or_refusal(item: ConfigObjectCreate | Invalid) -> ObjectDraft | DepotError:
    if isinstance(item, Invalid):
        return item
    try:
        return item.to_draft()
    except DepotError as refusal:
        return refusal


class ConfigObjectPatch(Input):
    """Fields that are left out stay; null takes away what was written here.

    `secretDelivery`: how clients are given the literal secrets of an MCP server; only managers choose it.
    """

    model_config = example(description="Searches our wiki.")

    title: Annotated[str | None, Field(min_length=1, max_length=TITLE_LENGTH)] = None
    description: Annotated[str | None, Field(max_length=DESCRIPTION_LENGTH)] = None
    secret_delivery: SecretDelivery | None = None

    def to_changes(self) -> dict[str, str | None]:
        return {name: getattr(self, name) for name in self.model_fields_set - {"secret_delivery"}}


class ConfigObjectRead(Output):
    """The current state. `description` may be derived from the first sentence; `projection` is the type's own.

    `stale`: nothing comes from its source any more, for `staleReason`; what came before stays, and is delivered.

    `headVersionId` is what is delivered; `latestVersionId` the newest of all, which may be a deletion.
    """

    id: str
    type: str
    source_mode: SourceMode
    title: str
    slug: str
    description: str | None
    description_derived: bool
    status: ObjectStatus
    file_name: str | None
    extension: str | None
    relative_path: str | None
    connector_instance_id: str | None
    target_id: str | None
    projection: dict[str, Json]
    diagnostics: list[DiagnosticRead]
    diverged: bool
    stale: bool
    stale_reason: str | None
    head_version_id: str | None
    head_digest: str | None
    latest_version_id: str | None
    plugin_ids: list[str]
    secret_delivery: SecretDelivery
    created_at: Moment
    updated_at: Moment
    created_by: str
    deleted_at: Moment | None

    @classmethod
    def of(cls, shown: ShownObject) -> "ConfigObjectRead":
        entity, why = shown.config_object, shown.stopped
        source = entity.source
        return cls(
            **{name: getattr(entity, name) for name in _SAME},
            connector_instance_id=source.connector_instance_id if source else None,
            target_id=source.target_id if source else None,
            projection=dict(entity.projection),
            diagnostics=[DiagnosticRead.of(one) for one in entity.diagnostics],
            stale=why is not None,
            stale_reason=why.reason if why else None,
            plugin_ids=sorted(entity.plugin_ids),
        )

    @classmethod
    def of_new(cls, entity: ConfigObject) -> "ConfigObjectRead":
        """Of one that was just made here: it has no source that could have stopped."""
        return cls.of(ShownObject(entity))


_SAME = ConfigObjectRead.model_fields.keys() - {
    "connector_instance_id",
    "target_id",
    "projection",
    "diagnostics",
    "stale",
    "stale_reason",
    "plugin_ids",
}
