"""Disconnecting an account: what that does, told before it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared.domain.access import Actor
from shared.domain.connector import (
    AccountStatus,
    ConnectorAccount,
    ConnectorInstance,
    ConnectorTarget,
    InstanceStatus,
    MappingOrigin,
)
from shared.domain.connector import Mapping as PathMapping
from shared.domain.disconnection import Concerned, Outcome
from shared.domain.marketplace import Marketplace
from shared.domain.plugin import Plugin
from shared.repositories.applications import ImportRepository
from shared.repositories.connector_accounts import ConnectorAccountRepository
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.mappings import MappingRepository
from shared.repositories.marketplaces import MarketplaceRepository
from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_accounts import ConnectorAccounts
from shared.services.instance_lifecycle import InstanceLifecycle
from shared.services.lifecycles import Lifecycles
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class DisconnectionPlan:
    """Instances are archived and targets stop; mappings and objects are kept, nothing is deleted."""

    account: ConnectorAccount
    instances: Sequence[ConnectorInstance]
    targets: Sequence[ConnectorTarget]
    mapping_ids: Sequence[str]
    plugins: Sequence[Outcome]
    marketplaces: Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class DisconnectionRows:
    """The repositories that a plan is read from."""

    instances: ConnectorInstanceRepository
    targets: ConnectorTargetRepository
    mappings: MappingRepository
    imports: ImportRepository
    plugins: PluginRepository
    memberships: PluginMembershipRepository
    marketplaces: MarketplaceRepository


@dataclass(frozen=True, slots=True)
class AccountDisconnection:
    connector_accounts: ConnectorAccounts
    accounts: ConnectorAccountRepository
    rows: DisconnectionRows
    instance_lifecycle: InstanceLifecycle
    plugin_lifecycle: Lifecycles[Plugin]
    marketplace_lifecycle: Lifecycles[Marketplace]
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def plan(self, actor: Actor, account_id: str) -> DisconnectionPlan:
        """Raises: MissingCapability, NotFound."""
        account = self.connector_accounts.get(actor, account_id)
        org_id = account.org_id
        instances = self.rows.instances.list_by_account(org_id, account.id)
        targets = self.rows.targets.list_each(org_id, [one.id for one in instances])
        target_ids = [one.id for one in targets]
        mappings = self.rows.mappings.list_each(org_id, target_ids)
        concerned = self._concerned(org_id, target_ids, mappings)
        plugins = concerned.plugin_outcomes()
        marketplaces = concerned.marketplace_outcomes(plugins)
        return DisconnectionPlan(account, instances, targets, [one.id for one in mappings], plugins, marketplaces)

    def disconnect(self, actor: Actor, account_id: str) -> DisconnectionPlan:
        """Do what the plan says; repeated, it finishes what was cut off. A completed install connects it again."""
        plan = self.plan(actor, account_id)
        for instance in plan.instances:
            self.instance_lifecycle.rest(instance, InstanceStatus.ARCHIVED)
        for target in plan.targets:
            self.instance_lifecycle.stop(target)
        for one in plan.marketplaces:
            if one.archived:
                self.marketplace_lifecycle.archive(actor, one.id)
        for one in plan.plugins:
            if one.archived:
                self.plugin_lifecycle.archive(actor, one.id)
        if plan.account.status != AccountStatus.DISCONNECTED:
            changes = {"status": AccountStatus.DISCONNECTED, "updated_at": self.mint.now()}
            with self.begin() as work:
                self.accounts.update(plan.account, changes, work)
        return self.plan(actor, account_id)

    def _concerned(self, org_id: str, target_ids: Sequence[str], mappings: Sequence[PathMapping]) -> Concerned:
        made = {one.resource_id for one in self.rows.imports.list_each(org_id, target_ids)}
        fed = {one.plugin_id for one in mappings if one.plugin_id is not None}
        plugins = self.rows.plugins.find_all(org_id, {each for each in made | fed if each.startswith("plg_")})
        holding = {each for one in plugins.values() for each in one.marketplace_ids}
        marketplaces = self.rows.marketplaces.find_all(org_id, holding | {each for each in made if each[:4] == "mkt_"})
        held = {each for one in marketplaces.values() if one.id in made for each in one.plugin_ids}
        plugins |= self.rows.plugins.find_all(org_id, held - plugins.keys())
        by_people = {one.plugin_id for one in mappings if one.origin is MappingOrigin.MANUAL and one.plugin_id}
        joined = self.rows.memberships.list_joined_by_people(org_id, sorted(made & plugins.keys()))
        return Concerned(target_ids, made, plugins, marketplaces, fed, joined, by_people)
