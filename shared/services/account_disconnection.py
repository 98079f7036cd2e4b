"""Disconnecting an account: what that does, told before it is done."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.domain.access import Actor
from shared.domain.connector import AccountStatus, ConnectorAccount, ConnectorInstance, ConnectorTarget, InstanceStatus
from shared.repositories.connector_accounts import ConnectorAccountRepository
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.mappings import MappingRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_accounts import ConnectorAccounts
from shared.services.instance_lifecycle import InstanceLifecycle
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class DisconnectionPlan:
    """Instances are archived and targets stop; mappings, objects and plugins are kept, nothing is deleted."""

    account: ConnectorAccount
    instances: list[ConnectorInstance]
    targets: list[ConnectorTarget]
    mapping_ids: list[str]
    plugin_ids: list[str]


@dataclass(frozen=True, slots=True)
class AccountDisconnection:
    connector_accounts: ConnectorAccounts
    accounts: ConnectorAccountRepository
    instances: ConnectorInstanceRepository
    targets: ConnectorTargetRepository
    mappings: MappingRepository
    lifecycle: InstanceLifecycle
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def plan(self, actor: Actor, account_id: str) -> DisconnectionPlan:
        """Raises: MissingCapability, NotFound."""
        account = self.connector_accounts.get(actor, account_id)
        instances = self.instances.list_by_account(account.org_id, account.id)
        targets = [one for instance in instances for one in self.targets.list_all(account.org_id, instance.id)]
        mappings = [one for target in targets for one in self.mappings.list_all(account.org_id, target.id)]
        plugins = {one.plugin_id for one in mappings if one.plugin_id is not None}
        return DisconnectionPlan(account, instances, targets, [one.id for one in mappings], sorted(plugins))

    def disconnect(self, actor: Actor, account_id: str) -> DisconnectionPlan:
        """Do what the plan says; repeated, it finishes what was cut off. A completed install connects it again."""
        plan = self.plan(actor, account_id)
        for instance in plan.instances:
            self.lifecycle.rest(instance, InstanceStatus.ARCHIVED)
        if plan.account.status != AccountStatus.DISCONNECTED:
            changes = {"status": AccountStatus.DISCONNECTED, "updated_at": self.mint.now()}
            with self.begin() as work:
                self.accounts.update(plan.account, changes, work)
        return self.plan(actor, account_id)
