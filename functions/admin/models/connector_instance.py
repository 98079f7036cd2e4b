"""Connector instances on the wire."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.domain.connector import InstanceStatus
from shared.http.models import Input, Moment, Output
from shared.http.path_ids import AccountIdField


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
