"""Setting up GitHub: what an account reaches, whether a branch can be tracked, and connecting one in a single step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.connectors.port import Connector
from shared.domain.access import Actor, Capability
from shared.domain.connector import (
    AccountStatus,
    ConnectorAccount,
    ConnectorInstance,
    ConnectorTarget,
    InstanceStatus,
)
from shared.domain.discovery.run import DiscoveryRun
from shared.domain.errors import Conflict, Invalid
from shared.domain.paging import Page, PageRequest
from shared.domain.source_tree import Repository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_accounts import GITHUB, ConnectorAccounts
from shared.services.connector_instances import ConnectorInstances
from shared.services.connector_targets import ConnectorTargets, TargetDraft
from shared.services.discovery.discoveries import Discoveries
from shared.services.organizations import Capabilities
from shared.services.source_checks import CheckedSource, SourceChecks

_FIRST: Final = 1


@dataclass(frozen=True, slots=True)
class Connected:
    account: ConnectorAccount
    instance: ConnectorInstance
    target: ConnectorTarget
    discovery: DiscoveryRun


@dataclass(frozen=True, slots=True)
class Validity:
    """What a target would track, or the field that stands in its way and why."""

    source: CheckedSource | None
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GitHubSetup:
    accounts: ConnectorAccounts
    instances: ConnectorInstances
    targets: ConnectorTargets
    sources: SourceChecks
    discoveries: Discoveries
    capabilities: Capabilities
    connector: Callable[[], Connector] = field(repr=False)
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def list_repositories(self, actor: Actor, account_id: str, page: PageRequest) -> Page[Repository]:
        """What an account's installation reaches, in GitHub's order.

        A list that goes on keeps the page size it began with: GitHub counts in pages, not in rows.
        Raises: MissingCapability, NotFound; Conflict while the account is not active.
        """
        account = self._active(actor, account_id)
        number, size = _place(page)
        found = self.connector().repository_page(int(account.remote_id), number, size)
        more = number * size < found.total and found.repositories
        return Page(found.repositories, f"{number + 1}:{size}" if more else None)

    def validate(self, actor: Actor, account_id: str, draft: TargetDraft) -> Validity:
        """Whether a target could be made of this; nothing is stored. Raises as `list_repositories` does."""
        account = self._active(actor, account_id)
        try:
            return Validity(self.sources.check(account, draft.repository_full_name, draft.branch))
        except Invalid as error:
            return Validity(None, tuple((one.path, one.message) for one in error.errors))

    def connect(self, actor: Actor, remote_id: str, name: str, draft: TargetDraft) -> Connected:
        """Account, instance, target and a first look at the repository: all of them or none.

        An account that is there is used.

        Raises: MissingCapability; NotFound without a claim; Invalid for what cannot be read; Conflict while the
            account is not active, when an instance of this name tracks the branch already (naming both), or when the
            account has as many instances as it may.
        """
        self.capabilities.require(actor, Capability.CONNECTOR_INSTANCE_CREATE)
        account, is_new = self.accounts.of_installation(actor, GITHUB, remote_id)
        if account.status != AccountStatus.ACTIVE:
            raise Conflict(f"The installation is {account.status.value}; mend that at GitHub first.")
        source = self.sources.check(account, draft.repository_full_name, draft.branch)
        instance = self.instances.draft(actor, account, name)
        target = self.targets.draft(actor, instance, source, follows_default=draft.branch is None)
        if not is_new:
            self._require_new(account, instance, target)
        discovery = self.discoveries.draft(target, actor.id)
        with self.begin() as work:
            if is_new:
                self.accounts.accounts.add(account, work)
            self.instances.add(instance, work)
            self.targets.targets.add(target, work)
            self.discoveries.runs.put(discovery, work)
        self.discoveries.enqueue(discovery)
        return Connected(account, instance, target, discovery)

    def _require_new(self, account: ConnectorAccount, instance: ConnectorInstance, target: ConnectorTarget) -> None:
        """Setting up a second time would take everything in twice; under another name somebody may want that."""
        known = self.instances.list_with_room(account)
        called_so = [one.id for one in known if one.name == instance.name and one.status != InstanceStatus.ARCHIVED]
        for instance_id, target_id in self.targets.targets.find_tracking_in(target, called_so).items():
            raise Conflict(
                f"{target_id} of {instance_id} tracks {target.branch} of {target.repository_full_name} already; "
                "give the instance another name to take it in once more."
            )

    def _active(self, actor: Actor, account_id: str) -> ConnectorAccount:
        account = self.accounts.get(actor, account_id)
        if account.status != AccountStatus.ACTIVE:
            raise Conflict(f"The connector account is {account.status.value}.")
        return account


def _place(page: PageRequest) -> tuple[int, int]:
    """The page number and size at GitHub."""
    if page.after is None:
        return _FIRST, page.limit
    number, _, size = page.after.partition(":")
    return int(number), int(size)
