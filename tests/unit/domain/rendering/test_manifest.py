"""A manifest's digest follows what is delivered and nothing else."""

from dataclasses import replace

from shared.domain.rendering.manifest import assemble_manifest
from tests.unit.domain.rendering.plugins import Shelf, text


def shelf() -> Shelf:
    return Shelf().put(1, "skill", "review", text("SKILL.md")).put(2, "agent", "critic", text("critic.md"))


def test_equal_content_has_an_equal_digest() -> None:
    later = shelf()
    later.objects = [replace(one, title="New") for one in reversed(later.objects)]

    assert later.manifest.digest == shelf().manifest.digest


def test_every_delivered_difference_changes_the_digest() -> None:
    others = [
        Shelf().put(1, "skill", "review", text("SKILL.md")),
        shelf().put(3, "agent", "other", text("other.md")),
        Shelf(name="other", objects=shelf().objects, delivered=shelf().delivered),
        Shelf(description="Other.", objects=shelf().objects, delivered=shelf().delivered),
        Shelf().put(1, "skill", "review", text("SKILL.md", mode=0o100755)).put(2, "agent", "critic", text("critic.md")),
        Shelf().put(1, "skill", "review", text("SKILL.md", "x")).put(2, "agent", "critic", text("critic.md")),
        Shelf().put(1, "skill", "checks", text("SKILL.md")).put(2, "agent", "critic", text("critic.md")),
    ]

    assert len({one.manifest.digest for one in [shelf(), *others]}) == len(others) + 1


def test_one_name_may_be_used_once_per_type() -> None:
    found = Shelf().put(1, "skill", "same", text("SKILL.md")).put(2, "agent", "same", text("same.md")).manifest

    assert [item.install_name for item in found.items] == ["same", "same"]


def test_what_has_no_delivered_content_is_no_item() -> None:
    one = shelf()

    assert assemble_manifest(one.plugin, one.objects, {}).items == ()


def test_an_agent_is_its_entry_alone() -> None:
    found = Shelf().put(1, "agent", "critic", text("critic.md"), text("notes.txt")).manifest

    assert [file.path for file in found.items[0].delivered.files] == ["critic.md"]


def test_commands_that_codex_would_call_alike_are_told_and_not_given_to_it() -> None:
    page = "---\ndescription: Tidies.\n---\nTidy.\n"
    names = ("git:tidy", "git-tidy", "Git.Tidy", "tidy")

    found = Shelf()
    for number, name in enumerate(names):
        found.put(number, "command", name, text(f"{name.replace(':', '/')}.md", page))

    told = {item.install_name: item.unsupported.get("codex", "") for item in found.manifest.items}
    assert "source-command-git-tidy" in told["git:tidy"] == told["git-tidy"] == told["Git.Tidy"]
    assert told["tidy"] == ""


def test_secrets_that_differ_leave_equal_manifests() -> None:
    document = '{"mcpServers": {"search": {"command": "s", "env": {"API_KEY": "%s"}}}}'
    digests = {
        Shelf().put(1, "mcp", "search", text(".mcp.json", document % secret)).manifest.digest
        for secret in ("sk-live-0123456789abcdef", "sk-live-fedcba9876543210")
    }

    assert len(digests) == 1
