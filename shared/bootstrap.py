"""The composition root: builds each use case once, when it is first asked for.

The only place that reads the clock, draws randomness and opens AWS clients. Imports are local, so that a function
loads no more than it uses: the webhook never sees a parser, delivery never sees GitHub.
"""

import json
import random
import secrets
import time
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from shared.settings import Settings

if TYPE_CHECKING:
    from shared.connectors.port import Connector
    from shared.messaging.sync_queue import SyncQueue
    from shared.repositories.table import Table
    from shared.repositories.unit_of_work import UnitOfWork
    from shared.services.authentication import Authentication, JwtVerifier
    from shared.services.config_objects import ConfigObjects
    from shared.services.connectors import Connectors
    from shared.services.delivery import Delivery
    from shared.services.delivery_access import DeliveryAccess
    from shared.services.delivery_contents import DeliveryContents
    from shared.services.delivery_digests import DeliveryDigests
    from shared.services.directory import Directory
    from shared.services.grants import PluginGrants
    from shared.services.idempotency import Idempotency
    from shared.services.ingestion import Ingestion
    from shared.services.marketplace_git import GitMarketplace
    from shared.services.mint import Mint
    from shared.services.object_listing import ObjectListing
    from shared.services.organizations import Capabilities
    from shared.services.plugins import Plugins
    from shared.services.readiness import Readiness
    from shared.services.reconciliation.reconciler import Reconciler
    from shared.services.reconciliation.record import Record
    from shared.services.reconciliation.worker import Worker
    from shared.services.resolution import PluginResolution
    from shared.services.sweeper import Sweeper
    from shared.services.sync_event_listing import SyncEventListing
    from shared.services.sync_events import SyncEvents
    from shared.services.visibility import Visibility
    from shared.services.webhooks import Webhooks
    from shared.storage.content_store import ContentStore
    from shared.storage.secrets import SecretStore


def utc_now() -> datetime:
    """Now, to the millisecond: the precision of everything stored and shown."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Services:
    """Every use case, wired to this deployment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    # Far sides

    @cached_property
    def _session(self) -> Any:
        import botocore.session

        return botocore.session.get_session()

    def _client(self, service: str, **config: Any) -> Any:
        from botocore.config import Config

        # A call that hangs must fail while its function still has time to say so.
        defaults = {"connect_timeout": 1, "read_timeout": 3, "retries": {"max_attempts": 2, "mode": "standard"}}
        return self._session.create_client(service, config=Config(**(defaults | config)))

    @cached_property
    def table(self) -> "Table":
        from shared.repositories.table import Table

        return Table(self._client("dynamodb", max_pool_connections=20), self.settings.table)

    @cached_property
    def content(self) -> "ContentStore":
        from shared.storage.content_store import ContentStore

        options = {"signature_version": "s3v4", "s3": {"addressing_style": "path"}, "read_timeout": 10}
        return ContentStore(self._client("s3", max_pool_connections=20, **options), self.settings.bucket)

    @cached_property
    def queue(self) -> "SyncQueue":
        from shared.messaging.sync_queue import SyncQueue

        return SyncQueue(self._client("sqs"), self.settings.queue_url)

    @cached_property
    def secrets(self) -> "SecretStore":
        from shared.storage.secrets import SecretStore

        return SecretStore(self._client("secretsmanager"), utc_now)

    @cached_property
    def connector(self) -> "Connector":
        from shared.connectors.github.connector import GitHubConnector

        return GitHubConnector(
            self.settings.github_api_url,
            self.settings.github_app_id,
            lambda: self.secrets.get(self.settings.github_app_key_secret),
            now=time.time,
            sleep=time.sleep,
            random=random.random,
        )

    @cached_property
    def jwt_verifier(self) -> "JwtVerifier | None":
        if not self.settings.oidc_issuer:
            return None
        from shared.identity.oidc import OidcVerifier

        settings = self.settings
        keys_url = settings.oidc_jwks_url or None
        return OidcVerifier(settings.oidc_issuer, settings.oidc_audience, now=time.time, jwks_url=keys_url)

    @cached_property
    def mint(self) -> "Mint":
        from shared.services.mint import Mint

        return Mint(utc_now, secrets.randbits)

    def begin(self) -> "UnitOfWork":
        from shared.repositories.unit_of_work import UnitOfWork

        return UnitOfWork(self.table)

    # Use cases

    @cached_property
    def authentication(self) -> "Authentication":
        from shared.repositories.credentials import CredentialRepository
        from shared.repositories.members import MemberRepository
        from shared.repositories.organizations import OrganizationRepository
        from shared.services.authentication import Authentication

        return Authentication(
            CredentialRepository(self.table),
            MemberRepository(self.table),
            OrganizationRepository(self.table),
            self.jwt_verifier,
            self.mint,
        )

    @cached_property
    def directory(self) -> "Directory":
        from shared.repositories.connectors import ConnectorAccountRepository
        from shared.repositories.credentials import CredentialRepository
        from shared.repositories.members import MemberRepository, TeamRepository
        from shared.repositories.organizations import OrganizationRepository
        from shared.services.directory import Directory

        return Directory(
            OrganizationRepository(self.table),
            MemberRepository(self.table),
            TeamRepository(self.table),
            CredentialRepository(self.table),
            ConnectorAccountRepository(self.table),
            self.mint,
            self.begin,
        )

    @cached_property
    def capabilities(self) -> "Capabilities":
        from shared.repositories.organizations import OrganizationRepository
        from shared.services.organizations import Capabilities

        return Capabilities(OrganizationRepository(self.table))

    @cached_property
    def visibility(self) -> "Visibility":
        from shared.repositories.plugins import PluginRepository
        from shared.services.visibility import Visibility

        return Visibility(PluginRepository(self.table))

    @cached_property
    def ingestion(self) -> "Ingestion":
        from shared.repositories.config_objects import ConfigObjectRepository
        from shared.repositories.grants import GrantRepository
        from shared.repositories.versions import VersionRepository
        from shared.services.ingestion import Ingestion

        return Ingestion(
            ConfigObjectRepository(self.table),
            VersionRepository(self.table),
            GrantRepository(self.table),
            self.content,
            self.mint,
        )

    @cached_property
    def plugins(self) -> "Plugins":
        from shared.repositories.config_objects import ConfigObjectRepository
        from shared.repositories.grants import GrantRepository
        from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
        from shared.services.plugins import Plugins

        return Plugins(
            PluginRepository(self.table),
            PluginMembershipRepository(self.table),
            ConfigObjectRepository(self.table),
            GrantRepository(self.table),
            self.capabilities,
            self.visibility,
            self.mint,
            self.begin,
        )

    @cached_property
    def plugin_grants(self) -> "PluginGrants":
        from shared.repositories.grants import GrantRepository
        from shared.repositories.members import MemberRepository, TeamRepository
        from shared.services.grants import PluginGrants

        return PluginGrants(
            self.plugins,
            GrantRepository(self.table),
            MemberRepository(self.table),
            TeamRepository(self.table),
            self.capabilities,
            self.mint,
            self.begin,
        )

    @cached_property
    def config_objects(self) -> "ConfigObjects":
        from shared.repositories.config_objects import ConfigObjectRepository
        from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
        from shared.repositories.versions import VersionRepository
        from shared.services.config_objects import ConfigObjects

        return ConfigObjects(
            ConfigObjectRepository(self.table),
            VersionRepository(self.table),
            PluginRepository(self.table),
            PluginMembershipRepository(self.table),
            self.ingestion,
            self.plugins,
            self.capabilities,
            self.visibility,
            self.begin,
        )

    @cached_property
    def object_listing(self) -> "ObjectListing":
        from shared.repositories.config_objects import ConfigObjectRepository
        from shared.repositories.plugins import PluginMembershipRepository
        from shared.services.object_listing import ObjectListing

        return ObjectListing(
            ConfigObjectRepository(self.table), PluginMembershipRepository(self.table), self.visibility
        )

    @cached_property
    def plugin_resolution(self) -> "PluginResolution":
        from shared.repositories.config_objects import ConfigObjectRepository
        from shared.repositories.plugins import PluginMembershipRepository
        from shared.repositories.versions import VersionRepository
        from shared.services.resolution import PluginResolution

        return PluginResolution(
            self.plugins,
            PluginMembershipRepository(self.table),
            ConfigObjectRepository(self.table),
            VersionRepository(self.table),
        )

    @cached_property
    def sync_events(self) -> "SyncEvents":
        from shared.repositories.connectors import ConnectorInstanceRepository, ConnectorTargetRepository
        from shared.repositories.sync_events import SyncEventRepository
        from shared.services.sync_events import SyncEvents

        return SyncEvents(
            SyncEventRepository(self.table),
            ConnectorTargetRepository(self.table),
            ConnectorInstanceRepository(self.table),
            self.queue,
            self.mint,
            self.begin,
        )

    @cached_property
    def reconciler(self) -> "Reconciler":
        from shared.repositories.bindings import BindingRepository
        from shared.repositories.config_objects import ConfigObjectRepository
        from shared.repositories.connectors import (
            ConnectorInstanceRepository,
            ConnectorTargetRepository,
            MappingRepository,
        )
        from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
        from shared.repositories.sync_events import SyncEventRepository
        from shared.repositories.versions import VersionRepository
        from shared.services.reconciliation.apply import Apply
        from shared.services.reconciliation.look import Look
        from shared.services.reconciliation.reconciler import Reconciler
        from shared.services.reconciliation.stored import StoredFiles
        from shared.services.reconciliation.write import Rows

        events, targets = SyncEventRepository(self.table), ConnectorTargetRepository(self.table)
        objects, bindings = ConfigObjectRepository(self.table), BindingRepository(self.table)
        stored = StoredFiles(objects, VersionRepository(self.table), self.content)
        rows = Rows(
            objects,
            bindings,
            PluginRepository(self.table),
            PluginMembershipRepository(self.table),
            self.ingestion,
            self.mint,
        )
        return Reconciler(
            events,
            targets,
            ConnectorInstanceRepository(self.table),
            MappingRepository(self.table),
            Look(events, bindings, stored, self.mint),
            Apply(rows, self.record, self.begin),
            self.record,
            self.sync_events,
            self.connector,
        )

    @cached_property
    def record(self) -> "Record":
        from shared.repositories.connectors import ConnectorInstanceRepository, ConnectorTargetRepository
        from shared.repositories.sync_events import SyncEventRepository
        from shared.services.reconciliation.record import Record

        return Record(
            SyncEventRepository(self.table),
            ConnectorTargetRepository(self.table),
            ConnectorInstanceRepository(self.table),
            self.mint,
            self.begin,
        )

    @cached_property
    def worker(self) -> "Worker":
        from shared.services.reconciliation.worker import Worker

        return Worker(self.reconciler, self.queue, self.mint)

    @cached_property
    def sweeper(self) -> "Sweeper":
        from shared.repositories.connectors import ConnectorTargetRepository
        from shared.repositories.sync_events import SyncEventRepository
        from shared.services.sweeper import Sweeper

        targets, events = ConnectorTargetRepository(self.table), SyncEventRepository(self.table)
        return Sweeper(targets, events, self.sync_events, self.record, self.connector, self.mint, self.begin)

    @cached_property
    def webhooks(self) -> "Webhooks":
        from shared.connectors.github import webhook
        from shared.services.webhooks import Webhooks

        return Webhooks({"github": webhook}, self._webhook_secrets, lambda: self.sync_events)

    def _webhook_secrets(self) -> list[str]:
        """The current secret and, while it is rotated, the previous one."""
        if not self.settings.webhook_secret:
            return []
        kept = json.loads(self.secrets.get(self.settings.webhook_secret))
        return [secret for name in ("current", "previous") if (secret := kept.get(name))]

    @cached_property
    def sync_event_listing(self) -> "SyncEventListing":
        from shared.repositories.connectors import ConnectorInstanceRepository, ConnectorTargetRepository
        from shared.repositories.sync_events import SyncEventRepository
        from shared.services.sync_event_listing import SyncEventListing

        return SyncEventListing(
            SyncEventRepository(self.table),
            ConnectorTargetRepository(self.table),
            ConnectorInstanceRepository(self.table),
        )

    @cached_property
    def connectors(self) -> "Connectors":
        from shared.repositories.connectors import (
            ConnectorAccountRepository,
            ConnectorInstanceRepository,
            ConnectorTargetRepository,
            MappingRepository,
        )
        from shared.repositories.grants import GrantRepository
        from shared.services.connectors import Connectors

        return Connectors(
            ConnectorAccountRepository(self.table),
            ConnectorInstanceRepository(self.table),
            ConnectorTargetRepository(self.table),
            MappingRepository(self.table),
            GrantRepository(self.table),
            self.plugins,
            self.capabilities,
            lambda: self.connector,
            self.mint,
            self.begin,
        )

    @cached_property
    def delivery_access(self) -> "DeliveryAccess":
        from shared.repositories.config_objects import ConfigObjectRepository
        from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
        from shared.services.delivery_access import DeliveryAccess

        return DeliveryAccess(
            PluginRepository(self.table), PluginMembershipRepository(self.table), ConfigObjectRepository(self.table)
        )

    @cached_property
    def delivery_contents(self) -> "DeliveryContents":
        from shared.repositories.config_objects import ConfigObjectRepository
        from shared.repositories.plugins import PluginMembershipRepository
        from shared.repositories.versions import VersionRepository
        from shared.services.delivery_contents import DeliveryContents

        return DeliveryContents(
            PluginMembershipRepository(self.table),
            ConfigObjectRepository(self.table),
            VersionRepository(self.table),
            lambda: self.content,
        )

    @cached_property
    def delivery_digests(self) -> "DeliveryDigests":
        from shared.repositories.plugins import PluginRepository
        from shared.services.delivery_digests import DeliveryDigests

        return DeliveryDigests(PluginRepository(self.table), self.delivery_contents, self.begin)

    @cached_property
    def delivery(self) -> "Delivery":
        from shared.services.delivery import Delivery

        return Delivery(self.delivery_access, self.delivery_contents, self.delivery_digests, lambda: self.content)

    @cached_property
    def git_marketplace(self) -> "GitMarketplace":
        from shared.services.marketplace_git import GitMarketplace
        from shared.services.marketplace_repositories import Repositories

        repositories = Repositories(self.content)
        return GitMarketplace(self.delivery_access, self.delivery_contents, self.delivery_digests, repositories)

    @cached_property
    def idempotency(self) -> "Idempotency":
        from shared.repositories.idempotency import IdempotencyRepository
        from shared.services.idempotency import Idempotency

        return Idempotency(IdempotencyRepository(self.table), self.mint, self.begin)

    @cached_property
    def readiness(self) -> "Readiness":
        from shared.services.readiness import Readiness

        return Readiness(self.table, self.queue, self.content)


@cache
def services() -> Services:
    """This process's services; opened once, kept between invocations."""
    return Services(Settings.from_environment())
