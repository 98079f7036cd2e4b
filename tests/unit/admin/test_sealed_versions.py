"""Literal secrets in versions: sealed, shown to editors alone, and noticed when they change."""

import json
from typing import Any

import boto3
import pytest

from shared.bootstrap import Services
from shared.domain.errors import Damaged
from shared.services.sealing import KEPT
from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person
from tests.fixtures.stack import BUCKET
from tests.unit.admin.contents import skill

CANARY = "canary-Zx81kk20ppQ"


def server(secret: str = CANARY, **more: Any) -> dict[str, Any]:
    """The body that creates a server with a literal secret."""
    text = '{"mcpServers":  {"db": {"command": "db", "env": {"API_TOKEN": "SECRET"}}}}'.replace("SECRET", secret)
    return {"type": "mcp", "input": {"rawSourceText": text}, **more}


@pytest.fixture
def created(api_as: ApiAs, alice: Person) -> Any:
    return api_as(alice).post("/config-objects", server()).item


def _latest(api_as: ApiAs, person: Person, object_id: str) -> Answer:
    return api_as(person).get(f"/config-objects/{object_id}/versions/latest")


def _envelopes(org_id: str, object_id: str = "") -> list[str]:
    prefix = f"orgs/{org_id}/sealed/{object_id}"
    return [one["Key"] for one in boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]


def test_editors_read_the_source_byte_for_byte(api_as: ApiAs, alice: Person, created: Any) -> None:
    answer = _latest(api_as, alice, created.id)

    assert answer.item.rawSourceText == server()["input"]["rawSourceText"]


def test_viewers_read_the_source_with_a_placeholder(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    created = api_as(alice).post("/config-objects", server(pluginIds=[plugin_id])).item
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})

    answer = _latest(api_as, bob, created.id)

    assert answer.item.rawSourceText == server("${API_TOKEN}")["input"]["rawSourceText"]
    assert answer.item.payload["variables"] == [{"name": "API_TOKEN", "field": "environment.API_TOKEN", "secret": True}]


def test_another_secret_is_another_version_and_the_same_one_is_not(api_as: ApiAs, alice: Person, created: Any) -> None:
    path = f"/config-objects/{created.id}/versions"

    same = api_as(alice).post(path, {"input": server()["input"]})
    rotated = api_as(alice).post(path, {"input": server("canary-another-17")["input"]})

    assert (same.status, same.json["unchanged"]) == (200, True)
    assert (rotated.status, rotated.json["unchanged"]) == (201, False)
    assert rotated.item.digest != same.item.digest
    assert [file["sha256"] for file in _latest(api_as, alice, created.id).item.files] == [
        file["sha256"] for file in api_as(alice).get(f"{path}/{same.item.id}").item.files
    ]


def test_equal_secrets_of_two_objects_cannot_be_told_to_be_equal(api_as: ApiAs, alice: Person, created: Any) -> None:
    other = api_as(alice).post("/config-objects", server()).item

    assert other.headDigest != created.headDigest


@pytest.mark.parametrize("damage", [lambda data: data[:-1] + b"?", lambda data: data[:30], lambda data: data[:0]])
def test_a_damaged_envelope_is_told_and_not_shown(
    api_as: ApiAs, alice: Person, created: Any, damage: Any, log_lines: Any
) -> None:
    (key,) = _envelopes(alice.org_id, created.id)
    s3 = boto3.client("s3")
    s3.put_object(Bucket=BUCKET, Key=key, Body=damage(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()))

    answer = _latest(api_as, alice, created.id)

    assert (answer.status, answer.code) == (500, "content_damaged")
    assert "Damaged" in json.dumps(log_lines())


def test_another_objects_envelope_does_not_open(api_as: ApiAs, alice: Person, created: Any) -> None:
    other = api_as(alice).post("/config-objects", server("canary-another-17")).item
    (mine,), (theirs,) = _envelopes(alice.org_id, created.id), _envelopes(alice.org_id, other.id)
    boto3.client("s3").copy_object(Bucket=BUCKET, Key=mine, CopySource={"Bucket": BUCKET, "Key": theirs})

    assert _latest(api_as, alice, created.id).code == "content_damaged"


def test_another_orgs_data_key_does_not_open(
    depot: Services, api_as: ApiAs, alice: Person, mallory: Person, created: Any
) -> None:
    api_as(mallory).post("/config-objects", server())
    table = boto3.resource("dynamodb").Table(depot.settings.table)
    theirs = table.get_item(Key={"pk": f"ORG#{mallory.org_id}", "sk": "DATAKEY"})["Item"]
    table.put_item(Item=theirs | {"pk": f"ORG#{alice.org_id}"})
    depot.sealing.kept.clear()

    assert _latest(api_as, alice, created.id).code == "content_damaged"


@pytest.fixture
def late_reader(depot: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that does not see the key which another one has just made."""
    find, missed = depot.data_key_rows.find, [None]
    monkeypatch.setattr(depot.data_key_rows, "find", lambda org_id: missed.pop() if missed else find(org_id))


def test_of_two_first_keys_one_is_everybodys(
    depot: Services, api_as: ApiAs, alice: Person, created: Any, late_reader: None
) -> None:
    depot.sealing.kept.clear()

    api_as(alice).post(f"/config-objects/{created.id}/versions", {"input": server("canary-another-17")["input"]})

    depot.sealing.kept.clear()
    first = api_as(alice).get(f"/config-objects/{created.id}/versions/{created.headVersionId}").item
    assert CANARY in first.rawSourceText
    assert "canary-another-17" in _latest(api_as, alice, created.id).item.rawSourceText


def test_a_key_is_forgotten_after_minutes(
    depot: Services, calls: Calls, api_as: ApiAs, alice: Person, created: Any
) -> None:
    (made, key) = depot.sealing.kept[alice.org_id]
    depot.sealing.kept[alice.org_id] = (made - KEPT, key)

    with calls.counting() as cost:
        _latest(api_as, alice, created.id)

    assert cost.operations["kms.Decrypt"] == 1


def test_sealing_costs_one_read_and_one_key_call_cold_and_none_warm(
    depot: Services, calls: Calls, api_as: ApiAs, alice: Person, created: Any
) -> None:
    with calls.counting() as plain:
        api_as(alice).post("/config-objects", skill())
    depot.sealing.kept.clear()
    with calls.counting() as cold:
        api_as(alice).post("/config-objects", server("one"))
    with calls.counting() as warm:
        api_as(alice).post("/config-objects", server("two"))

    assert plain.operations["kms.Decrypt"] == 0
    assert (cold.operations["kms.Decrypt"], cold.dynamodb - plain.dynamodb) == (1, 1)
    assert (warm.operations["kms.Decrypt"], warm.dynamodb - plain.dynamodb) == (0, 0)


def test_a_version_without_secrets_has_nothing_to_open(
    depot: Services, api_as: ApiAs, alice: Person, object_id: str
) -> None:
    head = api_as(alice).get(f"/config-objects/{object_id}").item.headVersionId
    found = depot.version_rows.find(alice.org_id, object_id, head)
    assert found is not None

    with pytest.raises(Damaged):
        depot.sealing.open(found)
    assert _envelopes(alice.org_id) == []
