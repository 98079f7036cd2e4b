"""Connector targets: one repository and branch each; their access follows their instance."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.connectors.port import Connector
from shared.domain.access import Action, Actor, require
from shared.domain.connector import (
    CHECK_INTERVAL,
    AccountStatus,
    ConnectorAccount,
    ConnectorInstance,
    ConnectorTarget,
    TargetHealth,
)
from shared.domain.errors import Conflict, Invalid, NotFound
from shared.domain.paging import Page, PageRequest
from shared.domain.source_errors import SourceEmpty, SourceUnavailable
from shared.repositories.connector_accounts import ConnectorAccountRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_instances import ConnectorInstances
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """Names the repository by id or by `owner/name`; without a branch the default branch is tracked."""

    repository_full_name: str
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class ConnectorTargets:
    targets: ConnectorTargetRepository
    accounts: ConnectorAccountRepository
    instances: ConnectorInstances
    connector: Callable[[], Connector] = field(repr=False)
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, instance_id: str, draft: TargetDraft) -> ConnectorTarget:
        """Track a branch. Raises: Invalid when the installation cannot read the repository or branch."""
        instance = self.instances.get(actor, instance_id, Action.EDIT)
        account = self.accounts.find(actor.org_id, instance.account_id)
        if account is None or account.status != AccountStatus.ACTIVE:
            raise Conflict("The instance's connector account is not active.")
        target = self._target(actor, instance, account, draft)
        with self.begin() as work:
            self.targets.add(target, work)
        return target

    def get(self, actor: Actor, target_id: str, action: Action = Action.VIEW) -> ConnectorTarget:
        """A target's access follows its instance."""
        target = self.targets.find(actor.org_id, target_id)
        if target is None:
            raise NotFound("connector target")
        instance = self.instances.instances.find(actor.org_id, target.instance_id)
        require(actor, action, "connector target", instance.grants if instance else {})
        return target

    def list_page(self, actor: Actor, instance_id: str, page: PageRequest) -> Page[ConnectorTarget]:
        instance = self.instances.get(actor, instance_id)
        return self.targets.list_page(actor.org_id, instance.id, page)

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
