"""Connector instances on the wire."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.domain.connector import InstanceStatus
from shared.http.models import Input, Moment, Output, example
from shared.http.path_ids import AccountIdField

Name = Annotated[str, StringConstraints(min_length=1, max_length=128, strip_whitespace=True)]


class InstanceCreate(Input):
    account_id: AccountIdField
    name: Name
    type: Literal["github"] = "github"


class InstancePatch(Input):
    """Fields that are left out stay.

    `autoImport`: plugins that appear in a repository's marketplace.json later are taken in, those that disappear
    are archived.
    """

    model_config = example(name="Platform repositories", autoImport=True)

    name: Name = ""
    auto_import: bool = False

    def to_changes(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class InstanceRead(Output):
    id: str
    account_id: str
    type: str
    name: str
    status: InstanceStatus
    auto_import: bool
    last_synced_at: Moment | None
    last_sync_status: str | None
    last_attempted_revision: str | None
    created_at: Moment
    updated_at: Moment
    created_by: str


class JobRead(Output):
    id: str


class SyncsQueued(Output):
    """One job, a sync event, for each target; `job` is the first of them."""

    ok: Literal[True] = True
    queued: Literal[True] = True
    job: JobRead
    jobs: list[JobRead]
