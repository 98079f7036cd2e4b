"""Every use case, wired to this deployment and built when it is first asked for.

Imports are local, so that a function loads no more than it uses: the webhook never sees a parser, delivery never
sees GitHub.
"""

import json
from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.discovering import Discovering

if TYPE_CHECKING:
    from shared.services.authoring import Authoring
    from shared.services.bulk_creation import BulkCreation
    from shared.services.config_objects import ConfigObjects
    from shared.services.grants import ResourceGrants
    from shared.services.idempotency import Idempotency
    from shared.services.imports import Imports
    from shared.services.indexing import Indexing
    from shared.services.ingestion import Ingestion
    from shared.services.mcp_checks import McpChecks
    from shared.services.object_changes import ObjectChanges
    from shared.services.object_comparison import ObjectComparison
    from shared.services.object_files import ObjectFiles
    from shared.services.object_lifecycle import ObjectLifecycle
    from shared.services.object_listing import ObjectListing
    from shared.services.object_metadata import ObjectMetadata
    from shared.services.object_plugins import ObjectPlugins
    from shared.services.plugin_composition import PluginComposition
    from shared.services.readiness import Readiness
    from shared.services.reconciliation.reconciler import Reconciler
    from shared.services.reconciliation.record import Record
    from shared.services.reconciliation.worker import Worker
    from shared.services.schemas import Schemas
    from shared.services.staleness import Staleness
    from shared.services.sweeper import Sweeper
    from shared.services.sync_event_listing import SyncEventListing
    from shared.services.webhooks import Webhooks


class Services(Discovering):
    @cached_property
    def ingestion(self) -> "Ingestion":
        from shared.services.ingestion import Ingestion

        return Ingestion(self.object_rows, self.version_rows, self.grant_rows, self.content, self.mint, self.sealing)

    @cached_property
    def object_grants(self) -> "ResourceGrants":
        return self._grants("config object", self.config_objects.get)

    @cached_property
    def config_objects(self) -> "ConfigObjects":
        from shared.services.config_objects import ConfigObjects

        return ConfigObjects(
            self.object_rows,
            self.version_rows,
            self.plugin_rows,
            self.membership_rows,
            self.ingestion,
            self.plugins,
            self.capabilities,
            self.visibility,
            self.schemas,
            self.begin,
        )

    @cached_property
    def staleness(self) -> "Staleness":
        from shared.services.staleness import Staleness

        return Staleness(self.stopped_target_rows, self.plugins)

    @cached_property
    def schemas(self) -> "Schemas":
        from shared.services.schemas import Schemas

        return Schemas(self.object_rows, self.version_rows, self.content, self.visibility)

    @cached_property
    def bulk_creation(self) -> "BulkCreation":
        from shared.services.bulk_creation import BulkCreation

        return BulkCreation(self.config_objects, self.mint)

    @cached_property
    def plugin_composition(self) -> "PluginComposition":
        from shared.services.plugin_composition import PluginComposition
        from shared.services.plugin_parts import PluginParts

        parts = PluginParts(
            self.config_objects, self.marketplace_rows, self.held_plugin_rows, self.grant_rows, self.mint
        )
        return PluginComposition(self.plugins, parts, self.plugin_grants, self.plugin_preparations)

    @cached_property
    def object_changes(self) -> "ObjectChanges":
        from shared.services.object_changes import ObjectChanges

        return ObjectChanges(self.config_objects, self.plugin_rows, self.begin)

    @cached_property
    def object_lifecycle(self) -> "ObjectLifecycle":
        from shared.services.object_lifecycle import ObjectLifecycle
        from shared.services.source_binding import SourceBinding

        source = SourceBinding(self.binding_rows, self.target_rows, self.mint)
        return ObjectLifecycle(
            self.object_changes, self.object_rows, self.version_rows, self.ingestion, source, self.mint
        )

    @cached_property
    def object_metadata(self) -> "ObjectMetadata":
        from shared.services.object_metadata import ObjectMetadata

        return ObjectMetadata(self.object_changes, self.object_rows, self.mint)

    @cached_property
    def mcp_checks(self) -> "McpChecks":
        from shared.services.mcp_checks import McpChecks

        return McpChecks(self.config_objects, lambda: self.mcp_client)

    @cached_property
    def authoring(self) -> "Authoring":
        from shared.services.authoring import Authoring

        return Authoring(self.capabilities, self.schemas)

    @cached_property
    def object_plugins(self) -> "ObjectPlugins":
        from shared.services.object_plugins import ObjectPlugins

        return ObjectPlugins(self.config_objects, self.plugin_rows, self.membership_rows, self.visibility)

    @cached_property
    def object_comparison(self) -> "ObjectComparison":
        from shared.services.object_comparison import ObjectComparison

        return ObjectComparison(self.config_objects, self.version_rows, self.content)

    @cached_property
    def object_files(self) -> "ObjectFiles":
        from shared.services.object_files import ObjectFiles

        return ObjectFiles(self.config_objects, self.version_rows, self.visibility, self.content, self.sealing)

    @cached_property
    def imports(self) -> "Imports":
        from shared.services.imports import Imports

        return Imports(self.config_objects)

    @cached_property
    def object_listing(self) -> "ObjectListing":
        from shared.services.object_listing import ObjectListing
        from shared.services.object_search import ObjectSearch

        search = ObjectSearch(self.object_rows, self.posting_rows, self.visibility)
        return ObjectListing(self.object_rows, self.membership_rows, self.posting_rows, search, self.visibility)

    @cached_property
    def indexing(self) -> "Indexing":
        from shared.services.indexing import Indexing

        return Indexing(self.object_rows, self.posting_rows, self.mint, self.begin)

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
