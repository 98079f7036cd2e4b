"""What belongs to a plugin, on the wire."""

from typing import Annotated

from pydantic import Field

from functions.admin.models.config_object import ConfigObjectRead
from functions.admin.models.plugin import PluginRead
from functions.admin.models.version import FileRead
from shared.domain.plugin import MembershipSource
from shared.http.models import Input, Moment, Output
from shared.http.path_ids import ConfigObjectIdField, PluginIdField
from shared.services.object_plugins import ObjectMembership
from shared.services.plugins import PluginMember
from shared.services.resolution import ResolvedMember


class MembershipCreate(Input):
    config_object_id: ConfigObjectIdField


class MembershipBulk(Input):
    items: Annotated[list[MembershipCreate], Field(min_length=1, max_length=100)]


class MembershipRead(Output):
    plugin_id: str
    config_object_id: str
    source: MembershipSource
    mapping_id: str | None
    created_at: Moment
    created_by: str
    removed_at: Moment | None


class MemberRead(MembershipRead):
    """A membership with the object's current state."""

    config_object: ConfigObjectRead

    @classmethod
    def of(cls, member: PluginMember) -> "MemberRead":
        row = MembershipRead.of(member.membership)
        return cls(**dict(row), config_object=ConfigObjectRead.of(member.shown))


class PluginJoin(Input):
    plugin_id: PluginIdField


class ObjectPluginRead(MembershipRead):
    """A membership with the plugin that it is in."""

    plugin: PluginRead

    @classmethod
    def of(cls, member: ObjectMembership) -> "ObjectPluginRead":
        row = MembershipRead.of(member.membership)
        return cls(**dict(row), plugin=PluginRead.of(member.plugin))


class ResolvedRead(Output):
    """A delivered member: which version of it, and that version's files."""

    config_object_id: str
    type: str
    title: str
    description: str | None
    version_id: str
    digest: str
    files: list[FileRead]

    @classmethod
    def of(cls, member: ResolvedMember) -> "ResolvedRead":
        entity, version = member.config_object, member.version
        return cls(
            config_object_id=entity.id,
            type=entity.type,
            title=entity.title,
            description=entity.description,
            version_id=version.id,
            digest=version.digest,
            files=[FileRead.of(file) for file in version.files],
        )
