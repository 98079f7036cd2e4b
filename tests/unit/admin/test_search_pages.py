"""Pages of a search, filters beside it, and that neither writes nor the index run between pages are seen."""

import json
from collections.abc import Callable
from itertools import cycle
from random import Random
from urllib.parse import quote

import pytest

from shared.bootstrap import Services
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import AGENT

WORDS = ("deploy", "deployment", "release", "Review", "reviewer", "rest")


@pytest.fixture
def api(api_as: ApiAs, alice: Person) -> Api:
    return api_as(alice)


@pytest.fixture
def index_some(depot: Services, alice: Person) -> Callable[[int], None]:
    """Indexes so many of the objects that wait."""

    def index(count: int) -> None:
        waiting = depot.object_rows.list_unindexed(alice.org_id, None, 100).items
        for object_id in waiting[:count]:
            depot.indexing.index(alice.org_id, object_id)

    return index


IndexSome = Callable[[int], None]


def named(name: str, description: str = "What it is.") -> dict[str, str]:
    return {"rawSourceText": f"---\nname: {name}\ndescription: {description}\n---\nBody.\n"}


def make(api: Api, name: str, description: str = "What it is.", **more: object) -> str:
    return str(api.post("/config-objects", {"type": "skill", "input": named(name, description), **more}).item.id)


def walk(api: Api, query: str, between: Callable[[], object] = lambda: None) -> list[str]:
    """The ids of every page, in order."""
    ids: list[str] = []
    cursor = ""
    while True:
        answer = api.get(f"/config-objects?{query}{cursor}")
        ids += [one.id for one in answer.items]
        if answer.json["nextCursor"] is None:
            return ids
        cursor = f"&cursor={answer.json['nextCursor']}"
        between()


@pytest.mark.parametrize("query", ["q=re", "q=deploy", "q=re what", "type=skill", "sourceMode=cloud&q=what"])
@pytest.mark.parametrize("steps", [0, 2, 50])
def test_every_object_is_on_one_page_whatever_is_indexed_between(
    api: Api, index_some: IndexSome, query: str, steps: int
) -> None:
    for number, word in zip(range(18), cycle(WORDS), strict=False):
        make(api, f"{word.lower()}-{number}", f"What {WORDS[number % 5]} is.")
    index_some(7)
    whole = walk(api, f"{quote(query, safe='=&')}&limit=100")

    paged = walk(api, f"{quote(query, safe='=&')}&limit=4", between=lambda: index_some(steps))

    assert len(whole) > 4
    assert paged == whole


def test_rows_that_are_written_between_pages_move_no_other(api: Api, index_some: IndexSome) -> None:
    before = [make(api, f"deploy-{letter}") for letter in "bdfhjl"]
    index_some(3)
    new = iter("acegikm")

    paged = walk(api, "q=deploy&limit=2", between=lambda: make(api, f"deploy-{next(new)}"))

    assert [one for one in paged if one in before] == before
    assert len(paged) == len(set(paged))


@pytest.mark.parametrize("seed", range(3))
def test_the_answers_are_the_same_before_and_after_indexing(api: Api, index_some: IndexSome, seed: int) -> None:
    dice, ids = Random(seed), [make(api, "release-notes")]
    for _ in range(12):
        words = dice.sample(WORDS, 2)
        if dice.random() < 0.5:
            ids.append(make(api, words[0].lower(), f"Then {words[1]}."))
        else:
            api.post(f"/config-objects/{dice.choice(ids)}/versions", {"input": named(words[0].lower(), words[1])})
        index_some(dice.choice([0, 0, 1, 3]))
    queries = [f"q={word[:length]}" for word in WORDS for length in (2, 5)] + [
        "q=re then",
        "type=skill",
        "q=deploy rev",
    ]
    before = [walk(api, quote(query, safe="=&")) for query in queries]

    index_some(100)

    assert [walk(api, quote(query, safe="=&")) for query in queries] == before
    assert any(before)


@pytest.mark.parametrize("indexed", [0, 100])
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("q=deploy", {"skill", "agent", "imported", "inside"}),
        ("q=deploy&type=agent", {"agent"}),
        ("q=deploy&sourceMode=import", {"imported"}),
        ("q=deploy&pluginId={plugin}", {"inside"}),
        ("q=deploy&status=archived", set()),
        ("q=deploy&type=agent&sourceMode=import", set()),
        ("type=agent", {"agent"}),
        ("sourceMode=import", {"imported"}),
        ("sourceMode=cloud&type=skill", {"skill", "inside"}),
        ("status=deleted", set()),
        ("status=active&type=agent", {"agent"}),
    ],
)
def test_filters_narrow_a_list_and_a_search(
    api: Api, index_some: IndexSome, plugin_id: str, query: str, wanted: set[str], indexed: int
) -> None:
    agent = {"type": "agent", "input": {"rawSourceText": AGENT.replace("reviewer", "deployer")}}
    ids = {
        make(api, "deploy-it"): "skill",
        str(api.post("/config-objects", agent).item.id): "agent",
        make(api, "deploy-that", sourceMode="import"): "imported",
        make(api, "deploy-inside", pluginIds=[plugin_id]): "inside",
    }
    index_some(indexed)

    assert {ids[one] for one in walk(api, query.format(plugin=plugin_id))} == wanted


@pytest.mark.parametrize("indexed", [0, 100])
def test_a_search_shows_a_member_what_they_may_see(
    api: Api, api_as: ApiAs, index_some: IndexSome, bob: Person, plugin_id: str, indexed: int
) -> None:
    api.post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})
    make(api, "deploy-hidden")
    shown = make(api, "deploy-shown", pluginIds=[plugin_id])
    index_some(indexed)

    assert walk(api_as(bob), "q=deploy") == [shown]


@pytest.mark.parametrize("indexed", [0, 100])
def test_what_is_deleted_is_found_only_when_asked_for(api: Api, index_some: IndexSome, indexed: int) -> None:
    made = make(api, "deploy-it")
    index_some(indexed)
    assert api.post(f"/config-objects/{made}/delete").status < 300

    gone = [walk(api, query) for query in ("q=deploy", "type=skill")]
    asked = [
        walk(api, query) for query in ("q=deploy&includeDeleted=true", "status=deleted", "q=deploy&status=deleted")
    ]

    assert (gone, asked) == ([[], []], [[made]] * 3)
    assert api.post(f"/config-objects/{made}/restore").status < 300
    index_some(indexed)
    assert walk(api, "q=deploy") == [made]
    assert walk(api, "status=deleted") == []


@pytest.mark.parametrize("other", ["q=release", "q=deploy&type=agent", "type=skill", "q=deploy it"])
def test_a_cursor_of_another_search_is_refused(api: Api, other: str) -> None:
    for letter in "abc":
        make(api, f"deploy-{letter}", "Deploy it, release it.")
    cursor = api.get("/config-objects?q=deploy&limit=1").json["nextCursor"]

    answer = api.get(f"/config-objects?{quote(other, safe='=&')}&limit=1&cursor={cursor}")

    assert answer.status == 400
    assert answer.code == "invalid_cursor"


def test_a_types_own_list_searches_as_well(api: Api, index_some: IndexSome) -> None:
    made = make(api, "deploy-it")
    api.post("/config-objects", {"type": "agent", "input": {"rawSourceText": AGENT.replace("reviewer", "deployer")}})
    index_some(1)

    assert [one.id for one in api.get("/skills?q=deploy").items] == [made]


def test_no_secret_becomes_a_word(api: Api, depot: Services, alice: Person) -> None:
    declared = {"type": "http", "url": "https://h.example", "headers": {"X-Key": "hunter2secret"}}
    server = json.dumps({"mcpServers": {"db": declared}})
    made = api.post("/config-objects", {"type": "mcp", "input": {"rawSourceText": server}}).item.id

    entity = depot.object_rows.find(alice.org_id, made)
    depot.indexing.index(alice.org_id, made)

    assert entity is not None
    assert walk(api, "q=db") == [made]
    assert walk(api, "q=hunter2secret") == []
