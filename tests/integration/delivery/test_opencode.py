"""What OpenCode reads when it starts: where to sign in, and the configuration of its user."""

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.plugin import Plugin
from shared.domain.token import TokenKind
from shared.services.directory import TokenDraft
from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer, Api
from tests.fixtures.logs import LogLines
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import DeliveryToken, Publisher

TOOL = 'export default { description: "Finds.", args: {}, async execute() { return "found" } }\n'


def fetch(token: str, path: str = "/o/acme/opencode.json", **headers: str) -> Answer:
    return Api(delivery).get(path, authorization=f"Bearer {token}", **headers)


def config(token: str, path: str = "/o/acme/opencode.json") -> Any:
    answer = fetch(token, path)
    assert answer.status == 200, answer.body
    return answer.json


@pytest.mark.parametrize(
    ("path", "configuration"),
    [
        ("/.well-known/opencode", "https://depot.example/opencode.json"),
        ("/o/acme/.well-known/opencode", "https://depot.example/o/acme/opencode.json"),
        ("/o/nobody/.well-known/opencode", "https://depot.example/o/nobody/opencode.json"),
    ],
)
def test_anybody_is_told_how_to_sign_in_without_a_look_at_any_store(
    calls: Calls, path: str, configuration: str
) -> None:
    with calls.counting() as cost:
        answer = Api(delivery).get(path)

    assert answer.status == 200
    assert answer.json["auth"]["env"] == "DEPOT_TOKEN"
    assert answer.json["auth"]["command"][:2] == ["sh", "-c"]
    assert answer.json["remote_config"] == {
        "url": configuration,
        "headers": {"Authorization": "Bearer {env:DEPOT_TOKEN}"},
    }
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert not cost.operations


def test_the_deployment_alone_says_which_command_opencode_runs(
    depot: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depot, "settings", replace(depot.settings, opencode_auth_command='["pass", "depot"]'))

    assert Api(delivery).get("/.well-known/opencode").json["auth"]["command"] == ["pass", "depot"]


@pytest.mark.parametrize("org", ["%7Benv:HOME%7D", "{file:~/.netrc}", "a%2Fb", "-", "A"])
def test_what_could_be_no_org_is_not_repeated(org: str) -> None:
    assert Api(delivery).get(f"/o/{org}/.well-known/opencode").status == 404


def test_the_configuration_holds_all_that_opencode_takes(
    alice: Person, delivery_token: DeliveryToken, publisher: Publisher, full_plugin: Plugin
) -> None:
    publisher.add(full_plugin, "tool", "find.ts", TOOL)

    found = config(delivery_token(alice))

    below = "https://depot.example/o/acme/t/{env:DEPOT_TOKEN}"
    assert found["agent"]["critic"] == {"description": "Criticizes.", "mode": "subagent", "prompt": "Be kind."}
    assert found["command"]["git/tidy"] == {"description": "Tidies.", "template": "Tidy $1."}
    assert found["mcp"]["search"]["command"] == ["search-server"]
    assert found["skills"] == {"urls": [f"{below}/.well-known/agent-skills"]}
    (package,) = found["plugin"]
    assert package.startswith(f"@acme/reviews@{below}/npm/@acme/reviews/")
    assert found["unsupported"] == []


def test_its_links_open_with_the_token_that_opened_it(
    alice: Person, delivery_token: DeliveryToken, publisher: Publisher, full_plugin: Plugin
) -> None:
    publisher.add(full_plugin, "tool", "find.ts", TOOL)
    token = delivery_token(alice)
    found = config(token)

    filled = [link.replace("{env:DEPOT_TOKEN}", token) for link in (*found["skills"]["urls"], *found["plugin"])]
    skills, package = (link.partition("https://depot.example")[2] for link in filled)

    assert Api(delivery).get(f"{skills}/index.json").json["skills"][0]["name"] == "review"
    assert Api(delivery).get(package).headers["content-type"] == "application/gzip"


def test_the_document_holds_neither_the_token_nor_a_literal_secret(
    alice: Person, delivery_token: DeliveryToken, full_plugin: Plugin, log_lines: LogLines
) -> None:
    token = delivery_token(alice)

    text = fetch(token).body.decode()

    assert token[4:] not in text
    assert "sk-live" not in text
    assert "{env:API_KEY}" in text
    assert not any(token[8:] in str(line) for line in log_lines())


def test_a_token_says_which_org_it_is_for(alice: Person, delivery_token: DeliveryToken, full_plugin: Plugin) -> None:
    token = delivery_token(alice)

    assert config(token, "/opencode.json") == config(token, "/o/acme/opencode.json")


def test_each_caller_has_their_own(
    alice: Person, bob: Person, mallory: Person, delivery_token: DeliveryToken, full_plugin: Plugin
) -> None:
    assert "agent" in config(delivery_token(alice))
    assert "agent" not in config(delivery_token(bob))
    assert fetch(delivery_token(mallory)).status == 404
    assert fetch("nonsense").status == 401


def test_a_token_that_may_do_more_is_given_no_paths(alice: Person, full_plugin: Plugin) -> None:
    found = config(alice.token)

    assert "skills" not in found
    assert "plugin" not in found
    assert [one["type"] for one in found["unsupported"]] == ["skill"]


def test_two_of_one_name_and_opencodes_own_names_are_told_apart(
    alice: Person, delivery_token: DeliveryToken, publisher: Publisher
) -> None:
    for name in ("first", "second"):
        publisher.agent(publisher.plugin(name), "critic")
    publisher.agent(publisher.plugin("third"), "build")

    found = config(delivery_token(alice))

    assert sorted(name.split("-")[0] for name in found["agent"]) == ["build", "critic", "critic"]
    assert "critic" in found["agent"]
    assert "build" not in found["agent"]
    assert len([one for one in found["unsupported"] if "its name is taken" in one["reason"]]) == 2


def test_what_opencode_would_fill_in_stays_what_its_author_wrote(
    alice: Person, delivery_token: DeliveryToken, publisher: Publisher
) -> None:
    page = "---\ndescription: Reads {file:~/.ssh/id_rsa}.\n---\nSay {env:HOME} and {file:missing.md}.\n"
    publisher.add(publisher.plugin(), "agent", "critic.md", page)

    text = fetch(delivery_token(alice)).body.decode()

    found = json.loads(text)
    assert "{file:" not in text
    assert found["agent"]["critic"]["prompt"] == "Say { env:HOME} and { file:missing.md}."
    assert "written with a space" in found["unsupported"][0]["reason"]


@pytest.mark.parametrize("value", ["${DEPOT_TOKEN}", "${depot_Token}", "{file:/etc/passwd}"])
def test_no_server_is_given_the_token_or_a_file_of_its_user(
    alice: Person, delivery_token: DeliveryToken, publisher: Publisher, value: str
) -> None:
    server = {"mcpServers": {"search": {"url": "https://h.example/mcp", "headers": {"X-Given": value}}}}
    publisher.add(publisher.plugin(), "mcp", ".mcp.json", json.dumps(server))

    found = config(delivery_token(alice))

    assert "mcp" not in found
    assert [one["type"] for one in found["unsupported"]] == ["mcp"]


def test_what_opencode_is_not_given_is_told_with_the_reason(
    alice: Person, delivery_token: DeliveryToken, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    hooks = {"PreToolUse": [{"hooks": [{"type": "command", "command": "check"}]}]}
    publisher.add(plugin, "hook", "hooks.json", json.dumps({"hooks": hooks}))
    publisher.add(plugin, "tool", "find.ts", 'import left from "left-pad"\nexport default { execute() {} }\n')

    found = config(delivery_token(alice))

    assert "plugin" not in found
    assert [(one["plugin"], one["type"], one["name"]) for one in found["unsupported"]] == [
        ("reviews", "hook", "hooks"),
        ("reviews", "tool", "find"),
    ]
    assert "left-pad" in found["unsupported"][1]["reason"]


def test_what_would_not_fit_an_answer_is_left_out_and_told(
    alice: Person, delivery_token: DeliveryToken, publisher: Publisher
) -> None:
    """Quotes and line feeds are what an answer carries at twice their length, and more."""
    plugin = publisher.plugin()
    for number in range(9):
        page = "---\ndescription: Quotes.\n---\n" + f'"{number}"\n' * 62_000
        publisher.add(plugin, "agent", f"quoting-{number}.md", page)

    found = config(delivery_token(alice))

    assert 0 < len(found["agent"]) < 9
    assert len(found["agent"]) + len(found["unsupported"]) == 9
    assert "larger than OpenCode can be given" in found["unsupported"][0]["reason"]


def test_who_has_it_is_told_so(alice: Person, delivery_token: DeliveryToken, full_plugin: Plugin) -> None:
    token = delivery_token(alice)
    etag = fetch(token).headers["etag"]

    assert fetch(token, if_none_match=etag).status == 304


def test_a_revoked_token_is_refused_at_once(depot: Services, alice: Person, full_plugin: Plugin) -> None:
    draft = TokenDraft(TokenKind.DELIVERY, "laptop", alice.id)
    token, secret = depot.directory.create_token(alice.org_id, draft)
    assert fetch(secret).status == 200

    depot.tokens.revoke(depot.authentication.authenticate(alice.token, alice.org_id), token.id)

    assert fetch(secret).status == fetch(secret, "/opencode.json").status == 401


def test_asking_again_when_nothing_changed_renders_nothing(
    calls: Calls, depot: Services, alice: Person, delivery_token: DeliveryToken, full_plugin: Plugin
) -> None:
    token = delivery_token(alice)
    fetch(token)
    with calls.counting() as warm:
        fetch(token)
    del depot.opencode, depot.renderings, depot.delivery_contents
    with calls.counting() as cold:
        fetch(token)
    with calls.counting() as anywhere:
        fetch(token, "/opencode.json")

    assert (warm.dynamodb, warm.depth, warm.of("s3")) == (3, 3, 0)
    assert (cold.dynamodb, cold.depth) == (3, 4)
    assert cold.operations["s3.GetObject"] == cold.of("s3") == 1
    assert (anywhere.dynamodb, anywhere.depth) == (4, 4)
