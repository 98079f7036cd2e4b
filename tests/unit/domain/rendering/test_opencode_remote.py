"""One field that OpenCode would refuse costs that field, never its start."""

import json
from typing import Any

import pytest

from shared.domain.rendering import opencode_remote
from shared.domain.rendering.opencode_remote import RemoteConfiguration, Unsupported, remote_configuration
from shared.domain.rendering.opencode_schema import fit
from tests.unit.domain.rendering.plugins import Shelf, text

LOCAL: Any = {"type": "local", "command": ["search"], "enabled": True}


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("agent", "temperature", "0.1"),
        ("agent", "temperature", float("nan")),
        ("agent", "steps", 0),
        ("agent", "steps", True),
        ("agent", "color", "mauve"),
        ("agent", "mode", "main"),
        ("agent", "permission", {"edit": "perhaps"}),
        ("agent", "permission", {"webfetch": {"*": "allow"}}),
        ("agent", "tools", ["Read"]),
        ("command", "subtask", "yes"),
    ],
)
def test_a_field_of_another_shape_is_left_out_and_told(section: str, name: str, value: Any) -> None:
    whole = {"template": "Tidy."} if section == "command" else {"prompt": "Be kind."}

    fitted = fit(section, {**whole, name: value})

    assert fitted.fields == whole
    assert fitted.flaws == (f"OpenCode would not take its `{name}`",)


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        ("command", {"template": ["Tidy."]}),
        ("mcp", {**LOCAL, "command": []}),
        ("mcp", {**LOCAL, "command": [1]}),
        ("mcp", {"type": "remote", "url": None}),
        ("mcp", {"type": ["local"]}),
    ],
)
def test_an_entry_that_is_nothing_without_a_field_is_left_out_as_a_whole(section: str, fields: Any) -> None:
    fitted = fit(section, fields)

    assert fitted.fields is None
    assert len(fitted.flaws) == 1


def test_what_opencode_takes_is_left_as_it_is() -> None:
    permission = {"*": "deny", "bash": {"git *": "allow"}}
    agent: Any = {"prompt": "x", "color": "#3b82f6", "permission": permission, "top_p": 1}
    server: Any = {**LOCAL, "environment": {"KEY": "{env:KEY}"}, "timeout": 5000}

    assert fit("agent", agent).fields == agent
    assert fit("mcp", server).fields == server


def test_fields_that_opencode_has_no_word_for_are_told() -> None:
    shelf = Shelf().put(1, "agent", "critic", text("critic.md", "---\nmemory: project\n---\nBe kind.\n"))

    (told,) = remote_configuration([shelf.manifest], shelf.contents).unsupported

    assert (told.plugin, told.type, told.name) == ("reviews", "agent", "critic")
    assert told.reason == "OpenCode has no word for `memory`"


def test_a_configuration_has_a_bound_and_says_what_did_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencode_remote, "MAX_CONFIGURATION", 300)
    shelf = Shelf()
    for number in range(3):
        shelf.put(number, "agent", f"critic-{number}", text(f"critic-{number}.md", f"{'Be kind. ' * 10}\n"))

    found = remote_configuration([shelf.manifest], shelf.contents)

    assert list(found.sections["agent"]) == ["critic-0"]
    assert [one.name for one in found.unsupported] == ["critic-1", "critic-2"]


def test_what_is_told_has_a_bound_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencode_remote, "MAX_TOLD", 2)
    told = [Unsupported("reviews", "hook", f"hook-{number}", "no") for number in range(5)]

    found = json.loads(RemoteConfiguration({}, told).document([], []))["unsupported"]

    assert [one["name"] for one in found] == ["hook-0", "hook-1", "*"]
    assert found[-1]["reason"] == "and 3 more"
