"""Connects a repository of the GitHub stand-in as a platform engineer would: through the HTTP API, step by step."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local import follow
from local.api import Api
from local.errors import LocalStackError
from local.memory import Memory

_POLL_S: Final = 0.1
_LOOK_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Place:
    """A target: one repository and branch of an instance."""

    instance_id: str
    target_id: str


@dataclass(frozen=True, slots=True)
class Connected:
    """What connecting a repository made."""

    target_id: str
    plugin_ids: Mapping[str, str]
    """By the candidate that each was made of."""
    sync_event_id: str


@dataclass(frozen=True, slots=True)
class Connector:
    """The owner's view of one org; every step is remembered, so connecting twice makes nothing twice."""

    api: Api
    org_id: str
    memory: Memory

    @property
    def org(self) -> str:
        return f"/v1/orgs/{self.org_id}"

    def place(self, repository: str, installation_id: str) -> Place:
        """The target of a repository's default branch."""
        account = self._create("account", "connector-accounts", {"type": "github", "remoteId": installation_id})
        instance = self._create(
            "instance", "connector-instances", {"accountId": account, "name": "GitHub", "type": "github"}
        )
        target = self._create(
            f"target {repository}", f"connector-instances/{instance}/targets", {"repositoryFullName": repository}
        )
        return Place(instance, target)

    def discover(self, place: Place) -> dict[str, Any]:
        """Look at the repository, and wait for what was found."""
        path = f"{self.org}/connector-instances/{place.instance_id}/discovery"
        job = self.api.post(f"{path}/refresh", {"targetId": place.target_id})["job"]["id"]
        deadline = time.monotonic() + _LOOK_S
        while time.monotonic() < deadline:
            found: dict[str, Any] = self.api.get(f"{path}?targetId={place.target_id}")["item"]
            if found["id"] == job and found["status"] == "completed":
                return found
            if found["status"] == "failed":
                raise LocalStackError(f"The repository could not be read: {found['failure']['message']}")
            time.sleep(_POLL_S)
        raise LocalStackError(f"No look at the repository has ended in {_LOOK_S:.0f} s. `make logs` says more.")

    def apply(self, place: Place, keys: Sequence[str]) -> Connected:
        """Make candidates plugins that everybody in the org may view; later pushes are followed."""
        body = {"targetId": place.target_id, "selectedKeys": keys, "autoImport": True}
        made = self.api.post(f"{self.org}/connector-instances/{place.instance_id}/discovery/apply", body)["item"]
        plugins = {plugin["key"]: plugin["pluginId"] for plugin in made["plugins"]}
        for plugin_id in plugins.values():
            self._create(f"grant {plugin_id}", f"plugins/{plugin_id}/access", {"orgWide": True, "role": "viewer"})
        return Connected(place.target_id, plugins, made["syncEventId"])

    def sync(self, connected: Connected) -> dict[str, Any]:
        """Show the sync that connecting queued until it ends, and return its event."""
        event = follow.await_event(self.api, self.org, connected.sync_event_id)
        follow.explain(event)
        return event

    def _create(self, step: str, collection: str, body: Mapping[str, Any]) -> str:
        def make() -> str:
            answer = self.api.post(f"{self.org}/{collection}", body, key=self.memory.key(step))
            created: str = answer["item"]["id"]
            return created

        return self.memory.once(step, make)


def importable(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The candidates that lie in the repository itself."""
    return (candidate for candidate in found["candidates"] if candidate["supported"])
