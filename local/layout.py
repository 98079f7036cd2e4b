"""Looks at the files of a plugin repository and says which selectors map all its parts: a simple form of discovery."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from local.errors import LocalStackError


class Selected(NamedTuple):
    """A gitignore-like selector, rooted by its leading slash, and the config type of what it matches."""

    selector: str
    object_type: str


# Where each type lives below a plugin's root; the client loads skills one level deep, the others at any depth.
_PARTS: Final = (
    (re.compile(r"(?P<root>.*/|)skills/[^/]+/SKILL\.md"), "skills/*/SKILL.md", "skill"),
    (re.compile(r"(?P<root>.*?/|)agents/.+\.md"), "agents/**/*.md", "agent"),
    (re.compile(r"(?P<root>.*?/|)commands/.+\.md"), "commands/**/*.md", "command"),
    (re.compile(r"(?P<root>.*/|)\.mcp\.json"), ".mcp.json", "mcp"),
)


def tracked_files(repository: Path) -> list[str]:
    """Every path at the head of a git repository, bare or not."""
    listed = subprocess.run(
        ["git", "-C", str(repository), "ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD"],
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        reason = listed.stderr.decode(errors="replace").strip()
        raise LocalStackError(f"{repository} is not a git repository with a commit: {reason}")
    return [path.decode(errors="replace") for path in listed.stdout.split(b"\0") if path]


def selectors(paths: Iterable[str]) -> list[Selected]:
    """The selectors that cover the parts found, one per kind of place.

    `plugins/a/skills/x/SKILL.md` and `plugins/b/skills/y/SKILL.md` are both below `/plugins/*/skills/`.
    """
    every = list(paths)
    skills = {path.removesuffix("SKILL.md") for path in every if path.endswith("/SKILL.md")}
    return sorted({found for path in every for found in _found(path, skills)})


def _found(path: str, skills: set[str]) -> Iterator[Selected]:
    for pattern, below, object_type in _PARTS:
        match = pattern.fullmatch(path)
        if match and not _inside_skill(match["root"], skills):
            yield Selected(f"/{_generalized(match['root'])}{below}", object_type)


def _inside_skill(root: str, skills: set[str]) -> bool:
    """A skill's own folders belong to the skill, whatever they are called."""
    folders = root.split("/")[:-1]
    return any("/".join(folders[:depth]) + "/" in skills for depth in range(1, len(folders) + 1))


def _generalized(root: str) -> str:
    parents = root.rstrip("/").split("/")[:-1]
    return "/".join([*parents, "*", ""]) if parents else root
