"""From a push to an installed plugin: Claude Code adds the marketplace, installs, updates, and is shut out."""

import json
from uuid import uuid4

import pytest

from tests.e2e.claude_code import ClaudeCode
from tests.e2e.running import RunningStack

pytestmark = pytest.mark.e2e

PLUGIN = "engineering-reviews@acme"
CONFIGURATION = ("skills/", "agents/", "commands/", ".mcp.json")
SKILL = "skills/review-pull-request/SKILL.md"


@pytest.fixture
def installed(claude_code: ClaudeCode, stack: RunningStack) -> ClaudeCode:
    """A client that has added the marketplace with the delivery token and installed the sample's plugin."""
    added = claude_code.plugin("marketplace", "add", stack.marketplace_url)
    assert added.status == 0, added.output
    done = claude_code.plugin("install", PLUGIN)
    assert done.status == 0, done.output
    return claude_code


def test_the_installed_files_are_those_of_the_repository_byte_for_byte(
    installed: ClaudeCode, stack: RunningStack
) -> None:
    files = installed.files(PLUGIN)

    authored = {path: data for path, data in stack.sample_files().items() if path.startswith(CONFIGURATION)}
    servers = json.loads(authored.pop(".mcp.json"))
    assert {path: files.get(path) for path in authored} == authored
    assert json.loads(files[".mcp.json"]) == servers


def test_executable_files_stay_executable(installed: ClaudeCode) -> None:
    modes = installed.executables(PLUGIN)

    assert "skills/audit-dependencies/scripts/compare_locks.py" in modes
    assert SKILL not in modes


def test_an_update_brings_what_was_pushed(installed: ClaudeCode, stack: RunningStack) -> None:
    before = installed.version(PLUGIN)
    edited = stack.edit_sample(SKILL, "\nAlso look at the tests.\n")

    updated = installed.update(PLUGIN)

    assert updated.status == 0, updated.output
    assert installed.version(PLUGIN) != before
    assert installed.files(PLUGIN)[SKILL] == edited


def test_a_deleted_skill_is_gone_after_the_update(installed: ClaudeCode, stack: RunningStack) -> None:
    path = f"skills/short-lived-{uuid4().hex}/SKILL.md"
    stack.push({path: b"---\ndescription: Soon gone.\n---\nHello.\n"})
    installed.update(PLUGIN)
    had = path in installed.files(PLUGIN)

    stack.push({path: None})
    installed.update(PLUGIN)

    assert had
    assert path not in installed.files(PLUGIN)


def test_a_broken_file_leaves_the_last_good_version_installed(installed: ClaudeCode, stack: RunningStack) -> None:
    good = installed.files(PLUGIN)["agents/api-reviewer.md"]

    event = stack.push({"agents/api-reviewer.md": b"---\nname: &a [*a, *a]\n---\nBroken.\n"})
    try:
        installed.update(PLUGIN)
    finally:
        stack.push({"agents/api-reviewer.md": good})

    assert event["status"] == "partial"
    assert [failure["path"] for failure in event["failures"]] == ["agents/api-reviewer.md"]
    assert installed.files(PLUGIN)["agents/api-reviewer.md"] == good


def test_a_revoked_token_is_refused_cleanly(claude_code: ClaudeCode, stack: RunningStack) -> None:
    url, token_id = stack.new_marketplace_url()
    added = claude_code.plugin("marketplace", "add", url)

    stack.revoke(token_id)
    refused = claude_code.plugin("marketplace", "update", "acme")

    assert added.status == 0, added.output
    assert refused.status != 0
    assert "dpt_" not in refused.output
