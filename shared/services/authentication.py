"""Who is asking: a bearer token or an OIDC JWT becomes an actor in the org that the path names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.domain.access import Actor, ActorKind, OrgRole
from shared.domain.errors import NotFound, Unauthenticated
from shared.domain.organization import Member, MemberStatus, Organization
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
class Seat:
    """One org that somebody belongs to, and who they are in it."""

    organization: Organization
    actor: Actor


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, whatever the org: `subject` at the identity provider, or the token's id."""

    subject: str
    email: str | None
    seats: Sequence[Seat]


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

    def identify(self, secret: str) -> Identity:
        """Who presents a credential, and every org it is good for: a token's one, or all of a signed-in person.

        Raises: Unauthenticated.
        """
        presented = read_token(secret)
        if presented is not None:
            return self._identity_of_token(presented)
        if self.jwt_verifier is None or secret.count(".") != 2:
            raise Unauthenticated(_REFUSED)
        return self._identity_of_person(self.jwt_verifier.verify(secret))

    def _identity_of_token(self, presented: PresentedToken) -> Identity:
        found = self.credentials.find(presented)
        token, member = self._usable(found, presented), found.member
        organizations = self.organizations.find_all([token.org_id])
        seats = [Seat(organizations[token.org_id], _actor_of(token, member))] if organizations else []
        return Identity((member.subject if member else None) or token.id, member.email if member else None, seats)

    def _identity_of_person(self, claims: Claims) -> Identity:
        members = self.members.list_by_person(claims.issuer, claims.subject)
        active = [member for member in members if _is_active(member, member.org_id)]
        found = self.organizations.find_all(member.org_id for member in active)
        seats = [Seat(found[member.org_id], _as_member(member)) for member in active if member.org_id in found]
        return Identity(claims.subject, next((one.email for one in active), None), seats)

    def _by_token(self, presented: PresentedToken, org: str) -> Actor:
        found = self.credentials.find(presented, org)
        token = self._usable(found, presented)
        if token.org_id != found.org_id:
            raise NotFound("organization")
        return _actor_of(token, found.member)

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


def _actor_of(token: Token, member: Member | None) -> Actor:
    if token.kind == TokenKind.PERSONAL:
        return _as_member(member)
    if token.kind == TokenKind.DELIVERY:
        return _as_delivery(token, member)
    return Actor(ActorKind.SERVICE, token.org_id, token.id, OrgRole(token.role) if token.role else None)


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
