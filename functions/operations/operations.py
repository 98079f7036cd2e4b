"""Each operation, done: the answer's own fields."""

from functools import singledispatch

from functions.operations.requests import (
    AddMember,
    AddTeam,
    ClaimInstallation,
    CreateOrganization,
    CreateToken,
    RevokeToken,
)
from shared.bootstrap import services
from shared.domain.access import OrgRole
from shared.domain.errors import Conflict, NameTaken, NotFound
from shared.domain.token import TokenKind
from shared.services.directory import TokenDraft

GITHUB = "github"


@singledispatch
def run(operation: object) -> dict[str, str]:
    """Raises: the domain's errors, as the use cases say."""
    raise TypeError(f"no operation {type(operation).__name__}")


@run.register
def create_organization(asked: CreateOrganization) -> dict[str, str]:
    """An org with its first owner and the owner's first token, shown this once."""
    try:
        organization, owner = services().directory.create_organization(
            asked.name, asked.slug, asked.owner.to_draft(OrgRole.OWNER)
        )
    except Conflict as error:
        raise NameTaken(asked.slug, _holder(asked.slug)) from error
    token = _personal_token(organization.id, owner.id)
    return {"orgId": organization.id, "slug": organization.slug, "memberId": owner.id, "token": token}


@run.register
def add_member(asked: AddMember) -> dict[str, str]:
    organization = services().directory.find_organization(asked.org_id)
    member = services().directory.add_member(organization.id, asked.to_draft(asked.role))
    return {"memberId": member.id, "token": _personal_token(organization.id, member.id)}


@run.register
def add_team(asked: AddTeam) -> dict[str, str]:
    organization = services().directory.find_organization(asked.org_id)
    return {"teamId": services().directory.add_team(organization.id, asked.name, list(asked.member_ids)).id}


@run.register
def create_token(asked: CreateToken) -> dict[str, str]:
    organization = services().directory.find_organization(asked.org_id)
    token, secret = services().directory.create_token(organization.id, asked.to_draft())
    return {"tokenId": token.id, "secret": secret}


@run.register
def revoke_token(asked: RevokeToken) -> dict[str, str]:
    organization = services().directory.find_organization(asked.org_id)
    services().directory.revoke_token(organization.id, asked.token_id)
    return {"tokenId": asked.token_id}


@run.register
def claim_installation(asked: ClaimInstallation) -> dict[str, str]:
    organization = services().directory.find_organization(asked.org_id)
    services().directory.claim_installation(organization.id, GITHUB, asked.installation_id)
    return {"orgId": organization.id, "installationId": asked.installation_id}


def _personal_token(org_id: str, member_id: str) -> str:
    draft = TokenDraft(TokenKind.PERSONAL, "first token", member_id=member_id)
    return services().directory.create_token(org_id, draft)[1]


def _holder(slug: str) -> str:
    try:
        return services().directory.find_organization(slug).id
    except NotFound:
        return "another organization"
