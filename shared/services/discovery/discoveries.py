"""Discovery as people use it: ask for a look at a repository, see how it goes, and read what was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from shared.domain.access import Action, Actor
from shared.domain.connector import ConnectorTarget, InstanceStatus
from shared.domain.discovery.application import Import
from shared.domain.discovery.candidate import Proposal
from shared.domain.discovery.listing import ListedPath, page_of
from shared.domain.discovery.run import OPEN, DiscoveryRun, RunStatus
from shared.domain.errors import Conflict, Invalid, NotFound
from shared.domain.paging import Page, PageRequest
from shared.messaging.jobs import DISCOVERY, JobMessage
from shared.messaging.sync_queue import SyncQueue
from shared.repositories.applications import ImportRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.discoveries import DiscoveryRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_instances import ConnectorInstances
from shared.services.mint import Mint
from shared.storage.proposals import ProposalStore

QUEUED_LEASE: Final = timedelta(minutes=15)
"""How long a queued run may wait before a sweep queues it again."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """A run with what it found, nothing as long as it is open; and what the target's candidates became."""

    run: DiscoveryRun
    proposal: Proposal | None
    imports: Sequence[Import]


@dataclass(frozen=True, slots=True)
class Discoveries:
    runs: DiscoveryRepository
    imports: ImportRepository
    targets: ConnectorTargetRepository
    instances: ConnectorInstances
    stored: ProposalStore
    queue: SyncQueue
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def refresh(self, actor: Actor, instance_id: str, target_id: str | None) -> DiscoveryRun:
        """Queue a look at the repository; one that is under way is the answer to asking again.

        Raises: NotFound; MissingRole; Invalid where the instance has several targets and none is named; Conflict
            while it is disabled or archived.
        """
        target = self.target(actor, instance_id, target_id, Action.EDIT)
        known = self.runs.find(actor.org_id, target.id)
        if known is not None and known.status in OPEN:
            self.enqueue(known)
            return known
        run = self.draft(target, actor.id)
        with self.begin() as work:
            self.runs.put(run, work)
        self.enqueue(run)
        return run

    def draft(self, target: ConnectorTarget, requested_by: str) -> DiscoveryRun:
        """A new run for a target that the caller has authorized: not yet written, nor queued."""
        at = self.mint.now()
        return DiscoveryRun(
            id=self.mint.new_id("dsc"),
            org_id=target.org_id,
            instance_id=target.instance_id,
            target_id=target.id,
            status=RunStatus.QUEUED,
            created_at=at,
            updated_at=at,
            requested_by=requested_by,
            lease_until=at + QUEUED_LEASE,
        )

    def enqueue(self, run: DiscoveryRun) -> None:
        """SQS drops a second message of the same attempt; one that is never sent, a sweep sends."""
        self.queue.send_job(JobMessage(DISCOVERY, run.org_id, run.target_id, run.id, run.attempts))

    def get(self, actor: Actor, instance_id: str, target_id: str | None) -> Discovered:
        """Raises: NotFound, also before the first refresh; Invalid where a target has to be named."""
        run = self._run(actor, instance_id, target_id)
        proposal = self.stored.get(run.org_id, run.proposal) if run.proposal else None
        return Discovered(run, proposal, list(self.imports.list_all(run.org_id, run.target_id).values()))

    def list_paths(
        self, actor: Actor, instance_id: str, target_id: str | None, prefix: str, page: PageRequest
    ) -> Page[ListedPath]:
        """The discovered commit's paths that begin with `prefix`, in order."""
        run = self._run(actor, instance_id, target_id)
        if run.listing is None:
            return Page([])
        found, more = page_of(self.stored.get_listing(run.org_id, run.listing), prefix, page.after, page.limit)
        return Page(found, found[-1].path if more else None)

    def target(self, actor: Actor, instance_id: str, target_id: str | None, action: Action) -> ConnectorTarget:
        """The named target of an instance, or its only one."""
        instance = self.instances.get(actor, instance_id, action)
        if action is not Action.VIEW and instance.status != InstanceStatus.ACTIVE:
            raise Conflict(f"The connector instance is {instance.status.value}; enable it first.")
        if target_id is not None:
            found = self.targets.find(actor.org_id, target_id)
            if found is None or found.instance_id != instance.id:
                raise NotFound("connector target")
            return found
        targets = self.targets.list_page(actor.org_id, instance.id, PageRequest(2)).items
        if len(targets) > 1:
            raise Invalid.field("targetId", "the instance has several targets; name one of them")
        if not targets:
            raise Invalid.field("targetId", "the instance has no target yet; create one first")
        return targets[0]

    def _run(self, actor: Actor, instance_id: str, target_id: str | None) -> DiscoveryRun:
        target = self.target(actor, instance_id, target_id, Action.VIEW)
        run = self.runs.find(actor.org_id, target.id)
        if run is None:
            raise NotFound("discovery run; ask for one with discovery/refresh")
        return run
