"""A populated org, and requests that often name what is in it: random ids alone would only ever meet a 404."""

import re
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from local.github.stand_in import INSTALLATION_ID
from shared.bootstrap import Services
from shared.repositories.keys import listing
from shared.repositories.table import LIST
from tests.fixtures.http import Api
from tests.fixtures.people import Person

_SKILL = "---\nname: deploy\ndescription: Deploys.\n---\nRun it.\n"
_SERVER = '{"mcpServers": {"search": {"url": "https://mcp.example/", "headers": {"X-Key": "k-93kdm20sk3mdlq"}}}}'
_KNOWN = re.compile(r"\b(?:org|mem|team|cfg|ver|plg|rel|mkt|grt|cac|cin|ctg|cmp|syn|tok|cli)_[0-9a-z]{26}\b")


class World:
    """`ids` by kind, the org's own and those that its answers named since.

    Nobody names the callers and their tokens: whoever revokes itself is only ever refused from then on.
    """

    def __init__(self, org_id: str, callers: Collection[str]) -> None:
        self.org_id, self._callers = org_id, callers
        self.ids: dict[str, list[str]] = defaultdict(list)

    def learn(self, text: str) -> None:
        """Remember the ids in an answer, a bounded number of each kind."""
        for found in _KNOWN.findall(text):
            known = self.ids[found.partition("_")[0]]
            if found not in known and found not in self._callers and len(known) < 50:
                known.append(found)

    def name(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Path parameters that mostly name something: which one follows from the generated value."""
        return {name: self._named(name, value) for name, value in parameters.items()}

    def _named(self, parameter: str, value: object) -> object:
        number = zlib.crc32(repr(value).encode())
        if number % 4 == 0 and parameter != "orgId":
            return value
        if parameter == "orgId":
            return self.org_id if number % 16 else value
        known = self.ids[_KINDS.get(parameter, "")]
        return known[number // 4 % len(known)] if known else value


_KINDS = {
    "objectId": "cfg",
    "configObjectId": "cfg",
    "versionId": "ver",
    "pluginId": "plg",
    "marketplaceId": "mkt",
    "releaseId": "rel",
    "grantId": "grt",
    "memberId": "mem",
    "teamId": "team",
    "tokenId": "tok",
    "accountId": "cac",
    "instanceId": "cin",
    "targetId": "ctg",
    "mappingId": "cmp",
    "eventId": "syn",
    "clientId": "cli",
}


def populate(owner: Api, person: Person, depot: Services, callers: Collection[str]) -> World:
    """Objects with versions, a plugin that everybody may see with a release, a marketplace, a connected repository."""
    world = World(person.org_id, callers)
    for request in _content():
        made = owner.post("/config-objects", request)
        world.learn(made.body.decode())
        world.learn(owner.get(f"/config-objects/{made.item.id}/versions").body.decode())
    plugin = owner.post("/plugins", {"name": "reviews"})
    world.learn(plugin.body.decode())
    for object_id in world.ids["cfg"]:
        owner.post(f"/plugins/{plugin.item.id}/config-objects", {"configObjectId": object_id})
    world.learn(owner.post(f"/plugins/{plugin.item.id}/access", {"orgWide": True, "role": "viewer"}).body.decode())
    world.learn(owner.post("/marketplaces", {"name": "tools"}).body.decode())
    world.learn(owner.post(f"/plugins/{plugin.item.id}/releases", {}).body.decode())
    _connect(owner, world)
    for kind in ("mem", "team", "tok"):
        found = depot.table.query(listing(person.org_id, kind), index=LIST, limit=20)
        world.learn(" ".join(item["list_sk"]["S"] for item in found.items))
    return world


def _connect(owner: Api, world: World) -> None:
    """A repository that is tracked, mapped and about to be read."""
    account = owner.post("/connector-accounts", {"remoteId": str(INSTALLATION_ID)})
    instance = owner.post("/connector-instances", {"accountId": account.item.id, "name": "GitHub"})
    target = owner.post(f"/connector-instances/{instance.item.id}/targets", {"repositoryFullName": "acme/tools"})
    path = f"/connector-targets/{target.item.id}"
    mapping = owner.post(f"{path}/mappings", {"selector": "/skills/*/SKILL.md", "objectType": "skill"})
    event = owner.post(f"{path}/resync")
    for made in (account, instance, target, mapping, event):
        world.learn(made.body.decode())


def _content() -> Iterable[dict[str, Any]]:
    yield {"type": "skill", "input": {"rawSourceText": _SKILL}}
    yield {"type": "command", "input": {"rawSourceText": "Review $1.", "fileName": "review.md"}}
    yield {"type": "mcp", "input": {"rawSourceText": _SERVER}}
