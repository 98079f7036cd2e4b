"""Connects a repository of the GitHub stand-in as a platform engineer would: through the HTTP API, step by step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local import follow
from local.api import Api
from local.layout import Selected
from local.memory import Memory


@dataclass(frozen=True, slots=True)
class Connected:
    """What connecting a repository made."""

    target_id: str
    plugin_id: str


@dataclass(frozen=True, slots=True)
class Connector:
    """The owner's view of one org; every step is remembered, so connecting twice makes nothing twice."""

    api: Api
    org_id: str
    memory: Memory

    @property
    def org(self) -> str:
        return f"/v1/orgs/{self.org_id}"

    def connect(
        self, repository: str, plugin: Mapping[str, str], selected: Iterable[Selected], installation_id: str
    ) -> Connected:
        """Bind a repository to a plugin that everybody in the org may view; nothing is synced yet."""
        account = self._create("account", "connector-accounts", {"type": "github", "remoteId": installation_id})
        instance = self._create(
            "instance", "connector-instances", {"accountId": account, "name": "GitHub", "type": "github"}
        )
        target = self._create(
            f"target {repository}",
            f"connector-instances/{instance}/targets",
            {"repositoryFullName": repository},
        )
        plugin_id = self._create(f"plugin {repository}", "plugins", plugin)
        self._create(f"grant {repository}", f"plugins/{plugin_id}/access", {"orgWide": True, "role": "viewer"})
        for selector, object_type in selected:
            self._create(
                f"mapping {repository} {object_type} {selector}",
                f"connector-targets/{target}/mappings",
                {
                    "selector": selector,
                    "objectType": object_type,
                    "pluginId": plugin_id,
                    "autoAddToPlugin": True,
                },
            )
        return Connected(target, plugin_id)

    def sync(self, connected: Connected) -> dict[str, Any]:
        """Ask for a sync, show it until it ends, and return its event."""
        job = self.api.post(f"{self.org}/connector-targets/{connected.target_id}/resync")["job"]
        event = follow.await_event(self.api, self.org, job["id"])
        follow.explain(event)
        return event

    def _create(self, step: str, collection: str, body: Mapping[str, Any]) -> str:
        def make() -> str:
            answer = self.api.post(f"{self.org}/{collection}", body, key=self.memory.key(step))
            created: str = answer["item"]["id"]
            return created

        return self.memory.once(step, make)
