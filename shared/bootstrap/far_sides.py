"""Everything outside the process: AWS clients, GitHub, the identity provider, the clock and randomness.

The only place that reads the clock, draws randomness and opens clients; each when it is first asked for.
"""

import random
import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.bootstrap.occasions import current_occasion
from shared.settings import Settings
from shared.version import VERSION

if TYPE_CHECKING:
    from shared.connectors.mcp.client import McpClient
    from shared.connectors.port import Connector
    from shared.messaging.audit_bus import AuditBus
    from shared.messaging.sync_queue import SyncQueue
    from shared.repositories.audit_trail import AuditTrail
    from shared.repositories.table import Table
    from shared.repositories.unit_of_work import UnitOfWork
    from shared.services.authentication import JwtVerifier
    from shared.services.mint import Mint
    from shared.storage.content_store import ContentStore
    from shared.storage.key_service import KeyService
    from shared.storage.secrets import SecretStore
    from shared.storage.signing_key import SigningKey


def utc_now() -> datetime:
    """Now, to the millisecond: the precision of everything stored and shown."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class FarSides:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def _session(self) -> Any:
        import botocore.session

        from shared.bootstrap.failures import translate_failures
        from shared.repositories.row_parser import RowParserFactory

        session = botocore.session.get_session()
        session.register_component("response_parser_factory", RowParserFactory())
        translate_failures(session)
        return session

    def _client(self, service: str, **config: Any) -> Any:
        from botocore.config import Config

        # A call that hangs must fail while its function still has time to say so. botocore spells its own user agent
        # anew for every request.
        defaults = {
            "connect_timeout": 1,
            "read_timeout": 3,
            "retries": {"max_attempts": 2, "mode": "standard"},
            "user_agent": f"plugin-depot/{VERSION}",
        }
        return self._session.create_client(service, config=Config(**(defaults | config)))

    @cached_property
    def table(self) -> "Table":
        from shared.repositories.table import Table

        # Checking a batch of a hundred keys against the model takes longer than writing it; DynamoDB checks it, too.
        client = self._client("dynamodb", max_pool_connections=20, parameter_validation=False)
        return Table(client, self.settings.table)

    @cached_property
    def content(self) -> "ContentStore":
        from shared.storage.content_store import ContentStore

        options = {"signature_version": "s3v4", "s3": {"addressing_style": "path"}, "read_timeout": 10}
        return ContentStore(lambda: self._client("s3", max_pool_connections=20, **options), self.settings.bucket)

    @cached_property
    def key_service(self) -> "KeyService":
        from shared.storage.key_service import KeyService

        return KeyService(lambda: self._client("kms"), self.settings.data_key)

    @cached_property
    def signing_key(self) -> "SigningKey":
        from shared.storage.signing_key import SigningKey

        return SigningKey(lambda: self._client("kms"), self.settings.signing_key)

    def random_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    @cached_property
    def queue(self) -> "SyncQueue":
        from shared.messaging.sync_queue import SyncQueue

        return SyncQueue(self._client("sqs"), self.settings.queue_url)

    @cached_property
    def audit_bus(self) -> "AuditBus":
        from shared.messaging.audit_bus import AuditBus

        return AuditBus(self._client("events"), self.settings.audit_event_bus)

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
            lambda: self.secrets.get(self.settings.github_client_secret),
            now=time.time,
            sleep=time.sleep,
            random=random.random,
        )

    @cached_property
    def mcp_client(self) -> "McpClient":
        from shared.connectors.mcp.client import McpClient
        from shared.connectors.outbound.transport import Outbound

        return McpClient(Outbound(time.monotonic), time.monotonic)

    @cached_property
    def jwt_verifier(self) -> "JwtVerifier | None":
        if not self.settings.oidc_issuer:
            return None
        from shared.identity.oidc import OidcVerifier, claim_names

        settings = self.settings
        return OidcVerifier(
            settings.oidc_issuer,
            settings.oidc_audience,
            now=time.time,
            jwks_url=settings.oidc_jwks_url or None,
            names=replace(claim_names(settings.oidc_claims), groups=settings.oidc_groups_claim or None),
        )

    @cached_property
    def mint(self) -> "Mint":
        from shared.services.mint import Mint

        return Mint(utc_now, secrets.randbits)

    @cached_property
    def audit_retention(self) -> timedelta:
        return timedelta(days=int(self.settings.audit_retention_days))

    def begin(self) -> "UnitOfWork":
        """Whatever use case writes: what it changes is in the audit trail unless the use case says otherwise."""
        from shared.repositories.unit_of_work import UnitOfWork

        return UnitOfWork(self.table, trail=self.trail)

    @property
    def trail(self) -> "AuditTrail":
        """What a write of this moment leaves behind."""
        from shared.repositories.audit_trail import AuditTrail

        return AuditTrail(current_occasion(), lambda: self.mint.new_id("aud"), self.audit_retention)
