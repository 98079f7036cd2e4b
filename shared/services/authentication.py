"""Who is asking: a bearer token or an OIDC JWT becomes an actor in the org that the path names."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from shared.domain.access import Actor, ActorKind, OrgRole, Scope
from shared.domain.errors import Conflict, NotFound, RefusedToken, Retryable, StrayToken, Unauthenticated
from shared.domain.organization import Member, MemberStatus, Organization
from shared.domain.ticket import Ticket, read_ticket
from shared.domain.token import PresentedToken, Token, TokenKind, read_token
from shared.repositories.credentials import Credential, CredentialRepository
from shared.repositories.members import MemberRepository, SignInRepository
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.group_teams import GroupTeams
from shared.services.invitations import Claims, Invitations
from shared.services.mint import Mint

_REFUSED: Final = "The token is unknown, expired or revoked; ask for a new one."


class JwtVerifier(Protocol):
    """Raises Unauthenticated for anything but a valid JWT of the configured issuer and audience."""

    def verify(self, token: str) -> Claims: ...


@dataclass(frozen=True, slots=True)
class Seat:
    """One org that somebody belongs to, and who they are in it."""

    organization: Organization
    actor: Actor


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside of any org. `issuer` is None for who never signed in: their member's id stands for them."""

    subject: str
    issuer: str | None = None
    email: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, whatever the org: `subject` at the identity provider, or the token's id.

    `person` is None for tokens that act for nobody.
    """

    subject: str
    email: str | None
    seats: Sequence[Seat]
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Authentication:
    credentials: CredentialRepository
    members: MemberRepository
    sign_ins: SignInRepository
    organizations: OrganizationRepository
    invitations: Invitations
    group_teams: GroupTeams
    jwt_verifier: JwtVerifier | None
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)
    ticket_key: Callable[[], bytes] = field(repr=False)

    def authenticate(self, secret: str, org: str) -> Actor:
        """The actor that a credential is in an org, named by id or slug.

        Raises: Unauthenticated for a credential that is not (or no longer) good;
            NotFound when it is good but belongs to another org, so that a foreign org looks like none.
        """
        presented = read_token(secret)
        if presented is not None:
            return self._by_token(presented, org)
        return self._by_claims(self._verified(secret), org)

    def authenticate_ticket(self, text: str, org: str, place: str) -> Actor:
        """The actor that a ticket's token is in an org, to read delivery at one place and nothing else.

        Raises: Unauthenticated, also once its token is revoked; NotFound for another org.
        """
        ticket = read_ticket(text, place, self.ticket_key(), self.mint.now())
        if ticket is None:
            raise Unauthenticated(_REFUSED)
        actor = self._by_token(ticket, org)
        return replace(actor, scopes=actor.scopes & {Scope.DELIVERY_READ})

    def issue_ticket(self, actor: Actor, place: str, until: datetime | None = None) -> str | None:
        """What stands for the actor's token at one place; None for who came without a token."""
        if actor.token_id is None:
            return None
        return Ticket(actor.token_id, actor.member_id, place, until).spell(self.ticket_key())

    def identify(self, secret: str) -> Identity:
        """Who presents a credential, and every org it is good for: a token's one, or all of a signed-in person.

        Raises: Unauthenticated.
        """
        presented = read_token(secret)
        if presented is not None:
            return self._identity_of_token(presented)
        return self._identity_of_person(self._verified(secret))

    def _verified(self, secret: str) -> Claims:
        if self.jwt_verifier is None or secret.count(".") != 2:
            raise Unauthenticated(_REFUSED)
        return self.jwt_verifier.verify(secret)

    def _identity_of_token(self, presented: PresentedToken) -> Identity:
        found = self.credentials.find(presented)
        token, member = self._usable(found, presented), found.member
        organizations = self.organizations.find_all([token.org_id])
        seats = [Seat(organizations[token.org_id], _actor_of(token, found))] if organizations else []
        if member is None:
            return Identity(token.id, None, seats)
        person = Person(member.subject or member.id, member.issuer, member.email, member.display_name)
        return Identity(member.subject or token.id, member.email, seats, person)

    def _identity_of_person(self, claims: Claims) -> Identity:
        members = self.invitations.accept_all(claims)
        found = self.organizations.find_all(member.org_id for member in members)
        seats = [Seat(found[member.org_id], _as_member(member)) for member in members if member.org_id in found]
        email = claims.email or next((one.email for one in members), None)
        person = Person(claims.subject, claims.issuer, claims.email, claims.name)
        return Identity(claims.subject, email, seats, person)

    def _by_token(self, presented: PresentedToken | Ticket, org: str) -> Actor:
        found = self.credentials.find(presented, org)
        token = self._usable(found, presented)
        if token.org_id != found.org_id:
            raise StrayToken(token.id, token.org_id)
        self._note_use(token)
        return _actor_of(token, found)

    def _usable(self, found: Credential, presented: PresentedToken | Ticket) -> Token:
        token = found.token
        if token is None:
            raise Unauthenticated(_REFUSED)
        if (why := self._flaw(token, found, presented)) is not None:
            raise RefusedToken(_REFUSED, token.id, token.org_id, why)
        return token

    def _flaw(self, token: Token, found: Credential, presented: PresentedToken | Ticket) -> str | None:
        """Why a token that is known is not good; its caller is told no more than of an unknown one."""
        if not presented.matches(token):
            return "wrong_secret"
        if not token.is_usable(self.mint.now()):
            return "revoked" if token.revoked_at is not None else "expired"
        if token.member_id is not None and not _is_active(found.member, token.org_id):
            return "member_left"
        return "team_deleted" if token.team_id is not None and token.team_id in found.dropped_teams else None

    def _note_use(self, token: Token) -> None:
        """One write an hour; a request is not refused because its token's last use could not be noted."""
        at = self.mint.now()
        if token.is_due_for_a_note(at):
            with suppress(Conflict, Retryable), self.begin().as_upkeep() as work:
                self.credentials.note_use(token, at, work)

    def _by_claims(self, claims: Claims, org: str) -> Actor:
        org_id, member_id, dropped = self.sign_ins.find(org, claims.issuer, claims.subject)
        if org_id is None:
            raise NotFound("organization")
        known = self.members.find(org_id, member_id) if member_id else None
        member = self.invitations.accept(org_id, known, claims)
        if member is None or not _is_active(member, org_id):
            raise NotFound("organization")
        return _without(_as_member(self.group_teams.follow(member, claims.groups)), dropped)


def _is_active(member: Member | None, org_id: str) -> bool:
    return member is not None and member.org_id == org_id and member.status == MemberStatus.ACTIVE


def _actor_of(token: Token, found: Credential) -> Actor:
    if token.kind == TokenKind.SERVICE:
        actor = Actor(ActorKind.SERVICE, token.org_id, token.id, OrgRole(token.role) if token.role else None)
    elif token.kind == TokenKind.DELIVERY:
        actor = _as_delivery(token, found.member)
    else:
        actor = _as_member(found.member)
    return _without(replace(actor, scopes=token.granted_scopes, token_id=token.id), found.dropped_teams)


def _without(actor: Actor, dropped: frozenset[str]) -> Actor:
    """A deleted team lets nobody in, though members' rows may name it for a while."""
    return replace(actor, team_ids=actor.team_ids - dropped) if dropped else actor


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
