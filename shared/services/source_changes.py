"""Applies what changed at the far side: asks it what is true now, and makes accounts and targets say the same.

Harmless to repeat, and in any order: nothing is concluded from what a webhook told, only from the answer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from shared.connectors.port import Connector
from shared.domain.connected_account import account_changes
from shared.domain.connector import AccountStatus, ConnectorAccount, ConnectorInstance, ConnectorTarget
from shared.domain.errors import Retryable
from shared.domain.source_changes import SourceChange, shows_installation, shows_repository
from shared.domain.source_errors import SourceForbidden, SourceNotFound
from shared.domain.source_tree import Installation, Repository
from shared.repositories.connector_accounts import ConnectorAccountRepository
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.source_change_intake import GITHUB, SWEEP
from shared.services.target_changes import TargetChanges

Tracked = tuple[ConnectorInstance, ConnectorTarget]


@dataclass(frozen=True, slots=True)
class SourceChanges:
    accounts: ConnectorAccountRepository
    instances: ConnectorInstanceRepository
    targets: ConnectorTargetRepository
    target_changes: TargetChanges
    connector: Connector
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def apply(self, change: SourceChange, has_time: Callable[[], bool]) -> None:
        """Raises: Retryable when the far side fails, does not show the change yet, or time is up: what is done stays
        done.
        """
        if change.repository_id is not None:
            self._apply_to_repository(change, change.repository_id)
        else:
            self._apply_to_installation(change, has_time)

    def _apply_to_repository(self, change: SourceChange, repository_id: int) -> None:
        installation = str(change.installation_id)
        found = self.targets.list_by_repository(repository_id)
        targets = [one for one in found if one.installation_id == installation]
        if not targets:
            return
        truth = self._repository(change.installation_id, repository_id)
        for target in targets:
            if not shows_repository(change, target, truth) and change.may_be_unseen(self.mint.now()):
                raise Retryable("GitHub does not show the change yet.")
            instance = self.instances.find(target.org_id, target.instance_id)
            if instance is not None and self._is_connected(instance):
                self.target_changes.follow(instance, target, truth, was_deleted=change.action == "deleted")

    def _is_connected(self, instance: ConnectorInstance) -> bool:
        """What the app tells of a repository says nothing of an account that an admin has disconnected."""
        account = self.accounts.find(instance.org_id, instance.account_id)
        return account is not None and account.status != AccountStatus.DISCONNECTED

    def _apply_to_installation(self, change: SourceChange, has_time: Callable[[], bool]) -> None:
        accounts = self.accounts.list_by_remote(GITHUB, str(change.installation_id))
        if not accounts:
            return
        truth = self._installation(change.installation_id)
        if not shows_installation(change, truth) and change.may_be_unseen(self.mint.now()):
            raise Retryable("GitHub does not show the change yet.")
        connected = [one for one in accounts if one.status != AccountStatus.DISCONNECTED or truth is None]
        for account in connected:
            self._update_account(account, truth)
        for instance, target, reached in self._looked_up(truth, list(self._tracked(connected))):
            if not has_time():
                raise Retryable("Time is up; the rest follows.")
            if truth is None:
                self.target_changes.disconnect(target)
            elif truth.suspended:
                self.target_changes.suspend(target)
            else:
                self.target_changes.follow(instance, target, reached, by_sweep=change.event == SWEEP)

    def _tracked(self, accounts: list[ConnectorAccount]) -> Iterator[Tracked]:
        for account in accounts:
            for instance in self.instances.list_by_account(account.org_id, account.id):
                for target in self.targets.list_all(account.org_id, instance.id):
                    yield instance, target

    def _looked_up(
        self, truth: Installation | None, tracked: list[Tracked]
    ) -> Iterator[tuple[ConnectorInstance, ConnectorTarget, Repository | None]]:
        """Each target with its repository, where the installation reaches it: one call for a hundred of them."""
        wanted = {target.repository_id for _, target in tracked}
        reached: dict[int, Repository] = {}
        if truth is not None and not truth.suspended and wanted:
            for repository in self.connector.repositories(truth.id):
                if repository.id in wanted:
                    reached[repository.id] = repository
                    if len(reached) == len(wanted):
                        break
        for instance, target in tracked:
            yield instance, target, reached.get(target.repository_id)

    def _installation(self, installation_id: int) -> Installation | None:
        try:
            return self.connector.installation(installation_id)
        except SourceNotFound:
            return None

    def _repository(self, installation_id: int, repository_id: int) -> Repository | None:
        """None for one that is deleted, or out of reach: GitHub answers both alike."""
        try:
            return self.connector.reader(installation_id, repository_id).repository()
        except (SourceNotFound, SourceForbidden):
            return None

    def _update_account(self, account: ConnectorAccount, truth: Installation | None) -> None:
        changes = account_changes(account, truth)
        if changes:
            with self.begin() as work:
                self.accounts.update(account, {**changes, "updated_at": self.mint.now()}, work)
