"""Mappings on the wire."""

from typing import Annotated

from pydantic import Field

from shared.domain.connector import MappingOrigin
from shared.http.models import Input, Moment, Output
from shared.http.path_ids import PluginIdField
from shared.services.mappings import MappingDraft


class MappingCreate(Input):
    """`selector`: a gitignore-like pattern of entry files, rooted by a leading `/`."""

    selector: Annotated[str, Field(min_length=1, max_length=1024)]
    object_type: Annotated[str, Field(min_length=1, max_length=32)]
    plugin_id: PluginIdField | None = None
    auto_add_to_plugin: bool = True
    parser_mode: Annotated[str | None, Field(max_length=32)] = None

    def to_draft(self) -> MappingDraft:
        return MappingDraft(self.selector, self.object_type, self.plugin_id, self.auto_add_to_plugin, self.parser_mode)


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
