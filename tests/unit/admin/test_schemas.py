"""Documents are held to the JSON Schemas that they name among the org's objects."""

import json
from typing import Any

import pytest

from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person

SCHEMA = {"type": "object", "properties": {"port": {"type": "integer"}}, "additionalProperties": False}


def custom(text: str, name: str = "server.json") -> dict[str, Any]:
    return {"type": "custom", "input": {"rawSourceText": text, "fileName": name}}


def naming(schema_id: str, **values: Any) -> str:
    return json.dumps({"$schema": f"depot:{schema_id}", **values})


def create(api_as: ApiAs, person: Person, text: str) -> Answer:
    return api_as(person).post("/config-objects", custom(text))


@pytest.fixture
def schema_id(api_as: ApiAs, alice: Person) -> str:
    created = api_as(alice).post("/config-objects", custom(json.dumps(SCHEMA), "server.schema.json"))
    return str(created.item.id)


def test_a_document_that_meets_its_schema_is_stored(api_as: ApiAs, alice: Person, schema_id: str) -> None:
    created = create(api_as, alice, naming(schema_id, port=8080))

    assert (created.status, created.item.diagnostics) == (201, [])


def test_a_document_that_breaks_its_schema_is_refused_with_its_place(
    api_as: ApiAs, alice: Person, schema_id: str
) -> None:
    answer = create(api_as, alice, naming(schema_id, port="hunter2"))

    assert answer.status == 400
    assert "schema_mismatch" in str(answer.json)
    assert "/port" in str(answer.json)
    assert "hunter2" not in str(answer.json)


def test_the_next_version_is_held_to_the_schema_too(api_as: ApiAs, alice: Person, schema_id: str) -> None:
    object_id = create(api_as, alice, naming(schema_id, port=1)).item.id

    answer = api_as(alice).post(
        f"/config-objects/{object_id}/versions", {"input": {"rawSourceText": naming(schema_id, port="one")}}
    )

    assert answer.status == 400


def test_a_schema_that_the_writer_may_not_see_is_not_found(api_as: ApiAs, bob: Person, schema_id: str) -> None:
    created = create(api_as, bob, naming(schema_id, port="anything"))

    assert (created.status, [note["code"] for note in created.item.diagnostics]) == (201, ["schema_not_found"])


def test_a_custom_object_has_to_be_named(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).post("/config-objects", {"type": "custom", "input": {"rawSourceText": "{}"}})

    assert answer.status == 400
    assert "input.fileName" in str(answer.json)
