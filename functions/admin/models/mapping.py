"""Mappings on the wire."""

from typing import Annotated, Any

from pydantic import Field

from shared.domain.connector import MappingOrigin
from shared.http.models import DiagnosticRead, Input, Moment, Output, example
from shared.http.path_ids import PluginIdField
from shared.services.mappings import MappingDraft

Selector = Annotated[str, Field(min_length=1, max_length=1024)]
TypeName = Annotated[str, Field(min_length=1, max_length=32)]
ParserMode = Annotated[str | None, Field(max_length=32)]


class MappingCreate(Input):
    """`selector`: a gitignore-like pattern of entry files, rooted by a leading `/`."""

    selector: Selector
    object_type: TypeName
    plugin_id: PluginIdField | None = None
    auto_add_to_plugin: bool = True
    parser_mode: ParserMode = None

    def to_draft(self) -> MappingDraft:
        return MappingDraft(self.selector, self.object_type, self.plugin_id, self.auto_add_to_plugin, self.parser_mode)


class MappingBulk(Input):
    """Up to 100; a refused one stops no other."""

    items: Annotated[list[MappingCreate], Field(min_length=1, max_length=100)]


class MappingPatch(Input):
    """What is left out stays; `pluginId` null takes the mapping from its plugin, and its objects with it."""

    model_config = example(selector="/skills/*/SKILL.md", pluginId=None)

    selector: Selector = ""
    object_type: TypeName = ""
    plugin_id: PluginIdField | None = None
    auto_add_to_plugin: bool = True
    parser_mode: ParserMode = None

    def to_changes(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class MappingPreviewInput(Input):
    """What the mapping would be; empty for what it is."""

    model_config = example(selector="/skills/*/SKILL.md")

    selector: Selector = ""
    object_type: TypeName = ""
    parser_mode: ParserMode = None

    def to_changes(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class MappingRead(Output):
    id: str
    target_id: str
    selector: str
    object_type: str
    plugin_id: str | None
    auto_add_to_plugin: bool
    parser_mode: str | None
    origin: MappingOrigin
    created_at: Moment
    updated_at: Moment
    created_by: str


class PreviewedUnitRead(Output):
    """`change` is what a sync would do: create, keep (the identity, updated), or replace one of another type."""

    locator: str
    type: str
    title: str
    description: str | None
    change: str
    config_object_id: str | None
    diagnostics: list[DiagnosticRead]


class MappingPreviewRead(Output):
    """`paths` are the first 200 of those `matched`, `units` the first 20 of those `found`."""

    revision: str
    matched: int
    paths: list[str]
    found: int
    units: list[PreviewedUnitRead]
    diagnostics: list[DiagnosticRead]
