"""What a deployment's functions do for a client that keeps up to date: what it has, what it is to do, who looks."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import urllib3

from tests.e2e.running import RunningStack

_SKILL: Final = "skills/audit-dependencies/SKILL.md"


@dataclass(frozen=True, slots=True)
class ClientWork:
    stack: RunningStack

    def keep_up_to_date(self) -> None:
        """A client reports a plugin, is told of a push, fetches what it had locked, and has nothing at last."""
        client, plugin = f"clients/cli_0{uuid4().hex[:25]}", f"plugins/{self.stack.details['pluginId']}"
        manifest = self._ask("GET", f"delivery/{plugin}/manifest")
        installed = [{"pluginId": manifest["plugin"]["id"], "digest": manifest["digest"]}]
        self._ask("PUT", f"delivery/{client}/state", {"kind": "other", "installed": installed})
        self.stack.edit_sample(_SKILL, f"\n{uuid4().hex}\n")
        [update] = self._ask("POST", f"delivery/{client}/check-updates", {})["update"]
        assert update["installedDigest"] == manifest["digest"] != update["plugin"]["digest"]
        assert self._ask("GET", f"delivery/{plugin}/manifest?digest={manifest['digest']}")["items"]
        self._look_at_the_fleet(plugin, manifest["digest"])
        self._ask("PUT", f"delivery/{client}/state", {"kind": "other", "installed": []})

    def _look_at_the_fleet(self, plugin: str, digest: str) -> None:
        counted = self._list(f"{plugin}/installs")
        assert [one["clients"] for one in counted if one["digest"] == digest] == [1]
        assert self._list(f"clients?pluginId={self.stack.details['pluginId']}&digest={digest}")

    def _list(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._send("GET", path, None, self.stack.details["ownerToken"])["items"]
        return found

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        item: dict[str, Any] = self._send(method, path, body, self.stack.details["deliveryToken"])["item"]
        return item

    def _send(self, method: str, path: str, body: dict[str, Any] | None, token: str) -> dict[str, Any]:
        url = f"{self.stack.details['baseUrl']}{self.stack.org}/{path}"
        headers = {"authorization": f"Bearer {token}"}
        answer = urllib3.request(method, url, json=body, headers=headers, redirect=False, retries=False, timeout=40)
        assert answer.status < 300, f"{method} {path} answered {answer.status}: {answer.data!r}"
        content: dict[str, Any] = json.loads(answer.data)
        return content
