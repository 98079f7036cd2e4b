"""What is published before somebody asks for it, and who asks."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.access import Actor, Role
from shared.domain.config_object import ConfigObject, CreatedVia, SourceMode
from shared.domain.content import EXECUTABLE, SourceFile
from shared.domain.plugin import Plugin
from shared.services.config_objects import ContentDraft, ObjectDraft
from shared.services.ingestion import Origin
from shared.services.plugins import PluginDraft
from tests.fixtures.http import Api
from tests.fixtures.loopback import Loopback, served
from tests.fixtures.people import Person
from tests.integration.delivery.git import Git

SKILL = b"---\nname: %s\ndescription: Reviews a change.\n---\n# Review\n"
SCRIPT = SourceFile("scripts/run.sh", b"#!/bin/sh\necho ok\n", EXECUTABLE)
SECRET = "sk-live-0123456789abcdef0123456789abcdef"


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

    def add(self, plugin: Plugin, type_name: str, entry_path: str, *files: SourceFile) -> ConfigObject:
        draft = ObjectDraft(type_name, SourceMode.CLOUD, ContentDraft(entry_path, files), [plugin.id])
        return self.depot.config_objects.create(self.actor, draft)

    def skill(self, plugin: Plugin, name: str = "review", *more: SourceFile) -> ConfigObject:
        return self.add(plugin, "skill", "SKILL.md", SourceFile("SKILL.md", SKILL % name.encode()), *more)

    def agent(self, plugin: Plugin, name: str = "critic") -> ConfigObject:
        text = b"---\ndescription: Criticizes.\n---\nBe kind.\n"
        return self.add(plugin, "agent", f"{name}.md", SourceFile(f"{name}.md", text))

    def command(self, plugin: Plugin, path: str = "git/tidy.md") -> ConfigObject:
        return self.add(plugin, "command", path, SourceFile(path, b"---\ndescription: Tidies.\n---\nTidy $1.\n"))

    def server(self, plugin: Plugin, key: str = "search", secret: str = SECRET) -> ConfigObject:
        server = {"command": "search-server", "env": {"API_KEY": secret}}
        document = json.dumps({"mcpServers": {key: server}}).encode()
        return self.add(plugin, "mcp", ".mcp.json", SourceFile(".mcp.json", document))

    def rewrite(self, entity: ConfigObject, entry_path: str, data: bytes) -> None:
        content = ContentDraft(entry_path, [SourceFile(entry_path, data)])
        self.depot.config_objects.create_version(self.actor, entity.id, content, None, None)

    def delete(self, entity: ConfigObject, plugin: Plugin) -> None:
        current = self.depot.config_objects.get(self.actor, entity.id)
        with self.depot.begin() as work:
            self.depot.ingestion.delete(current, Origin(CreatedVia.CLOUD, self.person.id, self.person.id), work)
            self.depot.plugins.plugins.touch(plugin.org_id, plugin.id, work)


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
