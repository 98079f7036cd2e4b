"""Connector targets: one repository and branch each; their access follows their instance."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from shared.domain.access import Action, Actor, require
from shared.domain.connector import CHECK_INTERVAL, ConnectorInstance, ConnectorTarget, TargetHealth
from shared.domain.errors import Conflict, NotFound, Stale
from shared.domain.paging import Page, PageRequest
from shared.domain.sync_event import SyncTrigger
from shared.repositories.connector_targets import BranchTracked, ConnectorTargetRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_instances import ConnectorInstances
from shared.services.decided_anew import decided_anew
from shared.services.mint import Mint
from shared.services.source_checks import CheckedSource, SourceChecks
from shared.services.sync_events import SyncEvents

MAX_TARGETS: Final = 99
"""Targets of one instance: they are put to rest together."""


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """Names the repository by `owner/name`; without a branch the default branch is followed, also when it changes."""

    repository_full_name: str
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class ConnectorTargets:
    targets: ConnectorTargetRepository
    instances: ConnectorInstances
    sources: SourceChecks
    sync_events: SyncEvents
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, instance_id: str, draft: TargetDraft) -> ConnectorTarget:
        """Track a branch.

        Raises: NotFound; MissingRole; Invalid when the installation cannot read the repository or branch; Conflict
            when the instance tracks it already, naming the target, or has as many as it may.
        """
        instance = self.instances.get(actor, instance_id, Action.EDIT)
        if len(self.targets.list_all(actor.org_id, instance.id)) >= MAX_TARGETS:
            raise Conflict(f"An instance has at most {MAX_TARGETS} targets; make another instance of the account.")
        source = self.sources.check(self.sources.account_of(instance), draft.repository_full_name, draft.branch)
        target = self.draft(actor, instance, source, follows_default=draft.branch is None)
        with self._naming_the_tracking(target, source.branch), self.begin() as work:
            self.targets.add(target, work)
        return target

    def draft(
        self, actor: Actor, instance: ConnectorInstance, source: CheckedSource, *, follows_default: bool
    ) -> ConnectorTarget:
        """A new target of a source that was found readable, not yet written."""
        at = self.mint.now()
        return ConnectorTarget(
            id=self.mint.new_id("ctg"),
            org_id=actor.org_id,
            instance_id=instance.id,
            type=instance.type,
            installation_id=source.installation_id,
            repository_id=source.repository.id,
            repository_full_name=source.repository.full_name,
            branch=source.branch,
            default_branch=source.repository.default_branch,
            health=TargetHealth.HEALTHY if source.head else TargetHealth.EMPTY,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
            follows_default=follows_default,
            next_check_at=at + CHECK_INTERVAL,
        )

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

    def switch_branch(
        self, actor: Actor, target_id: str, branch: str | None, if_match: int | None = None
    ) -> ConnectorTarget:
        """Track another branch of the repository, None for the default one, and sync it at once.

        Mappings stay. A path that both branches have keeps its object; what only one has is deleted or created.
        Raises: NotFound; MissingRole; Invalid for an unknown branch; Conflict when the instance tracks it already;
            Stale when `if_match` names an older state.
        """
        return decided_anew(lambda: self._switch(actor, target_id, branch, if_match), once=if_match is not None)

    def _switch(self, actor: Actor, target_id: str, branch: str | None, if_match: int | None) -> ConnectorTarget:
        target = self.get(actor, target_id, Action.EDIT)
        if if_match is not None and if_match != target.revision:
            raise Stale
        instance = self.instances.get(actor, target.instance_id, Action.EDIT)
        source = self.sources.check(self.sources.account_of(instance), target.repository_full_name, branch, target)
        changes: dict[str, object] = {
            "default_branch": source.repository.default_branch,
            "follows_default": branch is None,
            "held_back_by": None,
            "updated_at": self.mint.now(),
        }
        event = None
        with self._naming_the_tracking(target, source.branch), self.begin() as work:
            self.targets.switch_branch(target, source.branch, changes, work)
            if source.branch != target.branch and instance.is_active:
                event = self.sync_events.add(target, SyncTrigger.MANUAL, actor.id, work)
        if event is not None:
            self.sync_events.enqueue(event)
        return self.get(actor, target_id)

    @contextmanager
    def _naming_the_tracking(self, target: ConnectorTarget, branch: str) -> Iterator[None]:
        """A refusal says which target has the branch."""
        try:
            yield
        except BranchTracked as error:
            known = self.targets.find_tracking(target, branch) or "another target"
            raise Conflict(f"{known} tracks {branch} of {target.repository_full_name} already.") from error
