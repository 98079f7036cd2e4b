"""What a search finds, in which order, and that it is never behind what was written."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from shared.bootstrap import Services
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill

Write = Callable[..., str]


@pytest.fixture
def api(api_as: ApiAs, alice: Person) -> Api:
    return api_as(alice)


@pytest.fixture
def write(api: Api) -> Write:
    """Creates a skill by its name and description, and gives its id."""

    def create(name: str, description: str = "What it is.", **more: object) -> str:
        text = f"---\nname: {name}\ndescription: {description}\n---\nBody.\n"
        return str(api.post("/config-objects", skill(text, **more)).item.id)

    return create


@pytest.fixture(params=["unindexed", "indexed"])
def settle(request: pytest.FixtureRequest, depot: Services, alice: Person) -> Callable[[], None]:
    """What happens between a write and a search: nothing yet, or everything. The answers have to be the same."""
    return index_all(depot, alice.org_id) if request.param == "indexed" else lambda: None


def index_all(depot: Services, org_id: str) -> Callable[[], None]:
    def index() -> None:
        for object_id in depot.object_rows.list_unindexed(org_id, None, 1000).items:
            depot.indexing.index(org_id, object_id)

    return index


Settle = Callable[[], None]


def found(api: Api, q: str, more: str = "") -> list[str]:
    return [one.id for one in api.get(f"/config-objects?q={quote(q)}{more}").items]


def test_titles_come_before_descriptions(api: Api, write: Write, settle: Settle) -> None:
    described = write("release", "Helps to deploy a service.")
    titled = write("deploy-service")
    settle()

    assert found(api, "deploy") == [titled, described]


@pytest.mark.parametrize("q", ["dep", "DEPLOY", "déploy", "deploy serv", "serv dep", "deploy the service", "deploy-se"])
def test_words_match_by_their_beginning_whatever_their_order_case_and_accents(
    api: Api, write: Write, settle: Settle, q: str
) -> None:
    wanted = write("deploy-service")
    write("destroy-service")
    settle()

    assert found(api, q) == [wanted]


@pytest.mark.parametrize("q", ["eploy", "deployed", "deploy database", "d", "cfg", "skill"])
def test_what_begins_no_word_finds_nothing(api: Api, write: Write, settle: Settle, q: str) -> None:
    write("deploy-service")
    settle()

    assert found(api, q) == []


@pytest.mark.parametrize(
    ("title", "q"),
    [
        ("Über den Wolken", "uber"),
        ("ﬁle watcher", "file"),
        ("MCPServer", "server"),
        ("MCPServer", "mcpserv"),
        ("Code in C", "c"),
        ("C++ style", "c++"),
        ("C# style", "c#"),
        ("日本語 tools", "日本"),
    ],
)
def test_words_are_those_that_a_person_would_type(api: Api, write: Write, settle: Settle, title: str, q: str) -> None:
    wanted = write("some-name", f"'{title}'")
    settle()

    assert found(api, q) == [wanted]


@pytest.mark.parametrize("q", ["", "…", "/ -", "_"])
def test_a_query_without_a_word_is_refused(api: Api, q: str) -> None:
    answer = api.get(f"/config-objects?q={quote(q)}")

    assert answer.status == 400
    assert answer.json["errors"][0]["path"] == "q"


@pytest.mark.parametrize("q", ["x" * 201, " ".join(map(str, range(9)))])
def test_a_query_that_is_too_long_is_refused(api: Api, q: str) -> None:
    answer = api.get(f"/config-objects?q={quote(q)}")

    assert answer.status == 400
    assert "q" in answer.json["errors"][0]["path"]
