"""Connector instances at work and at rest: disable, archive, enable, and syncing everything at once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from shared.domain.access import Action, Actor
from shared.domain.connector import AccountStatus, ConnectorInstance, ConnectorTarget, InstanceStatus, TargetHealth
from shared.domain.errors import Conflict
from shared.domain.sync_event import SyncEvent, SyncTrigger
from shared.repositories.connector_accounts import ConnectorAccountRepository
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_instances import ConnectorInstances
from shared.services.decided_anew import decided_anew
from shared.services.mint import Mint
from shared.services.sync_events import SyncEvents


@dataclass(frozen=True, slots=True)
class InstanceLifecycle:
    """Every verb is idempotent, and repeated it finishes what was cut off."""

    instances: ConnectorInstances
    instance_rows: ConnectorInstanceRepository
    targets: ConnectorTargetRepository
    accounts: ConnectorAccountRepository
    sync_events: SyncEvents
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def disable(self, actor: Actor, instance_id: str) -> ConnectorInstance:
        """Stop syncing; what was synced stays as it is. Raises: NotFound, MissingRole; Conflict for an archived one."""
        instance = self.instances.get(actor, instance_id, Action.EDIT)
        if instance.status == InstanceStatus.ARCHIVED:
            raise Conflict("The connector instance is archived; enable it to bring it back.")
        return self.rest(instance, InstanceStatus.DISABLED)

    def archive(self, actor: Actor, instance_id: str) -> ConnectorInstance:
        """Put it aside for good; `enable` brings it back. Raises: NotFound, MissingRole."""
        return self.rest(self.instances.get(actor, instance_id, Action.DISPOSE), InstanceStatus.ARCHIVED)

    def enable(self, actor: Actor, instance_id: str) -> ConnectorInstance:
        """Sync again, at once: pushes that came meanwhile are caught up.

        Raises: NotFound; MissingRole (archived ones take a manager); Conflict while the account is not active.
        """
        instance = self.instances.get(actor, instance_id, Action.EDIT)
        if instance.status == InstanceStatus.ARCHIVED:
            self.instances.get(actor, instance_id, Action.DISPOSE)
        account = self.accounts.find(actor.org_id, instance.account_id)
        if account is None or account.status == AccountStatus.DISCONNECTED:
            raise Conflict("The instance's connector account is disconnected; connect it again first.")
        was_at_rest = instance.status != InstanceStatus.ACTIVE
        enabled = self._moved(instance, InstanceStatus.ACTIVE)
        for target in self.targets.list_all(instance.org_id, instance.id):
            if was_at_rest or target.next_check_at is None:
                self._wake(actor, target)
        return enabled

    def sync_now(self, actor: Actor, instance_id: str) -> list[SyncEvent]:
        """One run for each target. Raises: NotFound, MissingRole; Conflict while it does not sync, or has no target."""
        instance = self.instances.get(actor, instance_id, Action.SYNC)
        if instance.status != InstanceStatus.ACTIVE:
            raise Conflict(f"The connector instance is {instance.status.value}; enable it first.")
        targets = self.targets.list_all(instance.org_id, instance.id)
        if not targets:
            raise Conflict("The connector instance has no target yet; add one first.")
        return [self.sync_events.request(target, SyncTrigger.MANUAL, actor.id) for target in targets]

    def rest(self, instance: ConnectorInstance, status: InstanceStatus) -> ConnectorInstance:
        """Take an instance and its targets out of every run to come; queued ones end as superseded."""
        resting = self._moved(instance, status)
        checked = [one for one in self.targets.list_all(instance.org_id, instance.id) if one.next_check_at is not None]
        with self.begin().as_upkeep() as work:
            for target in checked:
                self.targets.update(target, {"next_check_at": None, "updated_at": self.mint.now()}, work)
        return resting

    def stop(self, target: ConnectorTarget) -> None:
        """Its account is disconnected: what it has brought is stale from now on."""
        if target.health is TargetHealth.DISCONNECTED:
            return
        stopped = {"health": TargetHealth.DISCONNECTED, "next_check_at": None, "updated_at": self.mint.now()}
        with self.begin().as_upkeep() as work:
            self.targets.update(target, stopped, work)

    def _moved(self, instance: ConnectorInstance, status: InstanceStatus) -> ConnectorInstance:
        def move() -> ConnectorInstance:
            current = self.instance_rows.find(instance.org_id, instance.id) or instance
            if current.status == status:
                return current
            at = self.mint.now()
            with self.begin() as work:
                self.instance_rows.update(current, {"status": status, "updated_at": at}, work)
            return replace(current, status=status, updated_at=at, revision=current.revision + 1)

        return decided_anew(move)

    def _wake(self, actor: Actor, target: ConnectorTarget) -> None:
        with self.begin().as_upkeep() as work:
            self.targets.update(target, {"next_check_at": self.mint.now()}, work)
        self.sync_events.request(target, SyncTrigger.LIFECYCLE, actor.id)
