"""What the deployment's operator can ask for: one model per operation."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.domain.access import OrgRole
from shared.domain.token import TokenKind
from shared.http.models import Input
from shared.services.directory import PersonDraft, TokenDraft

Name = Annotated[str, StringConstraints(min_length=1, max_length=128, strip_whitespace=True)]
Email = Annotated[str, StringConstraints(max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
OrgId = Annotated[str, Field(min_length=1, max_length=64, description="The org's id or slug.")]


class Owner(Input):
    """`issuer` and `subject` name the person at the OIDC provider and let them sign in at once."""

    email: Email
    display_name: Name
    issuer: str | None = None
    subject: str | None = None

    def to_draft(self, role: OrgRole) -> PersonDraft:
        return PersonDraft(self.email, self.display_name, role, self.issuer, self.subject)


class CreateOrganization(Input):
    operation: Literal["create_organization"]
    name: Name
    slug: Annotated[str, Field(max_length=63)]
    owner: Owner


class AddMember(Owner):
    operation: Literal["add_member"]
    org_id: OrgId
    role: OrgRole = OrgRole.MEMBER


class AddTeam(Input):
    operation: Literal["add_team"]
    org_id: OrgId
    name: Name
    member_ids: Annotated[tuple[str, ...], Field(max_length=40)] = ()


class CreateToken(Input):
    operation: Literal["create_token"]
    org_id: OrgId
    kind: Literal[TokenKind.PERSONAL, TokenKind.DELIVERY]
    name: Name
    member_id: str | None = None
    team_id: str | None = None
    expires_at: datetime | None = None

    def to_draft(self) -> TokenDraft:
        return TokenDraft(self.kind, self.name, self.member_id, self.team_id, self.expires_at)


class RevokeToken(Input):
    operation: Literal["revoke_token"]
    org_id: OrgId
    token_id: str


class ClaimInstallation(Input):
    operation: Literal["claim_installation"]
    org_id: OrgId
    installation_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$"), Field(coerce_numbers_to_str=True)]


Operation = Annotated[
    CreateOrganization | AddMember | AddTeam | CreateToken | RevokeToken | ClaimInstallation,
    Field(discriminator="operation"),
]
