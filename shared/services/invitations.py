"""Sign-in meets invitation: an invited member becomes active when the person it names first signs in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from shared.domain.audit import AuditActor, AuditActorKind, Occasion
from shared.domain.errors import Stale
from shared.domain.organization import Member, MemberStatus
from shared.repositories.members import MemberRepository
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint

_ACCEPTED_AT_ONCE: Final = 10
"""Invitations taken up by one request: anybody may invite anybody, and each costs a write."""


class Claims(Protocol):
    """What a verified JWT says; `email` is None unless the issuer says that the person proved it."""

    @property
    def issuer(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def groups(self) -> frozenset[str] | None: ...


@dataclass(frozen=True, slots=True)
class Invitations:
    members: MemberRepository
    organizations: OrganizationRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def accept(self, org_id: str, known: Member | None, claims: Claims) -> Member | None:
        """Who a person is in an org: `known` by subject, or else whoever was invited by their proven address."""
        member = known or self._by_email(org_id, claims)
        if member is None or not _is_open(member, claims):
            return known
        return self._join(member, claims)

    def accept_all(self, claims: Claims) -> list[Member]:
        """Who a person is in every org, with invitations taken up on the way."""
        found = self.members.list_by_names(claims.issuer, claims.subject, claims.email)
        mine = [member for member in found if _is_active_as(member, claims)]
        opened = [member for member in found if _is_open(member, claims)]
        joined = [self._join(member, claims) for member in opened[:_ACCEPTED_AT_ONCE]]
        return [*mine, *(member for member in joined if member is not None)]

    def _by_email(self, org_id: str, claims: Claims) -> Member | None:
        member_id = self.members.find_id_by_email(org_id, claims.email) if claims.email else None
        return self.members.find(org_id, member_id) if member_id else None

    def _join(self, member: Member, claims: Claims) -> Member | None:
        """One transaction: the person is bound, the member active, an owner counted; None when it was taken meanwhile.

        The same person may come twice at once: who is late finds the member as the first one left it.
        """
        changes = self._changes(member, claims)
        try:
            with self.begin().on(lambda seen: _joining(seen, member)) as work:
                self.members.update(member, changes, work)
                if member.subject is None:
                    self.members.bind_person(member, claims.issuer, claims.subject, work)
                if member.status == MemberStatus.INVITED and replace(member, **changes).counts_as_owner:
                    self.organizations.gain_owner(member.org_id, work)
        except Stale:
            now = self.members.find(member.org_id, member.id)
            return now if now and _is_active_as(now, claims) else None
        return replace(member, **changes, revision=member.revision + 1)

    def _changes(self, member: Member, claims: Claims) -> Mapping[str, Any]:
        name = claims.name if claims.name and member.status == MemberStatus.INVITED else member.display_name
        return {
            "status": MemberStatus.ACTIVE,
            "issuer": claims.issuer,
            "subject": claims.subject,
            "display_name": name,
            "updated_at": self.mint.now(),
        }


def _joining(seen: Occasion, member: Member) -> Occasion:
    """Whatever was asked for: the person came in with it."""
    actor = AuditActor(AuditActorKind.MEMBER, member.id)
    return Occasion("acceptInvitation", seen.request_id, actor, member.org_id, member.id)


def _is_active_as(member: Member, claims: Claims) -> bool:
    same = (member.issuer, member.subject) == (claims.issuer, claims.subject)
    return same and member.status == MemberStatus.ACTIVE


def _is_open(member: Member, claims: Claims) -> bool:
    """Whether the person may become this member: nobody who has signed in is ever taken over by an address."""
    if member.subject is None:
        same_address = claims.email is not None and (member.email or "").lower() == claims.email.lower()
        return member.status != MemberStatus.REMOVED and same_address
    named = (member.issuer, member.subject) == (claims.issuer, claims.subject)
    return named and member.status == MemberStatus.INVITED
