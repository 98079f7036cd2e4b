"""Real files, damaged in any way, and any bytes at all: every type reads them to the end, alike each time.

`make endurance` tries two thousand of each.
"""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.lint.safety import MAX_NOTES
from shared.domain.config_types.registry import CONFIG_TYPES, config_type
from shared.domain.config_types.unit import ParsedUnit, Unit
from shared.domain.config_types.values import DESCRIPTION_LENGTH, TITLE_LENGTH
from shared.domain.content import SourceFile

EXAMPLES = int(os.environ.get("DEPOT_EXAMPLES", "25"))
settings.register_profile("damaged", max_examples=EXAMPLES, deadline=None, suppress_health_check=[*HealthCheck])
QUICK = settings.get_profile("damaged")

PAGE = b"""---
name: review
description: "Reviews: all of it"
tools: [Read, Grep]
mode: subagent
permission: {bash: deny}
metadata:
  version: 1.10
---
# Review

Look at !`git diff $1`, then @../../x.md and $ARGUMENTS.
"""
SERVERS = b"""{"mcpServers": {
  "search": {"command": "npx", "args": ["-y", "search", "--token", "x"], "env": {"API_KEY": "a1b2c3d4e5f6g7h8"}},
  "far": {"type": "http", "url": "https://u:p@example.com/?key=1", "headers": {"Authorization": "Bearer a1b2c3"}}
}}"""
MODULE = b"""import { tool } from "@opencode-ai/plugin"
const size = tool.schema.number().min(1).default(3)
export const one = tool({ description: "One" + `2`, args: { size, kind: tool.schema.enum(["a", "b"]) }, execute() {} })
export default { description: "d", args: {}, async execute(args) { return `${args}` } }
"""
HOOKS = b'{"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "run.sh"}]}]}}'
YAML = b"$schema: depot:cfg_1\nport: 8080\nnames: [a, b]\n"
SAMPLES = (
    ("skill", "SKILL.md", PAGE),
    ("agent", "review.md", PAGE),
    ("agent", "opencode.json", b'{"agent": {"critic": {"prompt": "Be kind.", "model": "m"}}}'),
    ("command", "review.md", PAGE),
    ("command", "opencode.json", b'{"command": {"tidy": {"template": "Tidy $1"}}}'),
    ("mcp", ".mcp.json", SERVERS),
    ("hook", "hooks.json", HOOKS),
    ("hook", "plugin.ts", MODULE),
    ("tool", "db.ts", MODULE),
    ("tool", "db.js", MODULE),
    ("context", "AGENTS.md", b"# Title\n\nText.\n"),
    ("custom", "a.json", b'{"schemaRef": "cfg_1", "a": [1, 2.5, null, "x"]}'),
    ("custom", "a.yaml", YAML),
    ("custom", "a.bin", b"\x00\x01"),
)
SPICE = st.sampled_from(
    [b"---\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\t", b"{", b"}", b"[", b"'", b'"', b"`", b"${", b"\x00", b": ",
     "\u202e\u200d\U000e0041".encode(), b"&a *a", b"\\ud800", b"1e999", b"-----BEGIN RSA PRIVATE KEY-----", b"//", b"#"]
)  # fmt: skip
EACH = pytest.mark.parametrize(
    ("type_name", "name", "source"), SAMPLES, ids=[f"{one}-{two}" for one, two, _ in SAMPLES]
)


def damaged(data: st.DataObject, source: bytes) -> bytes:
    """`source` after a few cuts, repetitions and insertions; now and then anything else instead."""
    if data.draw(st.integers(0, 5)) == 0:
        return data.draw(st.binary(max_size=300))
    for _ in range(data.draw(st.integers(0, 4))):
        start, end = sorted((data.draw(st.integers(0, len(source))), data.draw(st.integers(0, len(source)))))
        middle = data.draw(st.one_of(SPICE, st.just(b""), st.just(source[start:end] * 2), st.binary(max_size=8)))
        source = source[:start] + middle + source[end:]
    return source


def read(declared: ConfigType, name: str, source: bytes) -> list[ParsedUnit]:
    path = f"d/{name}"
    found = declared.units_from([path], [_Path(path)]).units or (Unit(declared.name, path, "d", name, (path,)),)
    split = declared.split(found[0], [SourceFile(found[0].entry_path, source)])
    for unit, files in split.units:
        declared.deliver(unit.entry_path, files)
    return [declared.parse_unit(unit, files) for unit, files in split.units]


class _Path:
    mode = 0o100644

    def __init__(self, path: str) -> None:
        self.path = path


def is_bounded(parsed: ParsedUnit) -> bool:
    lines = (parsed.title, parsed.description or "", *(note.message for note in parsed.diagnostics))
    stored = json.dumps([dict(parsed.payload), dict(parsed.projection)], ensure_ascii=False, allow_nan=False)
    codes = [note.code for note in parsed.diagnostics]
    return (
        bool(stored.encode())
        and all("\n" not in line and line.isprintable() for line in lines[:2])
        and 0 < len(parsed.title) <= TITLE_LENGTH
        and len(parsed.description or "") <= DESCRIPTION_LENGTH
        and codes.count("zero_width") <= MAX_NOTES
        and "/" not in parsed.install_name
    )


@EACH
@QUICK
@given(data=st.data())
def test_what_is_read_is_bounded_and_the_same_each_time(
    type_name: str, name: str, source: bytes, data: st.DataObject
) -> None:
    text = damaged(data, source)

    parsed = read(config_type(type_name), name, text)

    assert all(is_bounded(unit) for unit in parsed)
    assert parsed == read(config_type(type_name), name, text)


@QUICK
@given(
    secret=st.text("abcdefghijklmnop0123456789", min_size=12, max_size=40),
    place=st.sampled_from(["env", "headers", "clientSecret", "url", "flag"]),
)
def test_a_secret_is_neither_delivered_nor_told_and_masking_twice_changes_nothing(secret: str, place: str) -> None:
    servers = {
        "env": {"command": "x", "env": {"API_KEY": secret}},
        "headers": {"url": "https://example.com", "headers": {"Authorization": f"Bearer {secret}"}},
        "clientSecret": {"url": "https://example.com", "oauth": {"clientSecret": secret}},
        "url": {"url": f"https://user:{secret}@example.com/"},
        "flag": {"command": "x", "args": ["--api-key", secret]},
    }
    files = [SourceFile(".mcp.json", json.dumps({"mcpServers": {"one": servers[place]}}).encode())]
    declared = config_type("mcp")

    masked = declared.mask(files)

    assert all(secret.encode() not in file.data for file in masked)
    assert secret not in repr(declared.parse(".mcp.json", files))
    assert declared.mask(masked) == masked


@QUICK
@given(name=st.from_regex(r"\A[a-z][a-z0-9 ]{0,20}[a-z]\Z"), tail=st.text(max_size=20))
def test_frontmatter_that_is_no_yaml_still_gives_its_keys(name: str, tail: str) -> None:
    line = " ".join(f"{name}: {tail}: [".split())
    page = f"---\nname: {name}\ndescription: {line}\n---\nBody\n"

    parsed = config_type("command").parse("c.md", [SourceFile("c.md", page.encode("utf-8", "replace"))])

    assert parsed.loads
    assert parsed.description is not None


@pytest.mark.parametrize("type_name", CONFIG_TYPES)
def test_every_type_is_damaged_here(type_name: str) -> None:
    assert type_name in {one for one, _, _ in SAMPLES}
