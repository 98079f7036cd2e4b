"""Connector instances: one configured use of an account, and who may do what with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from shared.domain.access import Action, Actor, Capability, Role, require, strongest
from shared.domain.connector import ConnectorAccount, ConnectorInstance, InstanceStatus
from shared.domain.errors import Conflict, NotFound, Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.grants import GrantRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_accounts import ConnectorAccounts
from shared.services.decided_anew import decided_anew
from shared.services.mint import Mint
from shared.services.organizations import Capabilities
from shared.services.ownership import manager_grant

MAX_INSTANCES: Final = 100
"""Instances of one account: a change at GitHub concerns all of them."""


@dataclass(frozen=True, slots=True)
class ConnectorInstances:
    instances: ConnectorInstanceRepository
    accounts: ConnectorAccounts
    grants: GrantRepository
    capabilities: Capabilities
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, account_id: str, name: str) -> ConnectorInstance:
        self.capabilities.require(actor, Capability.CONNECTOR_INSTANCE_CREATE)
        account = self.accounts.get(actor, account_id)
        self.list_with_room(account)
        instance = self.draft(actor, account, name)
        with self.begin() as work:
            self.add(instance, work)
        return instance

    def list_with_room(self, account: ConnectorAccount) -> list[ConnectorInstance]:
        """The instances of an account that may have one more. Raises: Conflict."""
        found = self.instances.list_by_account(account.org_id, account.id)
        if len(found) >= MAX_INSTANCES:
            raise Conflict(f"A connector account has at most {MAX_INSTANCES} instances; add targets to one of them.")
        return found

    def draft(self, actor: Actor, account: ConnectorAccount, name: str) -> ConnectorInstance:
        """A new instance, not yet written: its creator manages it and nobody else sees it."""
        at = self.mint.now()
        return ConnectorInstance(
            id=self.mint.new_id("cin"),
            org_id=actor.org_id,
            account_id=account.id,
            type=account.type,
            name=name,
            status=InstanceStatus.ACTIVE,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
            grants={actor.id: Role.MANAGER},
        )

    def add(self, instance: ConnectorInstance, work: UnitOfWork) -> None:
        self.instances.add(instance, work)
        self.grants.add(manager_grant(self.mint, instance, instance.created_by), work)

    def update(
        self, actor: Actor, instance_id: str, changes: Mapping[str, object], if_match: int | None = None
    ) -> ConnectorInstance:
        """`changes`: name and auto_import.

        Raises: NotFound; MissingRole; Stale when `if_match` names an older state.
        """
        return decided_anew(lambda: self._update(actor, instance_id, changes, if_match), once=if_match is not None)

    def _update(
        self, actor: Actor, instance_id: str, changes: Mapping[str, object], if_match: int | None
    ) -> ConnectorInstance:
        instance = self.get(actor, instance_id, Action.EDIT)
        if if_match is not None and if_match != instance.revision:
            raise Stale
        if not changes:
            return instance
        fresh = {**changes, "updated_at": self.mint.now()}
        with self.begin() as work:
            self.instances.update(instance, fresh, work)
        return replace(instance, **fresh, revision=instance.revision + 1)  # type: ignore[arg-type]  # the fields' names

    def get(self, actor: Actor, instance_id: str, action: Action = Action.VIEW) -> ConnectorInstance:
        instance = self.instances.find(actor.org_id, instance_id)
        if instance is None:
            raise NotFound("connector instance")
        require(actor, action, "connector instance", instance.grants)
        return instance

    def list_page(self, actor: Actor, page: PageRequest) -> Page[ConnectorInstance]:
        found = self.instances.list_page(actor.org_id, page)
        shown = [one for one in found.items if strongest(actor, one.grants) is not None]
        return Page(shown, found.next_after)
