"""GitHub on one side, a deployment on the other: a test pushes, lets the queue be worked on, and looks."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from urllib3 import PoolManager

from functions.sweep.handler import handler as sweep
from functions.webhook.handler import handler as webhook
from local.github import GitHubStandIn
from local.github.stand_in import INSTALLATION_ID
from local.github.writing import Files
from shared.bootstrap import Services, services
from shared.connectors.github.connector import GitHubConnector
from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject
from shared.domain.connector import ConnectorTarget
from shared.domain.connector import Mapping as PathMapping
from shared.domain.errors import Retryable
from shared.domain.plugin import Plugin
from shared.domain.sync_event import SyncEvent
from shared.repositories.plugins import PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.repositories.versions import VersionRepository
from shared.services.connector_targets import TargetDraft
from shared.services.mappings import MappingDraft
from shared.services.mint import Mint
from shared.services.plugins import PluginDraft
from tests.fixtures.http import http_event
from tests.fixtures.people import Person
from tests.integration.sync.clock import Clock
from tests.integration.sync.queue import Context, Queue
from tests.integration.sync.rows import Rows

REPOSITORY = "acme/tools"
LOADER = botocore.session.get_session().get_component("data_loader")
"""Shared by all processes that a test starts: reading AWS's models is most of what a start costs."""
MAPPINGS = (("/skills/", "skill"), ("/commands/", "command"), ("/agents/", "agent"), ("/.mcp.json", "mcp"))


class Post:
    """Delivers GitHub's webhooks to the public function, as API Gateway does."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        self.answers.append(deliver(headers, body))
        status: int = self.answers[-1]["statusCode"]
        return status


def deliver(headers: Mapping[str, str], body: bytes | str, connector: str = "github") -> dict[str, Any]:
    """One delivery in, the function's answer out."""
    lower = {name.lower(): value for name, value in headers.items()}
    event = http_event("POST", f"/api/webhooks/connectors/{connector}", body, lower)
    return webhook(event | {"pathParameters": {"connector": connector}}, None)


@dataclass(frozen=True)
class Connected:
    """A repository that one org tracks; everything of it joins one plugin."""

    actor: Actor
    target_id: str
    instance_id: str
    plugin_id: str


@dataclass
class World:
    github: GitHubStandIn
    post: Post
    queue: Queue
    rows: Rows
    clock: Clock
    app_key: str
    pool: PoolManager = field(default_factory=lambda: PoolManager(retries=False))

    @property
    def depot(self) -> Services:
        return services()

    def restart(self) -> Services:
        """A new process: nothing remembered, no waiting between tries."""
        services.cache_clear()
        depot = services()
        depot._session.register_component("data_loader", LOADER)
        self.queue.watch(depot.queue)
        return self._equip(depot)

    def respawn(self) -> Services:
        """A new process that takes over the old one's connections: far quicker, where there are hundreds."""
        old = services()
        services.cache_clear()
        depot = services()
        for kept in ("_session", "table", "content", "queue", "secrets"):
            vars(depot)[kept] = getattr(old, kept)
        return self._equip(depot)

    def _equip(self, depot: Services) -> Services:
        """What a test needs otherwise than in production: its clock, its GitHub, and no waiting."""
        connector = GitHubConnector(
            self.github.url,
            "1",
            lambda: self.app_key,
            now=lambda: self.clock().timestamp(),
            sleep=lambda _: None,
            random=lambda: 0.0,
            pool=self.pool,
        )
        vars(depot).update(
            mint=Mint(self.clock, depot.mint.random_bits),
            connector=connector,
            begin=lambda: UnitOfWork(depot.table, lambda _: None, trail=depot.trail),
        )
        return depot

    def connect(
        self,
        owner: Person,
        files: Files | None = None,
        mappings: Sequence[tuple[str, str]] = MAPPINGS,
        repository: str = REPOSITORY,
    ) -> Connected:
        """Track the main branch of a repository, which is made with `files` unless it is there."""
        self.github.add_repository(repository, files)
        depot, actor = self.depot, self.depot.authentication.authenticate(owner.token, owner.org_id)
        depot.directory.claim_installation(owner.org_id, "github", str(INSTALLATION_ID))
        account = depot.accounts.create(actor, "github", str(INSTALLATION_ID))
        instance = depot.instances.create(actor, account.id, "tools")
        target = depot.targets.create(actor, instance.id, TargetDraft(repository))
        plugin = depot.plugins.create(actor, PluginDraft("tools"))
        connected = Connected(actor, target.id, instance.id, plugin.id)
        for selector, object_type in mappings:
            self.map(connected, selector, object_type, plugin.id)
        return connected

    def map(self, to: Connected, selector: str, object_type: str, plugin_id: str | None) -> PathMapping:
        return self.map_target(to, to.target_id, selector, object_type, plugin_id)

    def map_target(
        self, to: Connected, target_id: str, selector: str, object_type: str, plugin_id: str | None = None
    ) -> PathMapping:
        draft = MappingDraft(selector, object_type, plugin_id)
        return self.depot.mappings.create(to.actor, target_id, draft)

    def push(self, files: Files, *, announce: bool = True, repository: str = REPOSITORY) -> str:
        return self.github.commit(repository, files, announce=announce)

    def sync(self, files: Files, repository: str = REPOSITORY) -> SyncEvent:
        """Push, work until the queue is empty, and give the newest event."""
        self.push(files, repository=repository)
        self.queue.drain()
        return self.last_event()

    def resync(self, connected: Connected) -> SyncEvent:
        event = self.depot.sync_events.resync(connected.actor, connected.target_id)
        self.queue.drain()
        return self.event(event.id)

    def track(self, connected: Connected, instance_id: str, repository: str) -> ConnectorTarget:
        """One more repository of the same instance."""
        return self.depot.targets.create(connected.actor, instance_id, TargetDraft(repository))

    def heal(self) -> None:
        """Forget the failures that GitHub still has in store."""
        self.github._world.faults.clear()

    def sweep(self, chunks: int = 10_000) -> dict[str, int]:
        """The clock strikes; the function has time for so many targets."""
        return sweep({"source": "aws.events"}, Context(chunks))

    def try_to_sweep(self) -> None:
        """The clock strikes; where the function fails, it strikes again."""
        with suppress(Retryable):
            self.sweep()

    def event(self, event_id: str) -> SyncEvent:
        return next(event for event in self.rows.events() if event.id == event_id)

    def last_event(self) -> SyncEvent:
        return self.rows.events()[-1]

    def target(self, connected: Connected) -> ConnectorTarget:
        return next(target for target in self.rows.targets() if target.id == connected.target_id)

    def plugin(self, connected: Connected) -> Plugin:
        plugin = PluginRepository(self.depot.table).find(connected.actor.org_id, connected.plugin_id)
        assert plugin is not None
        return plugin

    def files(self, entity: ConfigObject) -> dict[str, tuple[bytes, int]]:
        """What is delivered of an object: content and mode by path."""
        assert entity.head_version_id is not None
        version = VersionRepository(self.depot.table).find(entity.org_id, entity.id, entity.head_version_id)
        assert version is not None
        content = self.depot.content.get_blobs(entity.org_id, [file.sha256 for file in version.files])
        return {file.path: (content[file.sha256], file.mode) for file in version.files}

    def versions(self, entity: ConfigObject) -> list[str]:
        """Oldest first: how each version came to be."""
        from shared.domain.paging import PageRequest

        page = VersionRepository(self.depot.table).list_page(entity.org_id, entity.id, PageRequest(50))
        return [version.created_via.value for version in reversed(page.items)]
