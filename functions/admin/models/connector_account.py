"""Connector accounts on the wire."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.domain.connector import AccountStatus, InstanceStatus
from shared.http.models import Input, Moment, Output
from shared.services.account_disconnection import DisconnectionPlan

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


class Disconnect(Input):
    """`dryRun` only tells what would happen."""

    dry_run: bool = False


class InstancePlanned(Output):
    id: str
    name: str
    status: InstanceStatus


class TargetPlanned(Output):
    id: str
    repository_full_name: str
    branch: str


class OutcomeRead(Output):
    """A plugin or a marketplace, whether it is archived or kept, and why."""

    id: str
    name: str
    archived: bool
    reason: str


class DisconnectionRead(Output):
    """Instances are archived and their targets stop; mappings and objects are kept, and the objects are `stale`.

    Plugins and marketplaces that discovery made are archived where nothing else depends on them; those that people
    made are kept. Nothing is deleted, and all of it can be restored.
    """

    account: AccountRead
    dry_run: bool
    archived_instances: list[InstancePlanned]
    stopped_targets: list[TargetPlanned]
    kept_mapping_ids: list[str]
    plugins: list[OutcomeRead]
    marketplaces: list[OutcomeRead]
    deleted_ids: list[str]

    @classmethod
    def of_plan(cls, plan: DisconnectionPlan, *, dry_run: bool) -> "DisconnectionRead":
        return cls(
            account=AccountRead.of(plan.account),
            dry_run=dry_run,
            archived_instances=[InstancePlanned.of(one) for one in plan.instances],
            stopped_targets=[TargetPlanned.of(one) for one in plan.targets],
            kept_mapping_ids=list(plan.mapping_ids),
            plugins=[OutcomeRead.of(one) for one in plan.plugins],
            marketplaces=[OutcomeRead.of(one) for one in plan.marketplaces],
            deleted_ids=[],
        )
