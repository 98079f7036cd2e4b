"""Connector instances: one configured use of an account, and who may do what with it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.domain.access import Action, Actor, Capability, Role, require, strongest
from shared.domain.connector import ConnectorInstance, InstanceStatus
from shared.domain.errors import NotFound
from shared.domain.paging import Page, PageRequest
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.grants import GrantRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_accounts import ConnectorAccounts
from shared.services.mint import Mint
from shared.services.organizations import Capabilities
from shared.services.ownership import manager_grant


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
        at = self.mint.now()
        instance = ConnectorInstance(
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
        with self.begin() as work:
            self.instances.add(instance, work)
            self.grants.add(manager_grant(self.mint, instance, instance.created_by), work)
        return instance

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
