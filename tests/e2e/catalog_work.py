"""What a deployment's functions do for who runs its catalog: marketplaces, releases, the audit, discovery."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.e2e.running import RunningStack


@dataclass(frozen=True, slots=True)
class CatalogWork:
    stack: RunningStack

    def keep_a_shop(self) -> None:
        """A marketplace with a released plugin of two parts, shared, told of in the audit, and closed."""
        shop = self._make("marketplaces", {"name": f"shop-{uuid4().hex[:8]}"})
        draft = {"name": f"kit-{uuid4().hex[:8]}", "components": [_skill("one"), _skill("two")]}
        plugin = self._make("plugins", draft | {"marketplaceIds": [shop]})
        first, second = (self._make(f"plugins/{plugin}/releases", {}) for _ in range(2))
        self._read(f"plugins/{plugin}/releases/compare?from={first}&to={second}")
        self._do(f"plugins/{plugin}/releases/{first}/promote")
        self._make(f"marketplaces/{shop}/access", {"orgWide": True, "role": "viewer"})
        assert self._read(f"marketplaces/{shop}/resolved")["items"]
        told = self._read(f"audit-events?resource={plugin}")["items"]
        assert {each["action"] for each in told} >= {"createPlugin", "createRelease", "promoteRelease"}
        self._do(f"marketplaces/{shop}/archive")

    def discover(self) -> None:
        """A look at the sample's repository, and the paths that it saw."""
        target = self.stack.target_id
        instance = self._read("connector-instances?limit=1")["items"][0]["id"]
        discovery = f"connector-instances/{instance}/discovery"
        self._do(f"{discovery}/refresh", {"targetId": target})
        deadline = time.monotonic() + 30
        while self._read(f"{discovery}?targetId={target}")["item"]["status"] != "completed":
            assert time.monotonic() < deadline, "the look did not end"
            time.sleep(0.2)
        assert self._read(f"{discovery}/tree?targetId={target}&limit=1")["items"]

    def _make(self, collection: str, body: dict[str, Any]) -> str:
        made: str = self._do(collection, body)["item"]["id"]
        return made

    def _do(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.stack.owner.post(f"{self.stack.org}/{path}", body)

    def _read(self, path: str) -> dict[str, Any]:
        return self.stack.owner.get(f"{self.stack.org}/{path}")


def _skill(name: str) -> dict[str, Any]:
    return {"type": "skill", "input": {"rawSourceText": f"---\nname: {name}\ndescription: Says {name}.\n---\nHello.\n"}}
