"""The views of one type each: the same objects, without naming the type again."""

import json

import pytest

from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import AGENT, SKILL, skill

ASKED = {"input": {"rawSourceText": SKILL}}
HIDDEN = SKILL.replace("---\n#", "user-invocable: false\n---\n#")


def test_a_view_lists_its_own_type_alone(api_as: ApiAs, alice: Person, object_id: str) -> None:
    api_as(alice).post("/agents", {"input": {"rawSourceText": AGENT, "fileName": "reviewer.md"}})

    skills, agents = api_as(alice).get("/skills").items, api_as(alice).get("/agents").items

    assert [one.id for one in skills] == [object_id]
    assert [one.type for one in agents] == ["agent"]


def test_a_creation_at_a_view_needs_no_type(api_as: ApiAs, alice: Person) -> None:
    created = api_as(alice).post("/skills", ASKED)

    assert (created.status, created.item.type) == (201, "skill")
    assert api_as(alice).get(created.headers["location"]).item.id == created.item.id


def test_a_view_refuses_a_type(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).post("/skills", skill())

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "type")


@pytest.mark.parametrize("rest", ["", "/versions"])
def test_an_object_of_another_type_is_not_found(api_as: ApiAs, alice: Person, object_id: str, rest: str) -> None:
    path = f"/agents/{object_id}{rest}"

    answer = api_as(alice).post(path, ASKED) if rest else api_as(alice).get(path)

    assert (answer.status, answer.code) == (404, "not_found")


def test_a_view_writes_versions(api_as: ApiAs, alice: Person, object_id: str) -> None:
    body = {"input": {"rawSourceText": f"{SKILL}More."}}

    written = api_as(alice).post(f"/skills/{object_id}/versions", body)

    assert written.status == 201
    assert api_as(alice).get(f"/skills/{object_id}").item.headVersionId == written.item.id


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("userInvocable=true", ["deploy"]),
        ("userInvocable=false", ["deploy", "hidden"][1:]),
        ("dialect=claude", ["hidden"]),
        ("dialect=hybrid&hasSupportingFiles=false", ["deploy"]),
        ("hasSupportingFiles=true", []),
    ],
)
def test_a_types_own_filters_are_query_parameters(
    api_as: ApiAs, alice: Person, object_id: str, query: str, found: list[str]
) -> None:
    api_as(alice).post("/skills", {"input": {"rawSourceText": HIDDEN.replace("deploy", "hidden", 1)}})

    answer = api_as(alice).get(f"/skills?{query}")

    assert [one.title for one in answer.items] == found


@pytest.mark.parametrize("query", ["mode=all", "userInvocable=perhaps", "type=skill"])
def test_a_filter_that_the_type_does_not_have_is_named(api_as: ApiAs, alice: Person, query: str) -> None:
    answer = api_as(alice).get(f"/skills?{query}")

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, query.partition("=")[0])


def test_an_object_is_found_by_any_of_its_events(api_as: ApiAs, alice: Person) -> None:
    handlers = [{"hooks": [{"type": "command", "command": "true"}]}]
    document = json.dumps({"hooks": {"Stop": handlers, "SessionStart": handlers}})
    created = api_as(alice).post("/hooks", {"input": {"rawSourceText": document}}).item

    found = {
        event: api_as(alice).get(f"/hooks?event={event}").items for event in ("Stop", "SessionStart", "PreToolUse")
    }

    assert {event: [one.id for one in items] for event, items in found.items()} == {
        "Stop": [created.id],
        "SessionStart": [created.id],
        "PreToolUse": [],
    }


def test_a_creation_sent_again_is_answered_as_the_first(api_as: ApiAs, alice: Person) -> None:
    answers = [api_as(alice).post("/skills", ASKED, idempotency_key="once") for _ in range(2)]

    assert answers[0].item.id == answers[1].item.id
    assert len(api_as(alice).get("/skills").items) == 1
