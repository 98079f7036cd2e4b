"""Repositories with a marketplace, and a person who connects them and applies what is discovered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from local.github.writing import Files
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.files import command, servers, skill
from tests.integration.sync.world import REPOSITORY, Connected, World

MARKETPLACE = ".claude-plugin/marketplace.json"


def marketplace(*names: str, **more: Any) -> str:
    entries = [{"name": name, "source": f"./plugins/{name}", "description": f"About {name}"} for name in names]
    return json.dumps(
        {"name": "acme-tools", "owner": {"name": "Acme"}, "plugins": [*entries, *more.pop("also", [])], **more}
    )


def plugin(name: str) -> Files:
    root = f"plugins/{name}"
    return {
        f"{root}/.claude-plugin/plugin.json": json.dumps({"name": name}),
        f"{root}/skills/{name}-skill/SKILL.md": skill(f"{name}-skill"),
        f"{root}/commands/{name}-do.md": command(f"Do {name}"),
    }


def repository(*names: str) -> Files:
    files: dict[str, Any] = {MARKETPLACE: marketplace(*names)}
    for name in names:
        files |= plugin(name)
    return files | {"plugins/alpha/.mcp.json": servers("search")} if "alpha" in names else files


@dataclass(frozen=True)
class Desk:
    """Somebody at work on one connected repository."""

    world: World
    api: Api
    connected: Connected

    @property
    def base(self) -> str:
        return f"/connector-instances/{self.connected.instance_id}/discovery"

    def discover(self) -> Any:
        answer = self.api.post(f"{self.base}/refresh")
        assert answer.status == 202, answer.json
        self.world.queue.drain()
        return self.found()

    def found(self, at: str | None = None) -> Any:
        """The newest look, with attributes all the way down."""
        return nested(self.api.get(at or self.base).json["item"])

    def apply(self, *keys: str, **more: Any) -> Answer:
        return self.api.post(f"{self.base}/apply", {"selectedKeys": list(keys), **more})

    def plugins(self) -> dict[str, Any]:
        return {one.name: one for one in self.api.get("/plugins").items}

    def members(self, name: str) -> list[str]:
        found = self.api.get(f"/plugins/{self.plugins()[name].id}/config-objects").items
        return sorted(one.configObject["title"] for one in found if one.configObject["status"] == "active")

    def mappings(self) -> list[Any]:
        return list(self.api.get(f"/connector-targets/{self.connected.target_id}/mappings?limit=100").items)


def nested(value: Any) -> Any:
    return json.loads(json.dumps(value), object_hook=lambda members: SimpleNamespace(**members))


def at_desk(
    world: World, api_as: ApiAs, person: Person, files: Mapping[str, Any], repository: str = REPOSITORY
) -> Desk:
    connected = world.connect(person, files, mappings=(), repository=repository)
    return Desk(world, api_as(person), connected)
