"""What a deployment's functions do for who runs it: marketplaces, releases, the audit, discovery, the GitHub App."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import urllib3

from local.github.people import OWNER
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
        _until(lambda: self._read(f"{discovery}?targetId={target}")["item"]["status"] == "completed")
        assert self._read(f"{discovery}/tree?targetId={target}&limit=1")["items"]

    def install_the_app(self) -> None:
        """Who starts it is sent to GitHub, and asked on the way back."""
        url = self._do("connectors/github/install/start")["item"]["installUrl"]
        form = urlencode({"user": OWNER, "state": parse_qs(urlsplit(url).query)["state"][0]})
        sent = urllib3.request("POST", url, body=form, headers={"User-Agent": "browser"}, redirect=False)
        assert urllib3.request("GET", sent.headers["location"], redirect=False).status == 200

    def suspend_the_app(self) -> None:
        """GitHub tells of it, and its account shows it; then the other way round."""
        token = json.loads((self.stack.state.github / "control.json").read_text())["token"]
        for verb, status in (("suspend", "suspended"), ("unsuspend", "active")):
            url = f"{self.stack.details['githubApiUrl']}/_standin/installation/{verb}"
            urllib3.request("POST", url, json={}, headers={"X-Standin-Token": token}, retries=False)
            _until(partial(self._account_is, status))

    def _account_is(self, status: str) -> bool:
        account: dict[str, Any] = self._read("connector-accounts?limit=1")["items"][0]
        return bool(account["status"] == status)

    def _make(self, collection: str, body: dict[str, Any]) -> str:
        made: str = self._do(collection, body)["item"]["id"]
        return made

    def _do(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.stack.owner.post(f"{self.stack.org}/{path}", body)

    def _read(self, path: str) -> dict[str, Any]:
        return self.stack.owner.get(f"{self.stack.org}/{path}")


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "it did not happen within half a minute"
        time.sleep(0.2)


def _skill(name: str) -> dict[str, Any]:
    return {"type": "skill", "input": {"rawSourceText": f"---\nname: {name}\ndescription: Says {name}.\n---\nHello.\n"}}
