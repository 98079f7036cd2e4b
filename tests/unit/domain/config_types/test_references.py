"""The paths that a plugin.json names, and none that leave the plugin."""

import json

import pytest

from shared.domain.config_types.references import paths_in, referenced_paths
from shared.domain.config_types.values import JSON


def test_each_field_names_paths_of_its_type() -> None:
    manifest = {
        "name": "p",
        "skills": ["./skills/", "./more"],
        "agents": "./agents/critic.md",
        "commands": {"tidy": {"source": "./tidy.md"}, "other": {"content": "inline"}},
        "hooks": "${CLAUDE_PLUGIN_ROOT}/hooks/extra.json",
        "mcpServers": {"search": {"command": "./serve"}},
    }

    assert referenced_paths(json.dumps(manifest).encode()) == {
        "skill": ("skills", "more"),
        "agent": ("agents/critic.md",),
        "command": ("tidy.md",),
        "hook": ("hooks/extra.json",),
    }


@pytest.mark.parametrize("written", ["../x", "/etc/passwd", "./a/../../b", "", "./", "a\\b", ".git/config", "a\x00b"])
def test_a_path_that_leaves_the_plugin_is_not_named(written: str) -> None:
    assert paths_in(written) == paths_in([written]) == ()


@pytest.mark.parametrize("value", [None, 1, True, [1, None, {"source": "./x"}], {"a": 1}])
def test_what_is_no_path_is_not_named(value: JSON) -> None:
    assert paths_in(value) == ()


@pytest.mark.parametrize("data", [b"", b"{nope", b"[]", b"\xff"])
def test_what_is_no_manifest_names_nothing(data: bytes) -> None:
    assert referenced_paths(data) == {}
