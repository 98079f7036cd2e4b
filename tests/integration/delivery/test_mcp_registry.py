"""The MCP registry, read as clients read one: anonymously, by an address that carries the credential."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.config_object import ConfigObject
from shared.domain.plugin import Plugin
from shared.domain.rendering.mcp_registry import LEFT_OUT, OFFICIAL
from shared.domain.token import TokenKind
from shared.services.directory import TokenDraft
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.logs import LogLines
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import SECRET, Publisher

NPX = {"command": "npx", "args": ["-y", "@acme/search@1.2.3"], "env": {"API_KEY": SECRET}}


def registry_at(secret: str | None, org: str = "acme") -> Api:
    return Api(delivery, f"/mcp-registry/{org}/{secret}/v0.1")


RegistryOf = Callable[[Person], Api]


@pytest.fixture
def registry_of(depot: Services) -> RegistryOf:
    def connect(person: Person) -> Api:
        actor = depot.authentication.authenticate(person.token, person.org_id)
        return registry_at(depot.authentication.issue_ticket(actor, "mcp-registry"))

    return connect


def add(publisher: Publisher, plugin: Plugin, key: str = "search", server: Any = NPX) -> ConfigObject:
    return publisher.add(plugin, "mcp", ".mcp.json", json.dumps({"mcpServers": {key: server}}))


def names(api: Api, query: str = "") -> list[str]:
    return [one["server"]["name"] for one in api.get(f"/servers{query}").json["servers"]]


def test_a_server_is_offered_as_its_package(alice: Person, publisher: Publisher, registry_of: RegistryOf) -> None:
    add(publisher, publisher.plugin())

    listed = registry_of(alice).get("/servers")

    (entry,) = listed.json["servers"]
    server, official = entry["server"], entry["_meta"][OFFICIAL]
    assert listed.json["metadata"] == {"count": 1}
    assert re.fullmatch("[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", server["name"])
    assert (server["name"], server["title"]) == ("acme/search", "search")
    assert server["description"] == "search of reviews. Reviews changes."
    assert server["packages"][0]["identifier"] == "@acme/search"
    assert server["packages"][0]["environmentVariables"] == [{"name": "API_KEY", "isRequired": True, "isSecret": True}]
    assert (official["status"], official["isLatest"]) == ("active", True)
    assert official["publishedAt"] == official["updatedAt"]
    assert SECRET.encode() not in listed.body


def test_descriptions_have_at_most_a_hundred_characters(
    alice: Person, publisher: Publisher, registry_of: RegistryOf
) -> None:
    add(publisher, publisher.plugin("long", "Reviews. " * 40), "s" * 120)

    (entry,) = registry_of(alice).get("/servers").json["servers"]

    assert [0 < len(entry["server"][name]) <= 100 for name in ("title", "description")] == [True, True]


def test_a_server_is_found_by_its_name_and_version(
    alice: Person, publisher: Publisher, registry_of: RegistryOf
) -> None:
    add(publisher, publisher.plugin())
    api = registry_of(alice)
    (entry,) = api.get("/servers").json["servers"]
    version = entry["server"]["version"]

    for name in ("acme%2Fsearch", "acme/search"):
        assert api.get(f"/servers/{name}/versions").json == {"servers": [entry], "metadata": {"count": 1}}
        assert api.get(f"/servers/{name}/versions/latest").json == entry
        assert api.get(f"/servers/{name}/versions/{version}").json == entry
    unknown = ("acme%2Fsearch/versions/9.9.9", "acme%2Fnone/versions", "search/versions", "acme%2Fsearch", "")
    assert {api.get(f"/servers/{path}").status for path in unknown} == {404}


def test_a_change_is_a_newer_version_and_nothing_else_is(
    alice: Person, publisher: Publisher, registry_of: RegistryOf
) -> None:
    plugin = publisher.plugin()
    entity = add(publisher, plugin)
    api = registry_of(alice)
    before = api.get("/servers/acme%2Fsearch/versions/latest").json["server"]["version"]
    publisher.skill(plugin)
    assert api.get("/servers/acme%2Fsearch/versions/latest").json["server"]["version"] == before

    publisher.rewrite(entity, json.dumps({"mcpServers": {"search": {"command": "uvx", "args": ["search"]}}}))

    after = api.get("/servers/acme%2Fsearch/versions/latest").json["server"]
    assert int(after["version"].split(".")[2]) > int(before.split(".")[2])
    assert after["packages"][0]["registryType"] == "pypi"


def test_what_cannot_be_said_is_left_out_with_the_reason(
    alice: Person, full_plugin: Plugin, registry_of: RegistryOf
) -> None:
    listed = registry_of(alice).get("/servers")

    assert listed.json["servers"] == []
    reason = "its command fetches no package of npm, PyPI or a container registry"
    assert listed.json["_meta"] == {LEFT_OUT: {"acme/search": reason}}


def test_pages_go_on_where_they_ended(alice: Person, publisher: Publisher, registry_of: RegistryOf) -> None:
    plugin = publisher.plugin()
    for key in ("c", "a", "b"):
        add(publisher, plugin, key)
    api = registry_of(alice)

    first = api.get("/servers?limit=2&version=latest").json
    cursor = first["metadata"]["nextCursor"]
    add(publisher, plugin, "aa")

    assert [one["server"]["name"] for one in first["servers"]] == ["acme/a", "acme/b"]
    assert names(api, f"?limit=2&version=latest&cursor={cursor}") == ["acme/c"]
    assert api.get(f"/servers?limit=2&search=x&cursor={cursor}").status == 400
    assert names(api, "?limit=5000") == ["acme/a", "acme/aa", "acme/b", "acme/c"]


def test_servers_are_looked_for_by_name_time_and_version(
    alice: Person, publisher: Publisher, registry_of: RegistryOf
) -> None:
    plugin = publisher.plugin()
    add(publisher, plugin, "search")
    add(publisher, plugin, "files")
    api = registry_of(alice)
    version = api.get("/servers/acme%2Ffiles/versions/latest").json["server"]["version"]

    assert names(api, "?search=FIL") == ["acme/files"]
    assert "acme/files" in names(api, f"?version={version}")
    assert names(api, "?version=9.9.9") == []
    assert names(api, "?updated_since=2001-01-01T00:00:00Z") == ["acme/files", "acme/search"]
    assert names(api, "?updated_since=2101-01-01T00:00:00.000Z") == []
    assert {api.get(f"/servers?{wrong}").status for wrong in ("limit=0", "limit=x", "updated_since=x")} == {400}


def test_each_caller_has_their_own(
    alice: Person, bob: Person, mallory: Person, publisher: Publisher, registry_of: RegistryOf
) -> None:
    plugin = publisher.plugin()
    add(publisher, plugin)
    theirs = registry_of(bob)
    assert names(theirs) == []
    assert theirs.get("/servers/acme%2Fsearch/versions/latest").status == 404

    grant = publisher.share(plugin, bob.id)
    assert names(theirs) == ["acme/search"]
    publisher.depot.plugin_grants.take_back(publisher.actor, plugin.id, grant)

    assert names(theirs) == []
    assert registry_of(mallory).get("/servers").status == 404


def test_a_path_ends_with_its_token_and_opens_nothing_else(
    depot: Services, alice: Person, publisher: Publisher
) -> None:
    add(publisher, publisher.plugin())
    token, secret = depot.directory.create_token(alice.org_id, TokenDraft(TokenKind.DELIVERY, "laptop", alice.id))
    actor = depot.authentication.authenticate(secret, alice.org_id)
    ticket = depot.authentication.issue_ticket(actor, "mcp-registry")
    assert names(registry_at(ticket)) == names(registry_at(secret)) == ["acme/search"]
    skills = depot.authentication.issue_ticket(actor, "agent-skills")
    assert registry_at(skills).get("/servers").status == 401
    assert registry_at(alice.token).get("/servers").status == 403

    depot.tokens.revoke(publisher.actor, token.id)

    assert registry_at(ticket).get("/servers").status == registry_at(secret).get("/servers").status == 401


def test_pages_of_any_origin_may_read_it_and_its_refusals(
    calls: Calls, alice: Person, publisher: Publisher, registry_of: RegistryOf
) -> None:
    add(publisher, publisher.plugin())
    with calls.counting() as counted:
        asked = registry_at("nonsense").send("OPTIONS", "/servers", origin="https://vscode.dev")
    answers = [asked, registry_of(alice).get("/servers"), registry_at("nonsense").get("/servers")]

    assert [answer.status for answer in answers] == [204, 200, 401]
    assert counted.dynamodb == 0
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "GET, OPTIONS"
        assert answer.headers["access-control-allow-headers"] == "Authorization, Content-Type"


def test_no_other_place_is_open_to_every_origin(delivered_to: Callable[[Person], Api], alice: Person) -> None:
    answers = [delivered_to(alice).get("/plugins"), delivered_to(alice).send("OPTIONS", "/plugins")]

    assert not any("access-control-allow-origin" in answer.headers for answer in answers)


def test_an_unchanged_list_is_not_sent_again(alice: Person, publisher: Publisher, registry_of: RegistryOf) -> None:
    plugin = publisher.plugin()
    add(publisher, plugin)
    api = registry_of(alice)
    etag = api.get("/servers").headers["etag"]
    assert api.get("/servers", if_none_match=etag).status == 304

    add(publisher, plugin, "files")

    assert api.get("/servers", if_none_match=etag).status == 200


def test_a_path_is_logged_without_its_credential(
    depot: Services, alice: Person, publisher: Publisher, log_lines: LogLines
) -> None:
    ticket = depot.authentication.issue_ticket(publisher.actor, "mcp-registry") or ""
    registry_at(ticket).get("/servers")
    registry_at(ticket).get("/servers/acme%2Fnone/versions/latest")

    lines = log_lines()

    assert lines[0]["route"] == "/mcp-registry/{orgId}/{ticket}/v0.1/servers"
    assert not any(ticket[8:] in str(line) for line in lines)


def test_asking_again_when_nothing_changed_renders_nothing(
    calls: Calls, depot: Services, alice: Person, publisher: Publisher, registry_of: RegistryOf
) -> None:
    add(publisher, publisher.plugin())
    api = registry_of(alice)
    api.get("/servers")
    with calls.counting() as warm:
        api.get("/servers")
    del depot.mcp_registry, depot.renderings, depot.delivery_contents
    with calls.counting() as cold:
        api.get("/servers")

    assert (warm.dynamodb, warm.depth, warm.of("s3")) == (3, 3, 0)
    assert (cold.dynamodb, cold.depth, cold.of("s3")) == (3, 4, 1)


def test_the_links_lead_to_it(alice: Person, publisher: Publisher, delivered_to: Callable[[Person], Api]) -> None:
    add(publisher, publisher.plugin())

    link = delivered_to(alice).get("/links").item.mcpRegistry

    assert names(Api(delivery, link.removeprefix("https://depot.example") + "/v0.1")) == ["acme/search"]
