"""Tool: modules as OpenCode loads them."""

import pytest

from shared.domain.config_types.registry import config_type
from shared.domain.config_types.verdicts import verdicts
from tests.unit.domain.config_types.reading import codes, parse

SOURCE = "export const add = tool({description: 'Adds', args: {}, execute() {}})"


def test_a_tool_is_titled_by_its_resolved_name_and_installed_as_its_file() -> None:
    parsed = parse("tool", SOURCE, ".opencode/tools/math.ts")

    assert (parsed.title, parsed.description, parsed.install_name) == ("math_add", "Adds", "math")
    assert parsed.projection == {"language": "typescript", "analysisStatus": "complete"}
    assert config_type("tool").install_paths("math", "math.js") == {"opencode": ".opencode/tools/math.js"}


def test_only_opencode_loads_a_tool() -> None:
    parsed = parse("tool", SOURCE, ".opencode/tools/math.ts")

    assert [verdict.client for verdict in verdicts(parsed.diagnostics) if verdict.loads] == ["opencode"]


def test_a_module_of_another_extension_is_loaded_by_nobody() -> None:
    parsed = parse("tool", SOURCE, ".opencode/tools/math.mts")

    assert "tool_extension" in codes(parsed)
    assert not any(verdict.loads for verdict in verdicts(parsed.diagnostics))


@pytest.mark.parametrize("source", ["", "\n"])
def test_an_empty_module_gives_no_tool(source: str) -> None:
    parsed = parse("tool", source, ".opencode/tools/math.ts")

    assert parsed.projection["analysisStatus"] == "failed"
    assert "empty_file" in codes(parsed)


def test_a_broken_module_is_refused_and_still_named() -> None:
    parsed = parse("tool", "export default tool({", ".opencode/tools/math.ts")

    assert not parsed.loads
    assert parsed.title == "math"
