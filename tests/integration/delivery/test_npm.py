"""The code of plugins as an npm registry, below the org's scope and for each caller."""

import base64
import hashlib
import io
import json
import tarfile

import pytest

from functions.delivery.handler import handler as delivery
from shared.domain.plugin import Plugin
from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import DeliveryToken, Publisher

TOOL = 'import { tool } from "@opencode-ai/plugin"\nexport default tool({ description: "Finds.", args: {} })\n'
HOOK = 'import { join } from "node:path"\nexport const Notify = async () => ({ event: async () => {} })\n'


def registry(person: Person) -> Api:
    return Api(delivery, "/npm/acme", {"authorization": f"Bearer {person.token}"})


def tarball_of(registry: Api, packument: Answer) -> Answer:
    (version,) = packument.json["versions"].values()
    return registry.get(version["dist"]["tarball"].partition("/npm/acme")[2])


@pytest.fixture
def code_plugin(publisher: Publisher) -> Plugin:
    plugin = publisher.plugin("Code_Tools")
    publisher.add(plugin, "tool", "find.ts", TOOL)
    publisher.add(plugin, "hook", ".opencode/plugins/notify.ts", HOOK)
    publisher.skill(plugin)
    return plugin


@pytest.mark.parametrize("name", ["@acme%2fcode_tools", "@acme%2Fcode_tools", "@acme/code_tools"])
def test_a_package_is_found_with_and_without_an_encoded_slash(alice: Person, code_plugin: Plugin, name: str) -> None:
    found = registry(alice).get(f"/{name}").json

    assert found["name"] == "@acme/code_tools"
    assert found["description"] == "Reviews changes."
    version = found["versions"][found["dist-tags"]["latest"]]
    assert version["main"] == "index.js"
    assert version["exports"]["./server"] == "./index.js"
    assert version["dependencies"] == {"@opencode-ai/plugin": "*"}


def test_its_bytes_are_those_that_are_promised(alice: Person, code_plugin: Plugin) -> None:
    found = registry(alice).get("/@acme%2fcode_tools")
    (version,) = found.json["versions"].values()

    data = tarball_of(registry(alice), found).body

    assert version["dist"]["integrity"] == "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    assert version["dist"]["shasum"] == hashlib.sha1(data, usedforsecurity=False).hexdigest()
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        files = {name: opened.extractfile(name).read() for name in opened.getnames()}  # type: ignore[union-attr]  # files
    assert sorted(files) == [
        "package/index.js",
        "package/package.json",
        "package/plugins/notify.ts",
        "package/tools/find.ts",
    ]
    assert files["package/tools/find.ts"].decode() == TOOL
    assert files["package/plugins/notify.ts"].decode() == HOOK
    about = json.loads(files["package/package.json"])
    assert {**about, "_id": version["_id"], "dist": version["dist"]} == version


def test_a_change_of_the_code_is_a_version_of_its_own_and_the_old_bytes_stay(
    alice: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    tool = publisher.add(plugin, "tool", "find.ts", TOOL)
    before = registry(alice).get("/@acme%2freviews")

    publisher.rewrite(tool, TOOL + "// More.\n")

    after = registry(alice).get("/@acme%2freviews")
    assert before.json["dist-tags"]["latest"] != after.json["dist-tags"]["latest"]
    assert tarball_of(registry(alice), before).status == 200
    assert tarball_of(registry(alice), before).body != tarball_of(registry(alice), after).body


def test_plugins_whose_names_npm_would_spell_alike_are_packages_of_their_own(
    alice: Person, publisher: Publisher
) -> None:
    plugins = [publisher.plugin(name) for name in ("tools", "Tools-", "x" * 100, "x" * 101)]
    for number, plugin in enumerate(plugins):
        publisher.add(plugin, "tool", "find.ts", f"// {number}\n{TOOL}")
    spelled = ["tools", f"tools-{plugins[1].id[-6:]}", "x" * 100, f"{'x' * 100}-{plugins[3].id[-6:]}"]

    found = [registry(alice).get(f"/@acme%2f{name}") for name in spelled]

    assert [answer.status for answer in found] == [200] * 4
    assert len({tarball_of(registry(alice), answer).body for answer in found}) == 4


@pytest.mark.parametrize(
    ("code", "is_packed"),
    [
        ('const rows = db`select name from "users"`', True),
        ('// Made from "left-pad".', True),
        ('import {\n  left,\n  right as pad,\n} from "left-pad"', False),
        ('import*as pad from"left-pad"', False),
        ('const a = 1;import pad,{left}from "left-pad"', False),
        ("import 'left-pad'", False),
        ('export * as pad from "left-pad"', False),
        ('const pad = await import( "left-pad")', False),
        ('const pad = require("left-pad")', False),
    ],
)
def test_only_what_a_module_imports_keeps_it_out(
    alice: Person, publisher: Publisher, code: str, is_packed: bool
) -> None:
    publisher.add(publisher.plugin(), "tool", "find.ts", f"{code}\n{TOOL}")

    assert (registry(alice).get("/@acme%2freviews").status == 200) is is_packed


def test_every_tool_has_a_name_of_its_own_that_models_take(alice: Person, publisher: Publisher) -> None:
    plugin = publisher.plugin()
    for name in ("find.ts", "find.more.ts", "find_more.ts"):
        publisher.add(plugin, "tool", name, TOOL)

    data = tarball_of(registry(alice), registry(alice).get("/@acme%2freviews")).body

    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        entry = opened.extractfile("package/index.js").read().decode()  # type: ignore[union-attr]  # a file
    tools = json.loads(next(line for line in entry.splitlines() if line.startswith("const tools")).partition("= ")[2])
    assert tools == [
        ["find_more", "./tools/find.more.ts"],
        ["find", "./tools/find.ts"],
        ["find_more_", "./tools/find_more.ts"],
    ]


def test_what_has_no_code_is_no_package(alice: Person, full_plugin: Plugin) -> None:
    answers = [registry(alice).get(f"/{name}") for name in ("@acme%2freviews", "@other%2fcode_tools", "left-pad")]

    assert [answer.status for answer in answers] == [404] * 3


def test_a_package_is_for_who_may_have_its_plugin(
    alice: Person, bob: Person, mallory: Person, publisher: Publisher, code_plugin: Plugin
) -> None:
    tarball = registry(alice).get("/@acme%2fcode_tools").json["versions"].popitem()[1]["dist"]["tarball"]
    path = tarball.partition("/npm/acme")[2]

    assert registry(bob).get("/@acme%2fcode_tools").status == registry(bob).get(path).status == 404
    assert registry(mallory).get("/@acme%2fcode_tools").status == 404
    assert Api(delivery).get("/npm/acme/@acme%2fcode_tools").status == 401

    publisher.share(code_plugin, bob.id)

    assert registry(bob).get(path).status == 200


def test_a_ticket_for_packages_opens_nothing_else(
    alice: Person, delivery_token: DeliveryToken, code_plugin: Plugin
) -> None:
    sha256 = registry(alice).get("/@acme%2fcode_tools").json["versions"].popitem()[1]["dist"]["tarball"][-68:]
    token = delivery_token(alice)

    def fetch(secret: str) -> int:
        return Api(delivery).get(f"/o/acme/t/{secret}/npm/@acme/code_tools/{sha256}").status

    assert fetch(token) == 200
    assert fetch(alice.token) == 403
    assert fetch("nonsense") == 401


def test_asking_again_when_nothing_changed_packs_nothing(calls: Calls, alice: Person, code_plugin: Plugin) -> None:
    registry(alice).get("/@acme%2fcode_tools")

    with calls.counting() as cost:
        registry(alice).get("/@acme%2fcode_tools")

    assert (cost.dynamodb, cost.depth, cost.of("s3")) == (3, 3, 0)
