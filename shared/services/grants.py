"""Sharing: grants on plugins (and, by the same rule, on every resource that has roles)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from shared.domain.access import ORG_WIDE, Action, Actor, Capability, Role
from shared.domain.errors import Conflict, NotFound, Retryable, Stale
from shared.domain.grant import Grant, ResourceRef
from shared.domain.organization import Member, MemberStatus
from shared.domain.plugin import Plugin
from shared.repositories.grants import GrantRepository
from shared.repositories.members import MemberRepository, TeamRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.organizations import Capabilities
from shared.services.plugins import Plugins

MAX_GRANTS: Final = 250
"""Active grants on one resource: they ride on its row. Teams and org-wide grants reach everybody else."""

_RACES: Final = 40
"""How often a change of grants is decided anew because another one was faster."""


@dataclass(frozen=True, slots=True)
class PluginGrants:
    plugins: Plugins
    grants: GrantRepository
    members: MemberRepository
    teams: TeamRepository
    capabilities: Capabilities
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def list_all(self, actor: Actor, plugin_id: str) -> list[Grant]:
        """Active and removed ones, for managers."""
        plugin = self.plugins.get(actor, plugin_id, Action.SHARE)
        return self.grants.list_all(actor.org_id, plugin.id)

    def give(self, actor: Actor, plugin_id: str, principal: str, role: Role) -> Grant:
        """Give a principal a role, or change the role it has; giving again what is there changes nothing.

        Raises: NotFound for the plugin, or a member or team of no such id in this org; MissingRole;
            MissingCapability for org-wide sharing; Conflict at the limit of grants, or for a lower role of the
            last manager.
        """
        return self._decided_anew(lambda: self._give(actor, plugin_id, principal, role))

    def take_back(self, actor: Actor, plugin_id: str, grant_id: str) -> Grant:
        """Stamp a grant as removed; idempotent.

        Raises: NotFound; Conflict for the last manager of a plugin, unless an org admin removes it.
        """
        return self._decided_anew(lambda: self._take_back(actor, plugin_id, grant_id))

    def _give(self, actor: Actor, plugin_id: str, principal: str, role: Role) -> Grant:
        plugin = self.plugins.get(actor, plugin_id, Action.SHARE)
        if plugin.grants.get(principal) == role and (known := self._known(plugin, principal)):
            return known
        self._require_principal(actor, principal)
        if len(plugin.grants) >= MAX_GRANTS and principal not in plugin.grants:
            raise Conflict(f"A resource has at most {MAX_GRANTS} grants; share with a team or the whole organization.")
        if role < Role.MANAGER:
            _require_another_manager(actor, plugin, principal)
        grant = self._grant(actor, plugin, principal, role)
        with self.begin() as work:
            self.grants.put(grant, plugin.revision, work)
        return grant

    def _take_back(self, actor: Actor, plugin_id: str, grant_id: str) -> Grant:
        plugin = self.plugins.get(actor, plugin_id, Action.SHARE)
        known = next((one for one in self.grants.list_all(actor.org_id, plugin.id) if one.id == grant_id), None)
        if known is None:
            raise NotFound("grant")
        if known.removed_at is not None:
            return known
        _require_another_manager(actor, plugin, known.principal)
        removed = replace(known, removed_at=self.mint.now(), updated_at=self.mint.now())
        with self.begin() as work:
            self.grants.put(removed, plugin.revision, work)
        return removed

    def _decided_anew(self, decide: Callable[[], Grant]) -> Grant:
        """Two managers who take each other's role at once must not both succeed: who was late decides again."""
        for _ in range(_RACES):
            with suppress(Stale):
                return decide()
        raise Retryable("The plugin's grants keep changing; repeat the request in a moment.")

    def _require_principal(self, actor: Actor, principal: str) -> None:
        if principal == ORG_WIDE:
            self.capabilities.require(actor, Capability.MANAGE_ORG_ACCESS)
        elif principal.startswith("team_"):
            if self.teams.find(actor.org_id, principal) is None:
                raise NotFound("team")
        elif not _is_here(self.members.find(actor.org_id, principal)):
            raise NotFound("member")

    def _known(self, plugin: Plugin, principal: str) -> Grant | None:
        return self.grants.find(plugin.org_id, plugin.id, principal)

    def _grant(self, actor: Actor, plugin: Plugin, principal: str, role: Role) -> Grant:
        at = self.mint.now()
        known = self._known(plugin, principal)
        if known is not None:
            return replace(known, role=role, removed_at=None, updated_at=at)
        return Grant(
            id=self.mint.new_id("grt"),
            org_id=plugin.org_id,
            resource=ResourceRef.of(plugin.id),
            principal=principal,
            role=role,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
        )


def _require_another_manager(actor: Actor, plugin: Plugin, principal: str) -> None:
    """Raises: Conflict when a principal is the plugin's only way to a manager; an org admin may do it anyway."""
    managers = {name for name, role in plugin.grants.items() if role == Role.MANAGER}
    if managers == {principal} and not actor.administers:
        raise Conflict("This is the last manager of the plugin; name another first, or ask an admin.")


def _is_here(member: Member | None) -> bool:
    """Who was removed keeps old grants as history and gets no new ones."""
    return member is not None and member.status != MemberStatus.REMOVED
