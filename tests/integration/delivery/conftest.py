"""What is published before somebody asks for it, and who asks."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.access import Actor, Role
from shared.domain.config_object import ConfigObject, CreatedVia, SourceMode
from shared.domain.content import EXECUTABLE, SourceFile
from shared.domain.plugin import MembershipSource, Plugin, PluginMembership
from shared.domain.prepared_unit import Origin
from shared.domain.token import TokenKind
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.config_objects import ObjectDraft
from shared.services.directory import TokenDraft
from shared.services.drafts import ContentDraft, prepare_draft
from shared.services.plugins import PluginDraft
from tests.fixtures.http import Api
from tests.fixtures.loopback import Loopback, served
from tests.fixtures.people import Person
from tests.integration.delivery.git import Git

SKILL = "---\nname: {name}\ndescription: Reviews a change.\n---\n# Review\n"
SCRIPT = SourceFile("scripts/run.sh", b"#!/bin/sh\necho ok\n", EXECUTABLE)
SECRET = "sk-live-0123456789abcdef0123456789abcdef"

DeliveryToken = Callable[[Person], str]


class StepByStep(UnitOfWork):
    """Writes each step at once: moto copies every table anew for every step of a transaction."""

    def put(self, *args: Any, **options: Any) -> None:
        super().put(*args, **options)
        self.commit()

    def update(self, *args: Any, **options: Any) -> None:
        super().update(*args, **options)
        self.commit()


@dataclass(frozen=True)
class Publisher:
    """Publishes as one person."""

    depot: Services
    person: Person

    @property
    def actor(self) -> Actor:
        return self.depot.authentication.authenticate(self.person.token, self.person.org_id)

    def plugin(self, name: str = "reviews", description: str | None = "Reviews changes.") -> Plugin:
        return self.depot.plugins.create(self.actor, PluginDraft(name, description))

    def share(self, plugin: Plugin, principal: str) -> str:
        return self.depot.plugin_grants.give(self.actor, plugin.id, principal, Role.VIEWER).id

    def add(
        self, plugin: Plugin, type_name: str, file_name: str, text: str, files: Sequence[SourceFile] = ()
    ) -> ConfigObject:
        draft = ObjectDraft(type_name, SourceMode.CLOUD, ContentDraft(text, file_name, files), [plugin.id])
        return self.depot.config_objects.create(self.actor, draft)

    def skill(self, plugin: Plugin, name: str = "review", *more: SourceFile) -> ConfigObject:
        return self.add(plugin, "skill", "SKILL.md", SKILL.format(name=name), more)

    def skills(self, plugin: Plugin, count: int) -> None:
        """Many at once."""
        texts = [SKILL.format(name=f"review-{number}") for number in range(count)]
        units = [prepare_draft("skill", ContentDraft(text)) for text in texts]
        self.depot.ingestion.store(plugin.org_id, units)
        origin = Origin(CreatedVia.CLOUD, self.person.id, self.person.id, plugin_ids=frozenset({plugin.id}))
        work = StepByStep(self.depot.table)
        for unit in units:
            self._join(self.depot.ingestion.create(plugin.org_id, unit, origin, work), plugin, work)
        self.depot.plugins.plugins.touch(plugin.org_id, plugin.id, work)

    def agent(self, plugin: Plugin, name: str = "critic") -> ConfigObject:
        return self.add(plugin, "agent", f"{name}.md", "---\ndescription: Criticizes.\n---\nBe kind.\n")

    def command(self, plugin: Plugin, path: str = "git/tidy.md") -> ConfigObject:
        return self.add(plugin, "command", path, "---\ndescription: Tidies.\n---\nTidy $1.\n")

    def server(self, plugin: Plugin, key: str = "search", secret: str = SECRET) -> ConfigObject:
        server = {"command": "search-server", "env": {"API_KEY": secret}}
        return self.add(plugin, "mcp", ".mcp.json", json.dumps({"mcpServers": {key: server}}))

    def rewrite(self, entity: ConfigObject, text: str) -> None:
        self.depot.config_objects.create_version(self.actor, entity.id, ContentDraft(text), None, None)

    def delete(self, entity: ConfigObject, plugin: Plugin) -> None:
        current = self.depot.config_objects.get(self.actor, entity.id)
        with self.depot.begin() as work:
            self.depot.ingestion.delete(current, Origin(CreatedVia.CLOUD, self.person.id, self.person.id), work)
            self.depot.plugins.plugins.touch(plugin.org_id, plugin.id, work)

    def _join(self, entity: ConfigObject, plugin: Plugin, work: UnitOfWork) -> None:
        source, at = MembershipSource.API, entity.created_at
        membership = PluginMembership(plugin.org_id, plugin.id, entity.id, source, at, self.person.id)
        self.depot.plugins.memberships.put(membership, work)


@pytest.fixture
def publish_as(depot: Services) -> Callable[[Person], Publisher]:
    return lambda person: Publisher(depot, person)


@pytest.fixture
def publisher(depot: Services, alice: Person) -> Publisher:
    """Alice, who owns the org."""
    return Publisher(depot, alice)


@pytest.fixture
def delivered_to() -> Callable[[Person], Api]:
    """Calls delivery as a person; paths are below the org's delivery."""

    def connect(person: Person) -> Api:
        return Api(delivery, f"/v1/orgs/{person.org_id}/delivery", {"authorization": f"Bearer {person.token}"})

    return connect


@pytest.fixture
def delivery_token(depot: Services) -> DeliveryToken:
    """Makes a delivery token of a person's."""

    def make(person: Person) -> str:
        _, secret = depot.directory.create_token(person.org_id, TokenDraft(TokenKind.DELIVERY, "laptop", person.id))
        return secret

    return make


@pytest.fixture
def full_plugin(publisher: Publisher) -> Plugin:
    """One of each: a skill with a script, an agent, a nested command, a server with a literal secret."""
    plugin = publisher.plugin()
    publisher.skill(plugin, "review", SCRIPT)
    publisher.agent(plugin)
    publisher.command(plugin)
    publisher.server(plugin)
    return plugin


@pytest.fixture
def gateway() -> Iterator[Loopback]:
    """The delivery function behind real HTTP."""
    with served(delivery) as loopback:
        yield loopback


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path)
