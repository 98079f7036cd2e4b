"""Agents and commands that opencode.json declares: each a unit of its own, delivered as the file that clients load."""

import json

import pytest

from shared.domain.config_types import frontmatter
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import ParsedUnit, Split
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from tests.unit.domain.config_types.reading import codes, tree

REVIEWER: dict[str, JSON] = {
    "description": "Reviews: all of it.",
    "mode": "subagent",
    "model": "anthropic/claude-sonnet-4",
    "prompt": "Be kind.\nBe brief.",
    "temperature": 0.1,
    "tools": {"write": False},
}
TIDY: dict[str, JSON] = {"template": "Tidy $ARGUMENTS up.\n!`git status`", "description": "Tidies.", "subtask": True}


def _split(type_name: str, text: str, path: str = "p/opencode.jsonc") -> Split:
    declared = config_type(type_name)
    [unit] = declared.units_from([path], tree(path)).units
    assert unit.container
    return declared.split(unit, [SourceFile(unit.entry_path, text.encode())])


def _only(type_name: str, entry: JSON) -> tuple[ParsedUnit, SourceFile]:
    """The one unit, and the file that is delivered of it."""
    [(unit, files)] = _split(type_name, json.dumps({type_name: {"one": entry}})).units
    declared = config_type(type_name)
    [made] = declared.deliver(unit.entry_path, files)
    return declared.parse_unit(unit, files), made


def test_each_entry_of_a_section_is_a_unit_with_a_locator_of_its_own() -> None:
    text = (
        '{"agent": {"reviewer": {"prompt": "x"}, /* two */ "critic": {}}, "command": {"reviewer": {"template": "y"}}}'
    )

    agents, commands = _split("agent", text), _split("command", text)

    assert [unit.locator for unit, _ in agents.units] == [
        "p/opencode.jsonc#agent/reviewer",
        "p/opencode.jsonc#agent/critic",
    ]
    assert [unit.locator for unit, _ in commands.units] == ["p/opencode.jsonc#command/reviewer"]
    assert {unit.origin for unit, _ in agents.units} == {"p/opencode.jsonc"}


def test_a_unit_s_content_does_not_change_with_its_neighbours_or_the_layout() -> None:
    alone = _split("agent", '{"agent":{"one":{"prompt":"\\u00e9"}}}')
    among = _split("agent", '{"agent": {"zero": {}, "one": {\n"prompt": "é"}}, "mcp": {}}')

    assert alone.units[0][1] == among.units[1][1]


def test_an_inline_agent_reads_like_one_in_a_file() -> None:
    parsed, _ = _only("agent", REVIEWER)

    assert (parsed.title, parsed.install_name, parsed.description) == ("one", "one", "Reviews: all of it.")
    assert parsed.projection == {
        "mode": "subagent",
        "model": "anthropic/claude-sonnet-4",
        "hidden": False,
        "disabled": False,
    }
    assert (parsed.payload["prompt"], parsed.payload["temperature"]) == ("Be kind.\nBe brief.", 0.1)
    assert parsed.payload["permission"] == {"edit": "deny"}
    assert (parsed.payload["dialect"], codes(parsed)) == ("opencode", set())


def test_an_inline_command_reads_like_one_in_a_file() -> None:
    parsed, _ = _only("command", TIDY)

    assert (parsed.title, parsed.payload["template"]) == ("one", TIDY["template"])
    assert parsed.projection == {"agent": None, "subtask": True, "usesShell": True, "usesArguments": True}


@pytest.mark.parametrize(("type_name", "entry"), [("agent", REVIEWER), ("command", TIDY)])
def test_what_is_delivered_says_the_same_as_a_file(type_name: str, entry: dict[str, JSON]) -> None:
    inline, made = _only(type_name, entry)

    from_file = config_type(type_name).parse(made.path, [made], origin=f".opencode/{type_name}s/one.md")

    assert made.path == "one.md"
    assert {**from_file.payload, "name": "one"} == inline.payload
    assert (from_file.projection, from_file.title) == (inline.projection, inline.title)


@pytest.mark.parametrize("odd", ["a: b # c", "'", '"', "\x80\u2028\ufeff", "😀", "--- \n---", "@x", ""])
def test_any_text_survives_the_frontmatter_it_is_delivered_in(odd: str) -> None:
    _, made = _only("agent", {"description": odd, "odd key": odd, "prompt": "p"})

    read = frontmatter.read(made.data, "one.md")

    assert read.diagnostics == ()
    assert (read.values["description"], read.values["odd key"]) == (odd, odd)


def test_a_prompt_in_another_file_is_kept_as_text_and_told() -> None:
    parsed, _ = _only("agent", {"description": "D.", "prompt": "{file:./prompts/review.md}"})

    assert parsed.payload["prompt"] == "{file:./prompts/review.md}"
    assert codes(parsed) == {"inline_reference"}


@pytest.mark.parametrize(
    ("text", "complete", "expected"),
    [
        ("{nope", False, ["json_invalid"]),
        ("", True, ["empty_file"]),
        ("{}", True, []),
        ("[]", True, []),
        ('{"agent": []}', True, ["inline_not_an_object"]),
        ('{"agent": {"a": "x", "": {}}}', True, ["inline_not_an_object", "inline_key_refused"]),
        (json.dumps({"agent": {str(n): {} for n in range(201)}}), False, ["inline_too_many"]),
    ],
)
def test_what_is_no_unit_is_told(text: str, complete: bool, expected: list[str]) -> None:
    found = _split("agent", text)

    assert (found.units, found.complete) == ((), complete)
    assert [note.code for note in found.diagnostics] == expected


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/b", "\x00", "git:tidy", "ü"])
def test_no_key_leads_out_of_the_place_it_is_installed_in(key: str) -> None:
    [(unit, files)] = _split("agent", json.dumps({"agent": {key: {"prompt": "x"}}})).units

    [made] = config_type("agent").deliver(unit.entry_path, files)

    assert ".." not in made.path
    assert not made.path.startswith("/")


def test_the_servers_of_an_inline_agent_give_no_secret_away() -> None:
    canary = "canary-Zx81kk20ppQ"
    entry = {"prompt": f"Use {canary}.", "mcpServers": {"db": {"command": "db", "env": {"API_TOKEN": canary}}}}
    [(unit, files)] = _split("agent", json.dumps({"agent": {"one": entry}})).units

    shown = config_type("agent").sealer(files)

    assert canary in str(files)
    assert canary not in str([shown, config_type("agent").deliver(unit.entry_path, shown)])
    assert canary not in repr(config_type("agent").parse_unit(unit, files))
    assert config_type("agent").sealer(shown) == shown
