"""The documentation says what the code says: links resolve, and tables that repeat the code equal it."""

import ast
import re
import subprocess
import textwrap
from pathlib import Path
from typing import Any

import pytest
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticUndefined

from infra.deployment import Deployment, Sizes
from shared.domain.access import NEEDED_ROLE, SETTABLE, Capability, Role
from shared.domain.config_types.codes import Code
from shared.domain.connector import TargetHealth
from shared.domain.discovery.notes import Note
from shared.domain.target_health import STOPPED
from tests.e2e.clients import matrix
from tests.e2e.clients.pinned import PINNED

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?://)([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `(\w+)` \| (.+?) \|", re.MULTILINE)


def _pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    # What a sample repository holds links within itself, as its clients see it.
    return [ROOT / path for path in listed.stdout.split() if not path.startswith("examples/plugin-repository/")]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = [link for link in _LINK.findall(_FENCED.sub("", page.read_text())) if not _resolves(page, link)]

    assert broken == []


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]

    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            links = (link.partition("#")[0] for link in _LINK.findall(page.read_text()))
            waiting += [(page.parent / link).resolve() for link in links if link]

    assert {page for page in _pages() if "docs" in page.relative_to(ROOT).parts} <= reached


def test_the_chart_of_keys_is_the_one_in_the_code() -> None:
    docstring = ast.get_docstring(ast.parse((ROOT / "shared/repositories/keys/__init__.py").read_text())) or ""
    indented = "\n".join(line for line in docstring.splitlines() if line.startswith("    ") and "·" in line)

    assert textwrap.dedent(indented) in (ROOT / "docs/data-model.md").read_text()


def test_every_diagnostic_is_documented_as_the_code_has_it() -> None:
    written = (ROOT / "docs/diagnostics.md").read_text()

    rows = set(re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \| ?(.*?) ?\|$", written, re.MULTILINE))

    assert rows == {(code.value, code.severity.value, code.meaning, ", ".join(code.refused_by)) for code in Code}


def test_every_note_of_a_discovery_is_documented_as_the_code_has_it() -> None:
    written = (ROOT / "docs/discovery-notes.md").read_text()

    rows = set(re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", written, re.MULTILINE))

    assert rows == {(note.value, note.severity.value, note.meaning) for note in Note}


def test_every_health_of_a_target_is_documented_with_what_it_says() -> None:
    chapter = (ROOT / "docs/runbook.md").read_text().partition("## Target health")[2].partition("\n## ")[0]

    assert dict(_ROW.findall(chapter)) == {
        health.value: health.reason or "Nothing has to be done." for health in TargetHealth
    }
    stale = re.search(r"a target that is (.+?) stays", chapter.replace("\n", " "))
    assert stale is not None
    assert set(re.findall(r"`(\w+)`", stale[1])) == {health.value for health in STOPPED}


def test_every_context_value_is_documented_with_its_default() -> None:
    chapter = (ROOT / "docs/deploy.md").read_text().partition("### Context values")[2].partition("\n## ")[0]
    rows = dict(_ROW.findall(chapter))

    fields = {to_camel(name): _spelled(field.default) for name, field in Deployment.model_fields.items()}
    sizes = {name: str(size.memory_mb) for name, size in Sizes()}

    assert rows == fields | {"sizes": "below"} | sizes


def test_the_tables_of_access_are_those_of_the_code() -> None:
    written = (ROOT / "docs/access.md").read_text()

    for action, needed in NEEDED_ROLE.items():
        marks = " | ".join("✓" if role >= needed else "" for role in Role).replace("|  |", "| |")
        assert f"| `{action}` | {marks.lstrip()} |" in written
    capabilities = "\n".join(
        f"| `{each}` | {'unless the org says admin ' if each in SETTABLE else ''}| ✓ |" for each in sorted(Capability)
    )
    assert f"|---|---|---|\n{capabilities}\n\n" in written


def _resolves(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in _anchors(target))


def _anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _spelled(default: Any) -> str:
    if default is PydanticUndefined:
        return "required"
    if default in ("", ()):
        return "none"
    return f"`{str(default).lower()}`" if isinstance(default, bool) else f"`{default}`"


def test_the_matrix_of_clients_is_what_the_last_run_found() -> None:
    known = matrix.read()

    assert {row.client for row in known} == set(PINNED)
    assert matrix.PAGE.read_text(encoding="utf-8") == matrix.page_with(known)


def test_the_matrix_is_of_the_versions_that_are_pinned() -> None:
    pinned = {(client, version) for client, named in PINNED.items() for version in named.versions}

    assert {(row.client, row.version) for row in matrix.read()} == pinned
