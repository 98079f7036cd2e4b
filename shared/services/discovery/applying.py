"""Carries an application out, part by part: begun, it is going to be whole, whoever has to finish it.

The journal row is the decision. Before it nothing is written; from then on every part is one transaction that also
counts itself, so that of any number of workers each part is written by one, and once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from shared.domain.connector import ConnectorTarget
from shared.domain.discovery.application import (
    Application,
    ApplicationPlan,
    ApplicationStatus,
    NewPlugin,
    PlannedAction,
    RestoredPlugin,
    RetiredPlugin,
)
from shared.domain.discovery.candidate import Candidate
from shared.domain.discovery.naming import plugin_name
from shared.domain.discovery.planning import Known, Names
from shared.domain.errors import Conflict, NameTaken, Retryable, Stale
from shared.domain.plugin import DeliveryMode, Plugin
from shared.domain.sync_event import SyncEvent, SyncTrigger
from shared.messaging.jobs import APPLICATION, JobMessage
from shared.messaging.sync_queue import SyncQueue
from shared.repositories.applications import PartTaken
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.discovery.parts import LEASE, ImportRows, PartWriter
from shared.services.mint import Mint
from shared.services.sync_events import SyncEvents
from shared.storage.proposals import ProposalStore

_RACES: Final = 5


@dataclass(frozen=True, slots=True)
class Applying:
    rows: ImportRows
    targets: ConnectorTargetRepository
    instances: ConnectorInstanceRepository
    organizations: OrganizationRepository
    stored: ProposalStore
    sync_events: SyncEvents
    queue: SyncQueue
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def known(self, target: ConnectorTarget) -> Known:
        """The target as it is: what it has imported, and all its mappings."""
        imports = self.rows.imports.list_all(target.org_id, target.id)
        plugins = self.rows.plugins.find_all(target.org_id, [one.resource_id for one in imports.values()])
        return Known(imports, plugins, self.rows.mappings.list_all(target.org_id, target.id))

    def names(self, target: ConnectorTarget, creator: str, chosen: Iterable[Candidate]) -> Names:
        """Which of the names that the candidates may get are the creator's already."""
        suffix = plugin_name(target.repository_full_name.rpartition("/")[2])[:40]
        wanted = [name for one in chosen for name in (one.name, f"{one.name}-{suffix}")]
        return Names(self.rows.plugins.find_names(target.org_id, creator, wanted), suffix)

    def start(self, target: ConnectorTarget, plan: ApplicationPlan, requested_by: str) -> Application:
        """Write the decision down. Raises: Conflict while another application of the target is open."""
        at = self.mint.now()
        application = Application(
            id=self.mint.new_id("job"),
            org_id=target.org_id,
            instance_id=target.instance_id,
            target_id=target.id,
            requested_by=requested_by,
            plan=self.stored.put_value(target.org_id, ApplicationPlan, plan),
            parts=len(plan.parts()),
            status=ApplicationStatus.OPEN,
            created_at=at,
            updated_at=at,
            lease_until=at + LEASE,
        )
        with self.begin().as_upkeep() as work:  # each part tells what it made
            self.rows.applications.begin(application, work)
        return application

    def finish(self, application: Application, *, then_sync: bool = True) -> Application:
        """Write the parts that are not written yet; the finished application. Raises: Retryable."""
        plan: ApplicationPlan = self.stored.get_value(application.org_id, ApplicationPlan, application.plan)
        while application.is_open:
            try:
                application = self._write_next(application, plan, then_sync=then_sync)
            except PartTaken:
                found = self.rows.applications.find(application.org_id, application.target_id)
                if found is None or found.id != application.id:
                    raise Conflict("The application was finished, and another one has begun.") from None
                application = found
        return application

    def finish_open(self, org_id: str, target_id: str) -> None:
        """What an earlier application of the target left undone, before anything else is decided about it."""
        application = self.rows.applications.find(org_id, target_id)
        if application is not None and application.is_open:
            self.finish(application)

    def resume(self, job: JobMessage) -> None:
        """A worker's way in: a message that was overtaken does nothing."""
        application = self.rows.applications.find(job.org_id, job.target_id)
        if application is not None and application.id == job.job_id:
            self.finish(application)

    def revive(self, application: Application) -> None:
        """Nobody works on it any more: have a worker finish it."""
        changes = {"attempts": application.attempts + 1, "lease_until": self.mint.now() + LEASE}
        with self.begin().as_upkeep() as work:
            self.rows.applications.advance(application, changes, work)
        self.queue.send_job(
            JobMessage(APPLICATION, application.org_id, application.target_id, application.id, application.attempts + 1)
        )

    def _write_next(self, application: Application, plan: ApplicationPlan, *, then_sync: bool) -> Application:
        """The next part, tried again where others write the same rows."""
        renames = False
        for _ in range(_RACES):
            try:
                return self._write_part(application, plan, renames=renames, then_sync=then_sync)
            except NameTaken:
                renames = True
            except Stale:
                continue
        raise Retryable("The plugins of this application are changed by others all the time.")

    def _write_part(
        self, application: Application, plan: ApplicationPlan, *, renames: bool, then_sync: bool
    ) -> Application:
        part, last = plan.parts()[application.done], application.done + 1 == application.parts
        known = self.rows.plugins.find_all(application.org_id, _changed(part))
        renamed = self._renamed(application, part, known) if renames else {}
        at = self.mint.now()
        changes: dict[str, object] = {"done": application.done + 1, "updated_at": at, "lease_until": at + LEASE}
        event: SyncEvent | None = None
        with self.begin() as work:
            writer = PartWriter(self.rows, application, plan, self._mode(application.org_id), known, renamed, work)
            for action in part:
                writer.write(action)
            if last:
                event = self._close(application, plan, writer, work, renames=renames, then_sync=then_sync)
                done = {"status": ApplicationStatus.DONE, "lease_until": None}
                changes |= {**done, "sync_event_id": event.id if event else None}
            self.rows.applications.advance(application, changes, work)
        if event is not None:
            self.sync_events.enqueue(event)
        return replace(application, **changes)  # type: ignore[arg-type]  # the keys are the application's fields

    def _close(
        self,
        application: Application,
        plan: ApplicationPlan,
        writer: PartWriter,
        work: UnitOfWork,
        *,
        renames: bool,
        then_sync: bool,
    ) -> SyncEvent | None:
        """The marketplace, what the target remembers, and the first sync: all or none of it."""
        if plan.marketplace is not None:
            writer.marketplace(plan.marketplace, renamed=renames)
        target = self.targets.find(application.org_id, application.target_id)
        if target is None:
            return None
        remembered = {
            "mappings_changed_at": self.mint.now(),
            "manifests": plan.manifests,
            "imported_by": application.requested_by,
        }
        self.targets.update(target, remembered, work)
        if plan.auto_import is not None:
            self.instances.follow_manifests(target.org_id, target.instance_id, plan.auto_import, work)
        return self.sync_events.add(target, SyncTrigger.SETUP, application.requested_by, work) if then_sync else None

    def _renamed(
        self, application: Application, part: Iterable[PlannedAction], known: dict[str, Plugin]
    ) -> dict[str, str]:
        """Names for new plugins whose planned ones somebody has taken since; unique by the plugin's own id."""
        found = {}
        for action in part:
            if isinstance(action, NewPlugin) and self._holder(application, action.name) is not None:
                found[action.plugin_id] = f"{action.name}-{action.plugin_id[-6:]}"
            if isinstance(action, RestoredPlugin) and (plugin := known.get(action.restored_id)) is not None:
                found |= {plugin.id: ""} if self.rows.plugins.find_by_name(plugin) else {}
        return found

    def _holder(self, application: Application, name: str) -> str | None:
        return self.rows.plugins.find_names(application.org_id, application.requested_by, [name]).get(name.lower())

    def _mode(self, org_id: str) -> DeliveryMode:
        organization = self.organizations.find(org_id)
        return organization.default_delivery_mode if organization else DeliveryMode.ROLLING


def _changed(part: Iterable[PlannedAction]) -> list[str]:
    retired = [one.retired_id for one in part if isinstance(one, RetiredPlugin)]
    return retired + [one.restored_id for one in part if isinstance(one, RestoredPlugin)]
