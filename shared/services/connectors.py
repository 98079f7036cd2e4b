"""Connector setup: accounts, instances, targets and mappings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.connectors.port import Connector
from shared.domain.access import Action, Actor, Capability, Role, require, strongest
from shared.domain.config_types.registry import config_type
from shared.domain.connector import (
    CHECK_INTERVAL,
    AccountStatus,
    ConnectorAccount,
    ConnectorInstance,
    ConnectorTarget,
    InstanceStatus,
    Mapping,
    TargetHealth,
)
from shared.domain.errors import Conflict, Invalid, NotFound
from shared.domain.paging import Page, PageRequest
from shared.domain.reconciliation.selector import compile_selector
from shared.domain.source_errors import SourceEmpty, SourceUnavailable
from shared.repositories.connectors import (
    ConnectorAccountRepository,
    ConnectorInstanceRepository,
    ConnectorTargetRepository,
    MappingRepository,
)
from shared.repositories.grants import GrantRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.organizations import Capabilities
from shared.services.ownership import manager_grant
from shared.services.plugins import Plugins

GITHUB: Final = "github"
MAX_MAPPINGS: Final = 200
"""Mappings of one target: a reconciliation reads them all."""


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """Names the repository by id or by `owner/name`; without a branch the default branch is tracked."""

    repository_full_name: str
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class MappingDraft:
    selector: str
    object_type: str
    plugin_id: str | None = None
    auto_add_to_plugin: bool = True
    parser_mode: str | None = None


@dataclass(frozen=True, slots=True)
class Connectors:
    accounts: ConnectorAccountRepository
    instances: ConnectorInstanceRepository
    targets: ConnectorTargetRepository
    mappings: MappingRepository
    grants: GrantRepository
    plugins: Plugins
    capabilities: Capabilities
    connector: Callable[[], Connector] = field(repr=False)
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create_account(self, actor: Actor, connector_type: str, remote_id: str) -> ConnectorAccount:
        """Bind an installation that this org was allowed to bind.

        Raises: MissingCapability; Invalid for another type or an installation GitHub does not know;
            NotFound without a claim: an installation id is guessable, and binding one reads its repositories.
        """
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        _require_type(connector_type)
        if not self.accounts.is_claimed(connector_type, remote_id, actor.org_id):
            raise NotFound("installation that this organization may bind")
        account = self._account(actor, connector_type, remote_id)
        with self.begin() as work:
            self.accounts.add(account, work)
        return account

    def get_account(self, actor: Actor, account_id: str) -> ConnectorAccount:
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        account = self.accounts.find(actor.org_id, account_id)
        if account is None:
            raise NotFound("connector account")
        return account

    def list_accounts(self, actor: Actor, page: PageRequest) -> Page[ConnectorAccount]:
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        return self.accounts.list_page(actor.org_id, page)

    def create_instance(self, actor: Actor, account_id: str, name: str) -> ConnectorInstance:
        self.capabilities.require(actor, Capability.CONNECTOR_INSTANCE_CREATE)
        account = self.get_account(actor, account_id)
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

    def get_instance(self, actor: Actor, instance_id: str, action: Action = Action.VIEW) -> ConnectorInstance:
        instance = self.instances.find(actor.org_id, instance_id)
        if instance is None:
            raise NotFound("connector instance")
        require(actor, action, "connector instance", instance.grants)
        return instance

    def list_instances(self, actor: Actor, page: PageRequest) -> Page[ConnectorInstance]:
        found = self.instances.list_page(actor.org_id, page)
        shown = [one for one in found.items if strongest(actor, one.grants) is not None]
        return Page(shown, found.next_after)

    def create_target(self, actor: Actor, instance_id: str, draft: TargetDraft) -> ConnectorTarget:
        """Track a branch. Raises: Invalid when the installation cannot read the repository or branch."""
        instance = self.get_instance(actor, instance_id, Action.EDIT)
        account = self.accounts.find(actor.org_id, instance.account_id)
        if account is None or account.status != AccountStatus.ACTIVE:
            raise Conflict("The instance's connector account is not active.")
        target = self._target(actor, instance, account, draft)
        with self.begin() as work:
            self.targets.add(target, work)
        return target

    def get_target(self, actor: Actor, target_id: str, action: Action = Action.VIEW) -> ConnectorTarget:
        """A target's access follows its instance."""
        target = self.targets.find(actor.org_id, target_id)
        if target is None:
            raise NotFound("connector target")
        instance = self.instances.find(actor.org_id, target.instance_id)
        require(actor, action, "connector target", instance.grants if instance else {})
        return target

    def list_targets(self, actor: Actor, instance_id: str, page: PageRequest) -> Page[ConnectorTarget]:
        instance = self.get_instance(actor, instance_id)
        return self.targets.list_page(actor.org_id, instance.id, page)

    def create_mapping(self, actor: Actor, target_id: str, draft: MappingDraft) -> Mapping:
        """Raises: Invalid for the selector or type; MissingRole on the instance or plugin; Conflict at the limit."""
        target = self.get_target(actor, target_id, Action.EDIT)
        compile_selector(draft.selector)
        config_type(draft.object_type, "objectType")
        if draft.plugin_id is not None:
            self.plugins.get(actor, draft.plugin_id, Action.EDIT)
        if len(self.mappings.list_all(actor.org_id, target.id)) >= MAX_MAPPINGS:
            raise Conflict(f"A target has at most {MAX_MAPPINGS} mappings; use wider selectors.")
        mapping = self._mapping(actor, target, draft)
        with self.begin() as work:
            self.mappings.add(mapping, work)
            self.targets.update(target, {"mappings_changed_at": mapping.created_at}, work)
        return mapping

    def get_mapping(self, actor: Actor, mapping_id: str) -> Mapping:
        mapping = self.mappings.find(actor.org_id, mapping_id)
        if mapping is None:
            raise NotFound("connector mapping")
        self.get_target(actor, mapping.target_id)
        return mapping

    def list_mappings(self, actor: Actor, target_id: str, page: PageRequest) -> Page[Mapping]:
        target = self.get_target(actor, target_id)
        return self.mappings.list_page(actor.org_id, target.id, page)

    def _account(self, actor: Actor, connector_type: str, remote_id: str) -> ConnectorAccount:
        try:
            installation = self.connector().installation(int(remote_id))
        except (SourceUnavailable, ValueError) as error:
            raise Invalid.field("remoteId", "GitHub knows no such installation of this deployment's app") from error
        at = self.mint.now()
        return ConnectorAccount(
            id=self.mint.new_id("cac"),
            org_id=actor.org_id,
            type=connector_type,
            remote_id=str(installation.id),
            login=installation.login,
            account_type=installation.account_type,
            repository_selection=installation.repository_selection,
            permissions=dict(installation.permissions),
            status=AccountStatus.SUSPENDED if installation.suspended else AccountStatus.ACTIVE,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
        )

    def _target(
        self, actor: Actor, instance: ConnectorInstance, account: ConnectorAccount, draft: TargetDraft
    ) -> ConnectorTarget:
        at = self.mint.now()
        try:
            repository = self.connector().repository(int(account.remote_id), draft.repository_full_name)
            branch = draft.branch or repository.default_branch
            # The head is asked with a token for this one repository: what is merely public is refused here.
            self.connector().reader(int(account.remote_id), repository.id).head(f"refs/heads/{branch}")
        except SourceEmpty:
            pass
        except SourceUnavailable as error:
            raise Invalid.field("repositoryFullName", f"cannot be read by the installation: {error.message}") from error
        return ConnectorTarget(
            id=self.mint.new_id("ctg"),
            org_id=actor.org_id,
            instance_id=instance.id,
            type=instance.type,
            installation_id=account.remote_id,
            repository_id=repository.id,
            repository_full_name=repository.full_name,
            branch=branch,
            default_branch=repository.default_branch,
            health=TargetHealth.HEALTHY,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
            next_check_at=at + CHECK_INTERVAL,
        )

    def _mapping(self, actor: Actor, target: ConnectorTarget, draft: MappingDraft) -> Mapping:
        at = self.mint.now()
        return Mapping(
            id=self.mint.new_id("cmp"),
            org_id=actor.org_id,
            target_id=target.id,
            selector=draft.selector,
            object_type=draft.object_type,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
            plugin_id=draft.plugin_id,
            auto_add_to_plugin=draft.auto_add_to_plugin,
            parser_mode=draft.parser_mode,
        )


def _require_type(connector_type: str) -> None:
    if connector_type != GITHUB:
        raise Invalid.field("type", f"this deployment supports {GITHUB}")
