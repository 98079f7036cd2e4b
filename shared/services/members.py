"""The people of an org: who is invited, who may do what, and who leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.domain.access import Actor, Capability, OrgRole, require_capability
from shared.domain.errors import Conflict, Invalid, MissingCapability, NotFound, Stale
from shared.domain.organization import Member, MemberStatus
from shared.domain.paging import Page, PageRequest
from shared.repositories.members import MemberRepository
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.decided_anew import decided_anew
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """Exactly one of `email` and `subject` (the `sub` claim of the deployment's identity provider)."""

    email: str | None = None
    subject: str | None = None
    display_name: str | None = None
    role: OrgRole = OrgRole.MEMBER


@dataclass(frozen=True, slots=True)
class Members:
    """`issuer` is the deployment's identity provider, None where there is none."""

    members: MemberRepository
    organizations: OrganizationRepository
    issuer: str | None
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def list_page(self, actor: Actor, page: PageRequest) -> Page[Member]:
        """Everybody in the org knows who else is."""
        return self.members.list_page(actor.org_id, page)

    def get(self, actor: Actor, member_id: str) -> Member:
        """Removed members, too: history names them. Raises: NotFound."""
        member = self.members.find(actor.org_id, member_id)
        if member is None:
            raise NotFound("member")
        return member

    def invite(self, actor: Actor, draft: MemberDraft) -> Member:
        """Raises: MissingCapability, Invalid, Conflict for who is a member already."""
        require_capability(actor, Capability.DIRECTORY_MANAGE)
        if draft.role == OrgRole.OWNER:
            _require_owner(actor)
        member = self._invited(actor, draft)
        try:
            with self.begin() as work:
                self.members.add(member, work)
        except Conflict as error:
            holder = self.members.find_id_by_email(actor.org_id, draft.email) if draft.email else None
            raise Conflict(f"{error.message} ({holder})" if holder else error.message) from error
        return member

    def update(self, actor: Actor, member_id: str, changes: Mapping[str, Any], if_match: int | None = None) -> Member:
        """`changes`: role, display_name; everybody may change how they themselves are called.

        Raises: NotFound, MissingCapability, Stale; Conflict for the role of the last owner, or for who has left.
        """
        return decided_anew(lambda: self._update(actor, member_id, changes, if_match), once=if_match is not None)

    def remove(self, actor: Actor, member_id: str) -> Member:
        """Revoke all access at once, tokens included, and keep the member as history; idempotent.

        Everybody may leave. Raises: NotFound, MissingCapability; Conflict for the last owner.
        """
        return decided_anew(lambda: self._remove(actor, member_id))

    def _update(self, actor: Actor, member_id: str, changes: Mapping[str, Any], if_match: int | None) -> Member:
        member = self.get(actor, member_id)
        changed = {name: value for name, value in changes.items() if value != getattr(member, name)}
        _require_may_change(actor, member, changed)
        if if_match is not None and if_match != member.revision:
            raise Stale
        if member.status == MemberStatus.REMOVED:
            raise Conflict("This member has left; invite them again.")
        if not changed:
            return member
        fields = {**changed, "updated_at": self.mint.now()}
        after = replace(member, **fields, revision=member.revision + 1)
        with self.begin() as work:
            self._count(member, after, work)
            self.members.update(member, fields, work)
        return after

    def _remove(self, actor: Actor, member_id: str) -> Member:
        member = self.get(actor, member_id)
        if member.id != actor.member_id:
            require_capability(actor, Capability.DIRECTORY_MANAGE)
            if member.role == OrgRole.OWNER:
                _require_owner(actor)
        if member.status == MemberStatus.REMOVED:
            return member
        at = self.mint.now()
        gone = {"status": MemberStatus.REMOVED, "removed_at": at, "updated_at": at, "team_ids": frozenset()}
        after = replace(member, **gone, revision=member.revision + 1)  # type: ignore[arg-type]  # Member's own fields
        with self.begin() as work:
            self._count(member, after, work)
            self.members.remove(member, at, work)
        return after

    def _count(self, before: Member, after: Member, work: UnitOfWork) -> None:
        if before.counts_as_owner and not after.counts_as_owner:
            self.organizations.lose_owner(before.org_id, work)
        elif after.counts_as_owner and not before.counts_as_owner:
            self.organizations.gain_owner(before.org_id, work)

    def _invited(self, actor: Actor, draft: MemberDraft) -> Member:
        if bool(draft.email) == bool(draft.subject):
            raise Invalid.field("email", "give exactly one of email and subject")
        if draft.subject and self.issuer is None:
            raise Invalid.field("subject", "this deployment has no identity provider; invite by email")
        at = self.mint.now()
        return Member(
            id=self.mint.new_id("mem"),
            org_id=actor.org_id,
            email=draft.email,
            display_name=draft.display_name or draft.email or draft.subject or "",
            role=draft.role,
            status=MemberStatus.INVITED,
            created_at=at,
            updated_at=at,
            issuer=self.issuer if draft.subject else None,
            subject=draft.subject,
            created_by=actor.id,
        )


def _require_may_change(actor: Actor, member: Member, changed: Mapping[str, Any]) -> None:
    if "role" in changed or member.id != actor.member_id:
        require_capability(actor, Capability.DIRECTORY_MANAGE)
    if "role" in changed and OrgRole.OWNER in (member.role, changed["role"]):
        _require_owner(actor)


def _require_owner(actor: Actor) -> None:
    if actor.role != OrgRole.OWNER:
        raise MissingCapability("Owners alone change owners; ask one.")
