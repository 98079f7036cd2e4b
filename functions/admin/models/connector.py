"""Connector accounts, instances, targets and mappings on the wire."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.domain.connector import AccountStatus, InstanceStatus, TargetHealth
from shared.http.models import Input, Moment, Output
from shared.http.path_ids import AccountIdField, PluginIdField
from shared.services.connectors import MappingDraft, TargetDraft

TypeName = Annotated[str, Field(max_length=32, description="`github` is what this deployment supports.")]


class AccountCreate(Input):
    """`remoteId`: the GitHub App installation, which the org must have been allowed to bind."""

    type: TypeName = "github"
    remote_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]


class AccountRead(Output):
    id: str
    type: str
    remote_id: str
    login: str
    account_type: str
    repository_selection: str
    permissions: dict[str, str]
    status: AccountStatus
    created_at: Moment
    updated_at: Moment
    created_by: str


class InstanceCreate(Input):
    account_id: AccountIdField
    name: Annotated[str, StringConstraints(min_length=1, max_length=128, strip_whitespace=True)]
    type: Literal["github"] = "github"


class InstanceRead(Output):
    id: str
    account_id: str
    type: str
    name: str
    status: InstanceStatus
    last_synced_at: Moment | None
    last_sync_status: str | None
    last_attempted_revision: str | None
    created_at: Moment
    updated_at: Moment
    created_by: str


class TargetCreate(Input):
    """Without a branch the repository's default branch is tracked."""

    repository_full_name: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,100}/[\w.-]{1,100}$")]
    branch: Annotated[str | None, StringConstraints(min_length=1, max_length=255)] = None

    def to_draft(self) -> TargetDraft:
        return TargetDraft(self.repository_full_name, self.branch)


class TargetRead(Output):
    id: str
    instance_id: str
    type: str
    repository_id: int
    repository_full_name: str
    branch: str
    default_branch: str
    ref: str
    health: TargetHealth
    last_synced_revision: str | None
    next_check_at: Moment | None
    created_at: Moment
    updated_at: Moment
    created_by: str


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
    created_at: Moment
    updated_at: Moment
    created_by: str
