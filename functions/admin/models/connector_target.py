"""Connector targets on the wire."""

from typing import Annotated

from pydantic import StringConstraints

from shared.domain.connector import TargetHealth
from shared.http.models import Input, Moment, Output
from shared.services.connector_targets import TargetDraft


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
