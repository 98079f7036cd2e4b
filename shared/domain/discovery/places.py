"""Where the components of a plugin lie: as paths that are there now, and as selectors of the mappings to come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain.discovery.tree import Tree, join


class Kind(StrEnum):
    """What a plugin may hold, as the API names it."""

    SKILLS = "skills"
    COMMANDS = "commands"
    AGENTS = "agents"
    HOOKS = "hooks"
    MCPS = "mcps"
    LSPS = "lsps"
    TOOLS = "tools"


TYPES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.SKILLS: "skill",
        Kind.COMMANDS: "command",
        Kind.AGENTS: "agent",
        Kind.HOOKS: "hook",
        Kind.MCPS: "mcp",
        Kind.TOOLS: "tool",
    }
)
"""The config type of each kind; what has none is shown, and not taken in."""

MARKDOWN: Final = "**/*.md"
ONE_LEVEL: Final = "*/SKILL.md"
ANY_LEVEL: Final = "**/SKILL.md"
TYPESCRIPT: Final = "*.ts"
JAVASCRIPT: Final = "*.js"
_WILD: Final = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Place:
    """One file at `path`; with a `glob` what it selects in the folder `path`."""

    kind: Kind
    path: str
    glob: str = ""

    @property
    def selector(self) -> str:
        return f"/{join(literal(self.path), self.glob)}"

    def entries(self, tree: Tree) -> list[str]:
        """The paths of entry files that are there now."""
        if not self.glob:
            return [self.path] if tree.has(self.path) else []
        selects, start = _GLOBS[self.glob], len(self.path) + 1 if self.path else 0
        found = [path for path in tree.below(self.path) if selects(path[start:])]
        return _without_skills_files(found) if self.kind is Kind.COMMANDS else found


def _without_skills_files(commands: list[str]) -> list[str]:
    """A folder of commands with a SKILL.md in it is one command: what else lies there is that one's."""
    folders = {path.removesuffix("SKILL.md") for path in commands if path.endswith("/SKILL.md")}
    if not folders:
        return commands
    return [path for path in commands if path.endswith("/SKILL.md") or not path.startswith(tuple(folders))]


def literal(path: str) -> str:
    """A path as a selector that selects it alone: each wildcard stands in a class of its own."""
    return "".join(f"[{character}]" if character in _WILD else character for character in path)


_GLOBS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        MARKDOWN: lambda path: path.endswith(".md"),
        ONE_LEVEL: lambda path: path.endswith("/SKILL.md") and path.count("/") == 1,
        ANY_LEVEL: lambda path: path.endswith("/SKILL.md"),
        TYPESCRIPT: lambda path: path.endswith(".ts") and "/" not in path,
        JAVASCRIPT: lambda path: path.endswith(".js") and "/" not in path,
    }
)
