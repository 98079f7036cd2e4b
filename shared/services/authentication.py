"""Who is asking: a bearer token or an OIDC JWT becomes an actor in the org that the path names."""

from dataclasses import dataclass
from typing import Protocol

from shared.domain.access import Actor, ActorKind, OrgRole
from shared.domain.errors import NotFound, Unauthenticated
from shared.domain.organization import Member, MemberStatus
from shared.domain.token import PresentedToken, Token, TokenKind, read_token
from shared.repositories.credentials import Credential, CredentialRepository
from shared.repositories.members import MemberRepository
from shared.repositories.organizations import OrganizationRepository
from shared.services.mint import Mint

_REFUSED = "The token is unknown, expired or revoked; ask for a new one."


class Claims(Protocol):
    """What a verified JWT says."""

    @property
    def issuer(self) -> str: ...
    @property
    def subject(self) -> str: ...


class JwtVerifier(Protocol):
    """Raises Unauthenticated for anything but a valid JWT of the configured issuer and audience."""

    def verify(self, token: str) -> Claims: ...


@dataclass(frozen=True, slots=True)
class Authentication:
    credentials: CredentialRepository
    members: MemberRepository
    organizations: OrganizationRepository
    jwt_verifier: JwtVerifier | None
    mint: Mint

    def authenticate(self, secret: str, org: str) -> Actor:
        """The actor that a credential is in an org, named by id or slug.

        Raises: Unauthenticated for a credential that is not (or no longer) good;
            NotFound when it is good but belongs to another org, so that a foreign org looks like none.
        """
        presented = read_token(secret)
        if presented is not None:
            return self._by_token(presented, org)
        if self.jwt_verifier is None or secret.count(".") != 2:
            raise Unauthenticated(_REFUSED)
        claims = self.jwt_verifier.verify(secret)
        return self._by_claims(claims, org)

    def _by_token(self, presented: PresentedToken, org: str) -> Actor:
        found = self.credentials.find(presented, org)
        token = self._usable(found, presented)
        if token.org_id != found.org_id:
            raise NotFound("organization")
        if token.kind == TokenKind.PERSONAL:
            return _as_member(found.member)
        if token.kind == TokenKind.DELIVERY:
            return _as_delivery(token, found.member)
        return Actor(ActorKind.SERVICE, token.org_id, token.id, OrgRole(token.role) if token.role else None)

    def _usable(self, found: Credential, presented: PresentedToken) -> Token:
        token = found.token
        if token is None or not presented.matches(token) or not token.is_usable(self.mint.now()):
            raise Unauthenticated(_REFUSED)
        if token.member_id is not None and not _is_active(found.member, token.org_id):
            raise Unauthenticated(_REFUSED)
        return token

    def _by_claims(self, claims: Claims, org: str) -> Actor:
        org_id = org if org.startswith("org_") else self.organizations.find_id(org)
        member = self.members.find_by_person(org_id, claims.issuer, claims.subject) if org_id else None
        if member is None or not _is_active(member, member.org_id):
            raise NotFound("organization")
        return _as_member(member)


def _is_active(member: Member | None, org_id: str) -> bool:
    return member is not None and member.org_id == org_id and member.status == MemberStatus.ACTIVE


def _as_member(member: Member | None) -> Actor:
    if member is None:
        raise Unauthenticated(_REFUSED)
    return Actor(ActorKind.MEMBER, member.org_id, member.id, member.role, member.team_ids, member.id)


def _as_delivery(token: Token, member: Member | None) -> Actor:
    """Reads what its member or team may read; an admin's delivery token sees what the admin sees."""
    teams = member.team_ids if member else frozenset({token.team_id} if token.team_id else ())
    return Actor(
        ActorKind.DELIVERY,
        token.org_id,
        token.id,
        member.role if member else None,
        teams,
        token.member_id,
        token.marketplace_id,
    )
