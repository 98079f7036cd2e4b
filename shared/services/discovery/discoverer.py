"""Works on a discovery run that was queued: looks at the repository, and is the one writer of the run's status."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.connectors.port import Connector
from shared.domain.discovery.run import MAX_WARNINGS, OPEN, DiscoveryRun, Failure, RunStatus, TreeSummary
from shared.domain.errors import DepotError, NotFound
from shared.domain.source_errors import SourceUnavailable
from shared.messaging.jobs import DISCOVERY, JobMessage
from shared.messaging.sync_queue import SyncQueue
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.discoveries import DiscoveryRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.discovery.survey import Survey, Surveyed, incomplete
from shared.services.mint import Mint
from shared.storage.proposals import ProposalStore

RUNNING_LEASE: Final = timedelta(minutes=16)
"""Longer than any function may run: past it, nobody is working on the run."""
MAX_ATTEMPTS: Final = 5
"""A run whose worker died so often kills its workers."""


class LookGivenUp(DepotError):
    code = "dead_letter"

    def __init__(self) -> None:
        super().__init__("The look at the repository failed too often; mend the cause and refresh.")


@dataclass(frozen=True, slots=True)
class Discoverer:
    runs: DiscoveryRepository
    targets: ConnectorTargetRepository
    stored: ProposalStore
    connector: Callable[[], Connector] = field(repr=False)
    queue: SyncQueue
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def discover(self, job: JobMessage) -> None:
        """Do what a message asks for; one that was overtaken does nothing.

        Raises: Retryable when the same message should be received again; RunOvertaken when another worker has it.
        """
        run = self._open_run(job)
        if run is None:
            return
        run = self._move(run, status=RunStatus.RUNNING, lease_until=self.mint.now() + RUNNING_LEASE)
        try:
            surveyed = self._survey(run)
        except (SourceUnavailable, NotFound) as error:
            self._finish(run, status=RunStatus.FAILED, failure=Failure(error.code, error.message))
        else:
            self._complete(run, surveyed)

    def postpone(self, job: JobMessage, error: DepotError, seconds: float) -> None:
        """The message comes back in `seconds`: say why on its run. Raises: RunOvertaken."""
        run = self._open_run(job)
        if run is not None:
            lease = self.mint.now() + timedelta(seconds=seconds) + RUNNING_LEASE
            self._move(run, status=RunStatus.QUEUED, failure=Failure(error.code, error.message), lease_until=lease)

    def give_up(self, job: JobMessage) -> None:
        """The message was received too often; another refresh starts over."""
        run = self._open_run(job)
        if run is not None:
            self._give_up(run)

    def revive(self, run: DiscoveryRun) -> None:
        """Nobody works on it any more: queue it again, or give it up."""
        if run.attempts >= MAX_ATTEMPTS:
            self._give_up(run)
            return
        lease = self.mint.now() + RUNNING_LEASE
        run = self._move(run, status=RunStatus.QUEUED, attempts=run.attempts + 1, lease_until=lease)
        self.queue.send_job(JobMessage(DISCOVERY, run.org_id, run.target_id, run.id, run.attempts))

    def list_expired(self, shard: str, until: datetime, limit: int) -> list[DiscoveryRun]:
        return self.runs.list_expired(shard, until, limit)

    def _survey(self, run: DiscoveryRun) -> Surveyed:
        target = self.targets.find(run.org_id, run.target_id)
        if target is None:
            raise NotFound("connector target")
        reader = self.connector().reader(int(target.installation_id), target.repository_id)
        return Survey(target, reader).run()

    def _complete(self, run: DiscoveryRun, surveyed: Surveyed) -> None:
        """What was found is stored before the row that names it, so that no row dangles."""
        found = surveyed.proposal
        warnings = [*found.warnings, *(note.at(".") for note in incomplete(surveyed))]
        self._finish(
            run,
            status=RunStatus.COMPLETED,
            revision=surveyed.revision,
            classification=found.classification,
            tree_summary=TreeSummary(
                len(surveyed.tree), found.scanned, found.truncated or not surveyed.complete, found.strategy
            ),
            steps=list(surveyed.steps),
            warnings=warnings[:MAX_WARNINGS],
            proposal=self.stored.put(run.org_id, found),
            listing=self.stored.put_listing(run.org_id, surveyed.tree),
            failure=None,
        )

    def _give_up(self, run: DiscoveryRun) -> None:
        error = LookGivenUp()
        self._finish(run, status=RunStatus.FAILED, failure=Failure(error.code, error.message))

    def _finish(self, run: DiscoveryRun, **outcome: object) -> None:
        self._move(run, **outcome, completed_at=self.mint.now(), lease_until=None)

    def _move(self, run: DiscoveryRun, **changes: object) -> DiscoveryRun:
        changes |= {"updated_at": self.mint.now()}
        with self.begin().as_upkeep() as work:  # asking for it was the deed
            self.runs.change(run, changes, work)
        return replace(run, **changes)  # type: ignore[arg-type]  # the keys are the run's fields

    def _open_run(self, job: JobMessage) -> DiscoveryRun | None:
        run = self.runs.find(job.org_id, job.target_id)
        is_meant = run is not None and (run.id, run.attempts) == (job.job_id, job.attempt) and run.status in OPEN
        return run if is_meant else None
