"""Hooks in every form that is met, and the one form in which they are delivered."""

import json

import pytest

from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import Split
from shared.domain.config_types.values import JSON
from shared.domain.config_types.verdicts import verdicts
from shared.domain.content import SourceFile
from tests.unit.domain.config_types.reading import codes, parse, tree

HOOK = config_type("hook")
AT = "plugins/guard/hooks/hooks.json"
RUN = {"type": "command", "command": "check", "timeout": 10}
BEFORE = {"matcher": "Bash", "hooks": [RUN]}


def _delivered(text: str) -> JSON:
    made = HOOK.deliver("hooks.json", [SourceFile("hooks.json", text.encode())])
    value: JSON = json.loads(made[0].data) if made else None
    return value


def _split(text: str, path: str = "p/.claude-plugin/plugin.json") -> Split:
    [unit] = HOOK.units_from([path], tree(path)).units
    return HOOK.split(unit, [SourceFile(unit.entry_path, text.encode())])


@pytest.mark.parametrize(
    "document",
    [
        {"description": "Guards.", "hooks": {"PreToolUse": [BEFORE]}},
        {"PreToolUse": [BEFORE]},
        {"hooks": {"PreToolUse": BEFORE}},
        [{"event": "PreToolUse", **BEFORE}],
        [{"PreToolUse": [BEFORE]}],
        [{"hooks": {"PreToolUse": [BEFORE]}}],
    ],
)
def test_every_form_says_the_same_and_is_delivered_alike(document: JSON) -> None:
    text = json.dumps(document)

    parsed = parse("hook", text, AT)

    assert parsed.projection == {"event": ["PreToolUse"], "kind": "declarative"}
    assert parsed.payload["hooks"] == [{"event": "PreToolUse", "matcher": "Bash", "handlers": [RUN]}]
    assert _delivered(text) == {"hooks": {"PreToolUse": [BEFORE]}}


@pytest.mark.parametrize(
    ("document", "taken"),
    [
        ({"description": "Guards.", "hooks": {"PreToolUse": [BEFORE]}}, True),
        ({"PreToolUse": [BEFORE]}, False),
        ({"hooks": {"PreToolUse": BEFORE}}, False),
        ({"hooks": {"PreToolUse": [{"hooks": RUN}]}}, False),
        ({"hooks": [{"PreToolUse": [BEFORE]}]}, False),
        ([{"event": "PreToolUse", **BEFORE}], False),
    ],
)
def test_a_form_that_claude_code_does_not_take_is_told(document: JSON, taken: bool) -> None:
    parsed = parse("hook", json.dumps(document), AT)

    loads = {verdict.client: verdict.loads for verdict in verdicts(parsed.diagnostics)}
    assert ("hook_respelled" not in codes(parsed)) is taken
    assert loads["claude-code"] is taken


@pytest.mark.parametrize(
    ("hooks", "taken"), [({"Stop": [BEFORE]}, True), ([{"Stop": [BEFORE]}], True), ({"Stop": BEFORE}, False)]
)
def test_a_manifest_may_list_documents(hooks: JSON, taken: bool) -> None:
    [(unit, files)] = _split(json.dumps({"name": "p", "hooks": hooks})).units

    parsed = HOOK.parse_unit(unit, files)

    assert ("hook_respelled" not in codes(parsed)) is taken
    assert _delivered(files[0].data.decode()) == {"hooks": {"Stop": [BEFORE]}}


def test_a_handler_that_is_none_does_not_spoil_the_others() -> None:
    text = json.dumps({"hooks": {"Stop": [{"hooks": [{"command": "x"}, RUN]}]}})

    parsed = parse("hook", text, AT)

    assert "hook_not_read" in codes(parsed)
    assert _delivered(text) == {"hooks": {"Stop": [{"hooks": [RUN]}]}}


def test_a_document_is_called_after_its_plugin_and_file() -> None:
    parsed = parse("hook", json.dumps({"Stop": [BEFORE]}), AT)

    assert (parsed.title, parsed.install_name) == ("guard hooks.json", "guard-hooks")
    assert (parsed.description, parsed.description_derived) == ("Runs on Stop.", True)
    assert parse("hook", "{}", "hooks/hooks.json").title == "hooks.json"


def test_a_document_may_describe_itself() -> None:
    parsed = parse("hook", json.dumps({"description": "Guards.", "hooks": {"Stop": [BEFORE]}}), AT)

    assert (parsed.description, parsed.description_derived) == ("Guards.", False)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "hook_empty"),
        ({"hooks": {"NoSuchEvent": [BEFORE]}}, "hook_unknown_event"),
        ({"hooks": {"Stop": [{"hooks": [{"type": "mystery"}]}]}}, "hook_unknown_type"),
        ({"hooks": {"Stop": [BEFORE]}, "modules": ["./x.js"]}, "hook_not_read"),
        ({"Stop": [{"matcher": "x"}]}, "hook_not_read"),
        ({"Stop": ["text"]}, "hook_not_read"),
        ({"Stop": [{"hooks": [{"command": "x"}]}]}, "hook_not_read"),
        ([BEFORE], "hook_not_read"),
        ("text", "hook_not_read"),
        (
            {"Stop": [{"hooks": [{"type": "command", "command": "${CLAUDE_PLUGIN_ROOT}/x.sh"}]}]},
            "hook_needs_plugin_files",
        ),
    ],
)
def test_what_is_odd_is_told(document: JSON, code: str) -> None:
    parsed = parse("hook", json.dumps(document), AT)

    assert code in codes(parsed)
    assert parsed.loads


@pytest.mark.parametrize(
    ("text", "code"), [("{nope", "json_invalid"), ("\ufeff{}", "byte_order_mark"), ("", "empty_file")]
)
def test_what_is_no_document_is_told(text: str, code: str) -> None:
    parsed = parse("hook", text, AT)

    assert code in codes(parsed)
    assert parsed.loads is (code != "json_invalid")


def test_one_entry_that_nothing_reads_does_not_spoil_the_others() -> None:
    assert _delivered(json.dumps({"Stop": ["text", BEFORE], "PreToolUse": {}})) == {"hooks": {"Stop": [BEFORE]}}


def test_nothing_to_run_is_no_file() -> None:
    assert _delivered("{}") is None


def test_a_known_form_of_credential_does_not_reach_the_payload() -> None:
    token = "ghp_" + "a1B2" * 9
    parsed = parse("hook", json.dumps({"Stop": [{"hooks": [{"type": "command", "command": f"x {token}"}]}]}), AT)

    assert token not in repr(parsed)


def test_inline_hooks_are_one_unit_of_their_manifest() -> None:
    [(unit, files)] = _split(json.dumps({"name": "p", "version": "1", "hooks": {"Stop": [BEFORE]}})).units

    assert (unit.locator, unit.origin) == ("p/.claude-plugin/plugin.json#hooks", "p/.claude-plugin/plugin.json")
    assert json.loads(files[0].data) == {"hooks": {"Stop": [BEFORE]}}
    assert HOOK.parse_unit(unit, files).title == "p plugin.json"


def test_hooks_in_other_files_are_named_and_left_to_them() -> None:
    found = _split('{"hooks": ["./hooks/a.json", "${CLAUDE_PLUGIN_ROOT}/b.json", "../../evil"]}')

    assert (found.units, found.complete) == ((), True)
    assert [note.message.rpartition(": ")[2] for note in found.diagnostics] == ["hooks/a.json, b.json"]


@pytest.mark.parametrize(("text", "complete"), [("{nope", False), ("{}", True), ('{"hooks": {}}', True)])
def test_a_manifest_without_hooks_holds_no_unit(text: str, complete: bool) -> None:
    found = _split(text)

    assert (found.units, found.complete) == ((), complete)


MODULE = """
import type { Plugin } from "@opencode-ai/plugin"
import { helper } from "./lib/helper"
export const Notify: Plugin = async ({ $ }) => ({
  event: async ({ event }) => { if (event.type === "session.idle") await $`say done` },
  "tool.execute.before": async (input, output) => {},
})
"""


def test_a_code_module_is_read_without_running_it() -> None:
    parsed = parse("hook", MODULE, ".opencode/plugins/notify.ts")

    assert parsed.projection == {"event": ["event", "session.idle", "tool.execute.before"], "kind": "code"}
    assert (parsed.payload["language"], parsed.payload["entry"]) == ("typescript", "notify.ts")
    assert (parsed.title, codes(parsed)) == ("notify.ts", {"hook_only_opencode", "hook_needs_plugin_files"})


def test_each_kind_goes_where_its_client_looks_and_the_others_say_why_not() -> None:
    declarative, code = parse("hook", "{}", AT), parse("hook", MODULE, ".opencode/plugins/notify.ts")

    assert HOOK.install_paths("guard", "hooks.json") == {"claude-code": "hooks/hooks.json", "codex": "hooks/hooks.json"}
    assert HOOK.install_paths("notify", "notify.ts") == {"opencode": ".opencode/plugins/notify.ts"}
    assert {one.client for one in verdicts(declarative.diagnostics) if not one.loads} == {"opencode", "codex"}
    assert "opencode" not in {one.client for one in verdicts(code.diagnostics) if not one.loads}


def test_scripts_beside_a_document_are_no_modules() -> None:
    paths = ["hooks/hooks.json", "hooks/check.js", ".opencode/plugin/a.mjs", ".opencode/plugin/lib/b.ts"]

    found = HOOK.units_from(paths, tree(*paths))

    assert [unit.locator for unit in found.units] == [".opencode/plugin/a.mjs", "hooks/hooks.json"]
    assert found.unclaimed == (".opencode/plugin/lib/b.ts", "hooks/check.js")
