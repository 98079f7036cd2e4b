"""Whatever bytes a repository holds, reading them ends, raises nothing and stays bounded."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config_types.registry import CONFIG_TYPES
from shared.domain.config_types.unit import ParsedUnit, Unit
from shared.domain.content import SourceFile

MIB = 1024 * 1024
FENCED = st.builds(lambda head, body: b"---\n" + head + b"\n---\n" + body, st.binary(), st.binary())
KEYS = st.sampled_from(["name", "description", "tools", "permission", "mode", "temperature", "hooks", "mcpServers"])
LINES = st.lists(st.tuples(KEYS, st.text()), max_size=8)
MARKDOWN = st.one_of(st.binary(), FENCED, LINES.map(lambda pairs: _page(pairs).encode("utf-8", "replace")))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | KEYS, inner, max_size=4),
    max_leaves=20,
)
SERVERS = st.dictionaries(
    st.text(), st.dictionaries(st.sampled_from(["command", "args", "env", "url", "headers", "oauth", "type"]), VALUES)
)


def _page(pairs: list[tuple[str, str]]) -> str:
    return "---\n" + "\n".join(f"{key}: {value}" for key, value in pairs) + "\n---\nBody"


def _read(type_name: str, data: bytes, name: str = "x.md") -> list[ParsedUnit]:
    declared = CONFIG_TYPES[type_name]
    whole = Unit(type_name, f"d/{name}", "d", name, (f"d/{name}",))
    found = declared.split(whole, [SourceFile(name, data)])
    for unit, files in found.units:
        declared.deliver(unit.entry_path, files)
    return [declared.parse_unit(unit, files) for unit, files in found.units]


def _is_storable(parsed: ParsedUnit) -> bool:
    stored = json.dumps([dict(parsed.payload), dict(parsed.projection)], ensure_ascii=False, allow_nan=False)
    text = f"{parsed.title}{parsed.description}{parsed.search_text}{parsed.install_name}"
    return bool(stored.encode() and text.encode()) and len(parsed.title) <= 200 and "/" not in parsed.install_name


@pytest.mark.parametrize("type_name", ["skill", "agent", "command", "context"])
@given(data=MARKDOWN)
def test_any_text_is_read_into_something_storable(type_name: str, data: bytes) -> None:
    assert all(_is_storable(parsed) for parsed in _read(type_name, data))


@given(data=st.binary() | SERVERS.map(lambda found: json.dumps({"mcpServers": found}).encode()))
def test_any_server_document_is_read_into_something_storable(data: bytes) -> None:
    assert all(_is_storable(parsed) for parsed in _read("mcp", data, ".mcp.json"))


@pytest.mark.parametrize("type_name", ["agent", "command", "mcp"])
@given(entries=st.dictionaries(st.text(), VALUES))
def test_any_section_of_a_shared_file_is_read_into_something_storable(
    type_name: str, entries: dict[str, object]
) -> None:
    document = json.dumps({type_name: entries}).encode()

    assert all(_is_storable(parsed) for parsed in _read(type_name, document, "opencode.json"))


@given(document=VALUES, name=st.sampled_from(["hooks.json", "plugin.json", "x.ts"]))
def test_any_document_of_hooks_is_read_into_something_storable(document: object, name: str) -> None:
    for value in (document, {"hooks": document}, {"hooks": {"Stop": document}}):
        assert all(_is_storable(parsed) for parsed in _read("hook", json.dumps(value).encode(), name))


@given(secret=st.text("abcdefghijklmnop0123456789", min_size=12), name=st.from_regex(r"\A[A-Z_]{1,20}\Z"))
def test_no_environment_value_comes_through(secret: str, name: str) -> None:
    document = json.dumps({"mcpServers": {"server": {"command": "run", "env": {name: secret}}}})

    [parsed] = _read("mcp", document.encode(), ".mcp.json")

    assert secret not in repr(parsed)


# Each is quadratic or worse for a careless reader: one of them would then hang the suite.
@pytest.mark.parametrize(
    "unit",
    [
        "#",
        "@a",
        "!`",
        "${",
        "(",
        "{a",
        '"',
        "a",
        " ",
        "\n",
        "\r",
        "---\n",
        "&a ",
        "- ",
        "$1",
        "eyJ-",
        "[",
        "//",
        "/*",
        "{,",
    ],
)
@pytest.mark.parametrize("head", ["", "---\nname: x\nallowed-tools: ", '{"mcpServers":{"k":{"command":"'])
def test_a_mebibyte_of_the_same_is_read_to_the_end(head: str, unit: str) -> None:
    text = (head + unit * MIB)[: MIB - 10]

    assert [
        _read(type_name, text.encode(), name)
        for type_name in CONFIG_TYPES
        for name in ("x.md", "opencode.json", "x.ts")
    ]
