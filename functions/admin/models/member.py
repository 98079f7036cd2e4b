"""Members and teams on the wire."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from functions.admin.models.organization import Name
from shared.domain.access import OrgRole
from shared.domain.organization import Member, MemberStatus
from shared.http.models import Input, Moment, Output
from shared.services.members import MemberDraft

Email = Annotated[
    str, StringConstraints(max_length=320, pattern=r"^[^@\s]+@[^@\s]+$"), Field(examples=["milo@acme.example"])
]


class MemberInvite(Input):
    """Exactly one of `email` and `subject`, the `sub` claim of the deployment's identity provider."""

    email: Email | None = None
    subject: Annotated[str | None, Field(min_length=1, max_length=255, examples=["00u1milo"])] = None
    display_name: Name | None = None
    role: OrgRole = OrgRole.MEMBER

    def to_draft(self) -> MemberDraft:
        return MemberDraft(self.email, self.subject, self.display_name, self.role)


class MemberPatch(Input):
    """Fields that are left out stay."""

    role: OrgRole | None = None
    display_name: Name | None = None

    def to_changes(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: value for name, value in given.items() if value is not None}


class PersonRead(Output):
    """`subject` is null until the person first signs in; `removedAt` until they leave."""

    id: str
    email: str | None
    subject: str | None
    display_name: str
    role: OrgRole
    status: MemberStatus
    team_ids: list[str]
    created_at: Moment
    updated_at: Moment
    created_by: str
    removed_at: Moment | None

    @classmethod
    def of(cls, member: Member) -> "PersonRead":
        shown = {name: getattr(member, name) for name in cls.model_fields}
        return cls.model_validate(shown | {"team_ids": sorted(member.team_ids)})


class TeamCreate(Input):
    name: Annotated[Name, Field(examples=["Reviewers"])]


class TeamPatch(Input):
    """Fields that are left out stay."""

    name: Annotated[Name | None, Field(examples=["Reviewers"])] = None


class TeamRead(Output):
    id: str
    name: str
    slug: str
    created_at: Moment
    updated_at: Moment
    created_by: str
