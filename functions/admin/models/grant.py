"""Grants on the wire: one role for exactly one of a member, a team, or the whole org."""

from typing import Literal

from shared.domain.access import ORG_WIDE, Role
from shared.domain.grant import Grant, principal_of
from shared.http.models import Input, Moment, Output, example
from shared.http.path_ids import MemberIdField, TeamIdField

RoleWord = Literal["viewer", "editor", "manager"]


class GrantCreate(Input):
    model_config = example(memberId="mem_01m83cm181mw5y2cd4zh3yt3tz", role="viewer")

    member_id: MemberIdField | None = None
    team_id: TeamIdField | None = None
    org_wide: bool = False
    role: RoleWord

    @property
    def principal(self) -> str:
        """Raises: Invalid unless exactly one of the three is given."""
        return principal_of(self.member_id, self.team_id, self.org_wide)

    @property
    def as_role(self) -> Role:
        return Role.of(self.role)


class GrantRead(Output):
    id: str
    member_id: str | None
    team_id: str | None
    org_wide: bool
    role: RoleWord
    created_at: Moment
    created_by: str
    removed_at: Moment | None

    @classmethod
    def of(cls, grant: Grant) -> "GrantRead":
        principal = grant.principal
        return cls.model_validate(
            {
                "id": grant.id,
                "member_id": principal if principal.startswith("mem_") else None,
                "team_id": principal if principal.startswith("team_") else None,
                "org_wide": principal == ORG_WIDE,
                "role": grant.role.word,
                "created_at": grant.created_at,
                "created_by": grant.created_by,
                "removed_at": grant.removed_at,
            }
        )
