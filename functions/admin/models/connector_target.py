"""Connector targets on the wire."""

from typing import Annotated

from pydantic import StringConstraints

from shared.domain.connector import TargetHealth
from shared.http.models import Input, Moment, Output, example
from shared.services.connector_targets import TargetDraft

FullName = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,100}/[\w.-]{1,100}$")]
Branch = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x20\x7f]+$")]


class TargetCreate(Input):
    """Without a branch the repository's default branch is followed, also when it becomes another one."""

    repository_full_name: FullName
    branch: Branch | None = None

    def to_draft(self) -> TargetDraft:
        return TargetDraft(self.repository_full_name, self.branch)


class TargetPatch(Input):
    """`branch: null` follows the repository's default branch."""

    model_config = example(branch="release")

    branch: Branch | None


class TargetRead(Output):
    """`heldBackBy`: the target of the same instance which tracks the default branch that this one should follow.

    `healthReason` says what somebody should do about it, also about that; null where nothing has to be done.
    """

    id: str
    instance_id: str
    type: str
    repository_id: int
    repository_full_name: str
    former_names: list[str]
    branch: str
    default_branch: str
    follows_default: bool
    held_back_by: str | None
    ref: str
    health: TargetHealth
    health_reason: str | None
    last_synced_revision: str | None
    next_check_at: Moment | None
    created_at: Moment
    updated_at: Moment
    created_by: str
