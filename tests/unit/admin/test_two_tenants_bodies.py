"""Another tenant's ids in bodies and queries: every field that takes an id takes none but one's own org's."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.openapi.document import describe
from shared.bootstrap import Services
from tests.fixtures.github import INSTALLATION, FakeConnector
from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill
from tests.unit.admin.rows import rows_of

DOCUMENT = describe()
_INPUT = {"input": skill()["input"]}
_OF_FIELD = {
    "pluginId": "plugin_id",
    "pluginIds": "plugin_id",
    "configObjectId": "object_id",
    "marketplaceId": "marketplace_id",
    "marketplaceIds": "marketplace_id",
    "accountId": "account_id",
    "instanceId": "instance_id",
    "connectorInstanceId": "instance_id",
    "targetId": "target_id",
    "memberId": "alice",
    "teamId": "team_id",
}
"""The fixture that gives a foreign id for each field that takes one."""

_NOT_OURS = {"remoteId", "installationId"}
"""Ids that GitHub gives."""

_MAPPING = {"selector": "/skills/*/SKILL.md", "objectType": "skill"}
_BESIDE: dict[str, dict[str, Any]] = {
    "createPlugin": {"name": "new"},
    "createToken": {"kind": "delivery", "name": "x"},
    "createInstance": {"name": "new"},
    "createMapping": _MAPPING,
    "createMappings": {"items": [_MAPPING]},
    "validateTarget": {"repositoryFullName": "acme/reviews"},
    "applyDiscovery": {"selectedKeys": ["."]},
    "createConfigObject": skill(),
    "createConfigObjects": {"items": [skill()]},
}
"""What else a body needs."""


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _ids_in(schema: dict[str, Any], *path: str) -> Iterator[tuple[str, ...]]:
    """Where a body takes ids: names of fields, `*` for each item of a list."""
    schema = _resolved(schema)
    for kind in schema.get("anyOf", ()):
        yield from _ids_in(kind, *path)
    if "items" in schema:
        yield from [path] if path[-1].endswith("Ids") else _ids_in(schema["items"], *path, "*")
    for name, inner in schema.get("properties", {}).items():
        if name.endswith(("Id", "Ids")) and name not in _NOT_OURS:
            yield (*path, name)
        else:
            yield from _ids_in(inner, *path, name)


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/v1/orgs/{orgId}") and "/delivery/" not in path:
                yield method.upper(), path.removeprefix("/v1/orgs/{orgId}"), operation


BODIES = [
    (method, path, operation["operationId"], where)
    for method, path, operation in _operations()
    if (body := operation.get("requestBody", {}).get("content", {}).get("application/json"))
    for where in dict.fromkeys(_ids_in(body["schema"]))
]
QUERIES = [
    (path, each["name"])
    for method, path, operation in _operations()
    for each in operation["parameters"]
    if each["in"] == "query" and each["name"].endswith("Id")
]


@pytest.fixture
def foreign(
    alice: Person,
    object_id: str,
    plugin_id: str,
    marketplace_id: str,
    mapping_id: str,
    account_id: str,
    instance_id: str,
    target_id: str,
    team_of: Any,
) -> dict[str, str]:
    """Acme's ids, by what they are of."""
    known = {name: value for name, value in locals().items() if name.endswith("_id")}
    return known | {"alice": alice.id, "team_id": team_of(alice)}


@pytest.fixture
def own(depot: Services, api_as: ApiAs, mallory: Person, github: FakeConnector) -> dict[str, str]:
    """Mallory's ids, as paths name them."""
    api = api_as(mallory)
    depot.directory.claim_installation(mallory.org_id, "github", str(INSTALLATION))
    account = api.post("/connector-accounts", {"remoteId": str(INSTALLATION)}).item.id
    instance = api.post("/connector-instances", {"accountId": account, "name": "GitHub"}).item.id
    target = api.post(f"/connector-instances/{instance}/targets", {"repositoryFullName": "acme/reviews"}).item.id
    mapping = {"selector": "/skills/*/SKILL.md", "objectType": "skill"}
    return {
        "objectId": api.post("/config-objects", skill()).item.id,
        "pluginId": api.post("/plugins", {"name": "own"}).item.id,
        "marketplaceId": api.post("/marketplaces", {"name": "own"}).item.id,
        "instanceId": instance,
        "targetId": target,
        "mappingId": api.post(f"/connector-targets/{target}/mappings", mapping).item.id,
    }


@pytest.mark.usefixtures("quick_moto")
def test_another_tenants_ids_are_not_found_in_any_body(
    depot: Services, api_as: ApiAs, mallory: Person, own: dict[str, str], foreign: dict[str, str]
) -> None:
    before = rows_of(depot)

    refused = {
        (name, ".".join(where)): _outcome(
            api_as(mallory).send(method, path.format(**own), _body(name, where, foreign[_OF_FIELD[where[-1]]]))
        )
        for method, path, name, where in BODIES
    }

    assert len(BODIES) > 30
    assert refused == dict.fromkeys(refused, (404, "not_found"))
    assert rows_of(depot) == before


@pytest.mark.usefixtures("quick_moto")
def test_a_list_filtered_by_another_tenants_ids_is_empty_or_not_found(
    api_as: ApiAs, mallory: Person, own: dict[str, str], foreign: dict[str, str]
) -> None:
    answers = [api_as(mallory).get(f"{path}?{name}={foreign[_OF_FIELD[name]]}") for path, name in QUERIES]

    assert len(QUERIES) > 10
    assert all(one.status == 404 or one.items == [] for one in answers)


def _body(name: str, where: tuple[str, ...], foreign_id: str) -> dict[str, Any]:
    """What the operation needs, with a foreign id in the one place."""
    beside = _BESIDE.get(name, {"role": "viewer"} if name.endswith("Access") else {})
    if not beside and where == ("pluginIds",):
        beside = _INPUT
    value: Any = [foreign_id] if where[-1].endswith("Ids") else foreign_id
    for step in reversed(where):
        value = [value] if step == "*" else {step: value}
    if "items" in beside:
        return {"items": [beside["items"][0] | value["items"][0]]}
    if where[0] == "grants":
        value["grants"][0]["role"] = "viewer"
    return {**beside, **value}


def _outcome(answer: Answer) -> tuple[int, str]:
    """Of the whole, or of the only item."""
    if answer.status < 300 or "items" in answer.json:
        (one,) = answer.json.get("items", [{"status": answer.status}])
        return one["status"], one.get("error", {}).get("code", "done")
    return answer.status, answer.code
