"""Every use case, wired to this deployment and built when it is first asked for.

Imports are local, so that a function loads no more than it uses: the webhook never sees a parser, delivery never
sees GitHub.
"""

import json
from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.objects import Objects

if TYPE_CHECKING:
    from shared.services.idempotency import Idempotency
    from shared.services.readiness import Readiness
    from shared.services.reconciliation.reconciler import Reconciler
    from shared.services.reconciliation.record import Record
    from shared.services.reconciliation.worker import Worker
    from shared.services.sweeper import Sweeper
    from shared.services.sync_event_listing import SyncEventListing
    from shared.services.webhooks import Webhooks


class Services(Objects):
    @cached_property
    def reconciler(self) -> "Reconciler":
        from shared.services.discovery.follow import FollowManifests
        from shared.services.reconciliation.apply import Apply
        from shared.services.reconciliation.fetch import Fetch
        from shared.services.reconciliation.look import Look
        from shared.services.reconciliation.reconciler import Reconciler
        from shared.services.reconciliation.stored import StoredFiles
        from shared.services.reconciliation.write import Rows

        stored = StoredFiles(self.object_rows, self.version_rows, self.content)
        rows = Rows(
            self.object_rows, self.binding_rows, self.plugin_rows, self.membership_rows, self.ingestion, self.mint
        )
        return Reconciler(
            self.event_rows,
            self.target_rows,
            self.instance_rows,
            self.mapping_rows,
            Look(self.event_rows, self.binding_rows, self.mint),
            Fetch(stored),
            FollowManifests(self.applying, self.instance_rows).follow,
            Apply(rows, self.schemas, self.record, self.begin),
            self.record,
            self.sync_events,
            self.connector,
        )

    @cached_property
    def record(self) -> "Record":
        from shared.services.reconciliation.record import Record

        return Record(self.event_rows, self.target_rows, self.instance_rows, self.mint, self.begin)

    @cached_property
    def worker(self) -> "Worker":
        from shared.services.reconciliation.worker import Worker

        return Worker(self.reconciler, self.source_changes, lambda: self.discovery_jobs, self.queue, self.mint)

    @cached_property
    def sweeper(self) -> "Sweeper":
        from shared.services.head_checks import HeadChecks
        from shared.services.redelivery import Redelivery
        from shared.services.sweeper import Sweeper

        redelivery = Redelivery(self.delivery_log_rows, self.connector, self.mint, self.begin)
        heads = HeadChecks(
            self.target_rows, self.sync_events, self.source_change_intake, self.connector, self.mint, self.begin
        )
        return Sweeper(self.target_rows, self.event_rows, self.sync_events, self.record, redelivery, heads, self.mint)

    @cached_property
    def webhooks(self) -> "Webhooks":
        from shared.connectors.github import webhook
        from shared.services.webhooks import Webhooks

        return Webhooks(
            {"github": webhook}, self._webhook_secrets, lambda: self.sync_events, lambda: self.source_change_intake
        )

    def _webhook_secrets(self) -> list[str]:
        """The current secret and, while it is rotated, the previous one."""
        if not self.settings.webhook_secret:
            return []
        kept = json.loads(self.secrets.get(self.settings.webhook_secret))
        return [secret for name in ("current", "previous") if (secret := kept.get(name))]

    @cached_property
    def sync_event_listing(self) -> "SyncEventListing":
        from shared.services.sync_event_listing import SyncEventListing

        return SyncEventListing(self.event_rows, self.target_rows, self.instance_rows)

    @cached_property
    def idempotency(self) -> "Idempotency":
        from shared.services.idempotency import Idempotency

        return Idempotency(self.answer_rows, self.mint, self.begin)

    @cached_property
    def readiness(self) -> "Readiness":
        from shared.services.readiness import Readiness

        return Readiness(self.table, self.queue, self.content)
