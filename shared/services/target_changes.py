"""What becomes of a target when its repository or its installation changes: its objects stay, whatever happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from shared.domain.connector import CHECK_INTERVAL, ConnectorInstance, ConnectorTarget, TargetHealth
from shared.domain.errors import Retryable, Stale
from shared.domain.source_tree import Repository
from shared.domain.sync_event import SyncTrigger
from shared.domain.target_health import OUT_OF_REACH
from shared.repositories.connector_targets import BranchTracked, ConnectorTargetRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.sync_events import SyncEvents

MAX_FORMER_NAMES: Final = 10


@dataclass(frozen=True, slots=True)
class TargetChanges:
    targets: ConnectorTargetRepository
    sync_events: SyncEvents
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def disconnect(self, target: ConnectorTarget) -> None:
        """Its installation is gone for good: nothing is checked any more."""
        if target.health != TargetHealth.DISCONNECTED or target.next_check_at is not None:
            self._write(target, {"health": TargetHealth.DISCONNECTED, "next_check_at": None})

    def suspend(self, target: ConnectorTarget) -> None:
        """It stays in the sweep, which notices the end of a suspension whose webhook was missed."""
        if target.health != TargetHealth.SUSPENDED:
            self._write(target, {"health": TargetHealth.SUSPENDED})

    def follow(
        self,
        instance: ConnectorInstance,
        target: ConnectorTarget,
        truth: Repository | None,
        *,
        was_deleted: bool = False,
        by_sweep: bool = False,
    ) -> None:
        """Make a target say what its repository is now; resync it when it is back, renamed, or on another branch.

        A sweep resyncs what is back itself, where the head has moved, and leaves pauses between its attempts.
        """
        if truth is None:
            self._lose(target, was_deleted=was_deleted)
            return
        changes, is_back = self._held_back(target, _facts(target, truth)), target.health in OUT_OF_REACH
        if is_back:
            changes["next_check_at"] = self.mint.now() + CHECK_INTERVAL if instance.is_active else None
        if not changes:
            return
        is_moved = not changes.keys().isdisjoint({"repository_full_name", "branch"})
        self._write(target, changes)
        # A job that dies right here leaves this to the sweep, which sees another head than the one synced last.
        if instance.is_active and (is_moved or (is_back and not by_sweep)):
            self.sync_events.request(target, SyncTrigger.LIFECYCLE, None)

    def _lose(self, target: ConnectorTarget, *, was_deleted: bool) -> None:
        """Out of reach; deleted where GitHub says so, and a deleted repository is not merely out of reach later."""
        health = TargetHealth.DELETED if was_deleted else TargetHealth.ACCESS_LOST
        if target.health not in (health, TargetHealth.DELETED):
            self._write(target, {"health": health})

    def _held_back(self, target: ConnectorTarget, changes: dict[str, Any]) -> dict[str, Any]:
        """The same, but for a branch that a sibling tracks: nothing is taken in twice, and the target says why."""
        holder = self.targets.find_tracking(target, changes["branch"]) if "branch" in changes else None
        if holder is not None:
            changes = {name: value for name, value in changes.items() if name != "branch"}
        return changes | ({"held_back_by": holder} if holder != target.held_back_by else {})

    def _write(self, target: ConnectorTarget, changes: dict[str, Any]) -> None:
        branch = changes.get("branch", target.branch)
        changes = {name: value for name, value in changes.items() if name != "branch"}
        changes["updated_at"] = self.mint.now()
        try:
            with self.begin() as work:
                self.targets.switch_branch(target, branch, changes, work)
        except (BranchTracked, Stale) as error:
            raise Retryable("The target has changed meanwhile; it is looked at again.") from error


def _facts(target: ConnectorTarget, truth: Repository) -> dict[str, Any]:
    """The fields of a target that its repository has changed."""
    changes: dict[str, Any] = {}
    if truth.full_name != target.repository_full_name:
        former = [target.repository_full_name, *(n for n in target.former_names if n != truth.full_name)]
        changes |= {"repository_full_name": truth.full_name, "former_names": former[:MAX_FORMER_NAMES]}
    if truth.default_branch != target.default_branch:
        changes["default_branch"] = truth.default_branch
    if target.follows_default and truth.default_branch != target.branch:
        changes["branch"] = truth.default_branch
    health = _health(target.health, truth)
    return changes | ({"health": health} if health != target.health else {})


def _health(before: TargetHealth, truth: Repository) -> TargetHealth:
    """A missing branch and an empty repository are for a sync to find out."""
    if truth.archived:
        return TargetHealth.ARCHIVED
    return TargetHealth.HEALTHY if before in OUT_OF_REACH or before == TargetHealth.ARCHIVED else before
