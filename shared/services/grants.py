"""Sharing: grants on everything that has roles, by one rule."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from shared.domain.access import ORG_WIDE, Action, Actor, Capability, Grants, Role
from shared.domain.errors import Conflict, NotFound, Unmanaged
from shared.domain.grant import Grant, ResourceRef
from shared.domain.organization import Member, MemberStatus
from shared.repositories.grants import GrantRepository
from shared.repositories.members import MemberRepository
from shared.repositories.teams import TeamRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.decided_anew import decided_anew
from shared.services.mint import Mint
from shared.services.organizations import Capabilities

MAX_GRANTS: Final = 250
"""Active grants on one resource: they ride on its row. Teams and org-wide grants reach everybody else."""


class Shared(Protocol):
    """A resource with its active grants on board, as its own service gives it."""

    @property
    def id(self) -> str: ...
    @property
    def org_id(self) -> str: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def revision(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ResourceGrants:
    """The grants on one kind of resource.

    `get` is how the kind's own service finds one for an action: NotFound for what is hidden, MissingRole for what may
    be seen only. So who was only shown a thing through a parent, being a viewer at most, shares it with nobody.
    """

    kind: str
    get: Callable[[Actor, str, Action], Shared] = field(repr=False)
    grants: GrantRepository
    members: MemberRepository
    teams: TeamRepository
    capabilities: Capabilities
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def list_all(self, actor: Actor, resource_id: str) -> list[Grant]:
        """Active and removed ones, for managers."""
        resource = self.get(actor, resource_id, Action.SHARE)
        return self.grants.list_all(actor.org_id, resource.id)

    def give(self, actor: Actor, resource_id: str, principal: str, role: Role) -> Grant:
        """Give a principal a role, or change the role it has; giving again what is there changes nothing.

        Raises: NotFound for the resource, or a member or team of no such id in this org; MissingRole;
            MissingCapability for org-wide sharing; Conflict at the limit of grants, or for a lower role of the
            last manager.
        """
        return decided_anew(lambda: self._give(actor, resource_id, principal, role), f"This {self.kind}")

    def take_back(self, actor: Actor, resource_id: str, grant_id: str) -> Grant:
        """Stamp a grant as removed; idempotent.

        Raises: NotFound; Conflict for the last manager of a resource, unless an org admin removes it.
        """
        return decided_anew(lambda: self._take_back(actor, resource_id, grant_id), f"This {self.kind}")

    def require_principals(self, actor: Actor, principals: Collection[str]) -> None:
        """Whom something may be shared with. Raises: MissingCapability for the whole org; NotFound."""
        if ORG_WIDE in principals:
            self.capabilities.require(actor, Capability.MANAGE_ORG_ACCESS)
        teams = [one for one in principals if one.startswith("team_")]
        people = [one for one in principals if one != ORG_WIDE and one not in teams]
        known_teams = self.teams.find_all(actor.org_id, teams) if teams else {}
        known_people = self.members.find_all(actor.org_id, people) if people else {}
        for each in teams:
            if each not in known_teams:
                raise NotFound(f"team {each}")
        for each in people:
            if not _is_here(known_people.get(each)):
                raise NotFound(f"member {each}")

    def _give(self, actor: Actor, resource_id: str, principal: str, role: Role) -> Grant:
        resource = self.get(actor, resource_id, Action.SHARE)
        if resource.grants.get(principal) == role and (known := self._known(resource, principal)):
            return known
        self.require_principals(actor, [principal])
        if len(resource.grants) >= MAX_GRANTS and principal not in resource.grants:
            raise Conflict(f"A resource has at most {MAX_GRANTS} grants; share with a team or the whole organization.")
        if role < Role.MANAGER:
            _require_another_manager(actor, self.kind, resource, principal)
        grant = self._grant(actor, resource, principal, role)
        with self.begin() as work:
            self.grants.put(grant, resource.revision, work)
        return grant

    def _take_back(self, actor: Actor, resource_id: str, grant_id: str) -> Grant:
        resource = self.get(actor, resource_id, Action.SHARE)
        known = next((one for one in self.grants.list_all(actor.org_id, resource.id) if one.id == grant_id), None)
        if known is None:
            raise NotFound("grant")
        if known.removed_at is not None:
            return known
        _require_another_manager(actor, self.kind, resource, known.principal)
        removed = replace(known, removed_at=self.mint.now(), updated_at=self.mint.now())
        with self.begin() as work:
            self.grants.put(removed, resource.revision, work)
        return removed

    def _known(self, resource: Shared, principal: str) -> Grant | None:
        return self.grants.find(resource.org_id, resource.id, principal)

    def _grant(self, actor: Actor, resource: Shared, principal: str, role: Role) -> Grant:
        at = self.mint.now()
        known = self._known(resource, principal)
        if known is not None:
            return replace(known, role=role, removed_at=None, updated_at=at)
        return Grant(
            id=self.mint.new_id("grt"),
            org_id=resource.org_id,
            resource=ResourceRef.of(resource.id),
            principal=principal,
            role=role,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
        )


def _require_another_manager(actor: Actor, kind: str, resource: Shared, principal: str) -> None:
    """Raises: Conflict when a principal is a resource's only way to a manager; an org admin may do it anyway."""
    managers = {name for name, role in resource.grants.items() if role == Role.MANAGER}
    if managers == {principal} and not actor.administers:
        raise Unmanaged(f"This is the last manager of the {kind}; name another first, or ask an admin.")


def _is_here(member: Member | None) -> bool:
    """Who was removed keeps old grants as history and gets no new ones."""
    return member is not None and member.status != MemberStatus.REMOVED
