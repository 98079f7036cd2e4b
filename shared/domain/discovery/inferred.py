"""Repositories without a manifest of plugins: what their folders are called says what they hold."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from shared.domain.discovery.candidate import Candidate, SourceKind
from shared.domain.discovery.components import Components, Held
from shared.domain.discovery.documents import Documents
from shared.domain.discovery.naming import folder_name
from shared.domain.discovery.places import ANY_LEVEL, JAVASCRIPT, MARKDOWN, ONE_LEVEL, TYPESCRIPT, Kind, Place
from shared.domain.discovery.plugins import Repository, candidate
from shared.domain.discovery.tree import Tree, join

OPENCODE_FILES: Final = ("opencode.json", "opencode.jsonc")
_GROUPED: Final = (
    (Kind.SKILLS, "skills", ONE_LEVEL),
    (Kind.COMMANDS, "commands", MARKDOWN),
    (Kind.AGENTS, "agents", MARKDOWN),
)
_SECTIONS: Final = ((Kind.AGENTS, "agent"), (Kind.COMMANDS, "command"), (Kind.MCPS, "mcp"))


def is_opencode(tree: Tree) -> bool:
    return any(map(tree.has, OPENCODE_FILES)) or tree.has_folder(".opencode")


def is_standalone(tree: Tree) -> bool:
    return any(tree.has_folder(f".claude/{name}") for _, name, _ in _GROUPED)


def opencode_candidate(repository: Repository) -> Candidate:
    places = [*_opencode_folders(), *(Place(kind, name) for name in OPENCODE_FILES for kind, _ in _SECTIONS)]
    sections = {path: _sections(path, repository.documents) for path in OPENCODE_FILES if repository.tree.has(path)}
    return _candidate(repository, "opencode:.", SourceKind.OPENCODE, "", places, sections)


def standalone_candidate(repository: Repository) -> Candidate:
    places = [Place(kind, f".claude/{name}", glob) for kind, name, glob in _GROUPED]
    places += [Place(Kind.MCPS, ".mcp.json"), Place(Kind.HOOKS, ".claude/settings.json")]
    sections = {".claude/settings.json": [], ".mcp.json": [Kind.MCPS]}
    settings = repository.documents.get(".claude/settings.json")
    if settings is not None and isinstance(settings.members.get("hooks"), dict):
        sections[".claude/settings.json"] = [Kind.HOOKS]
    return _candidate(repository, "standalone:.claude", SourceKind.STANDALONE_CLAUDE, "", places, sections)


def folder_candidates(repository: Repository, budget: int) -> list[Candidate]:
    """Folders of skills, commands and agents, one candidate for those that lie side by side."""
    groups = sorted(_groups(repository.tree.first(budget)))
    found = (_group(repository, root) for root in groups)
    return [one for one in found if one.components]


def documents_of(tree: Tree) -> Iterator[str]:
    yield from (path for path in (*OPENCODE_FILES, ".mcp.json", ".claude/settings.json") if tree.has(path))


def _group(repository: Repository, root: str) -> Candidate:
    places = [Place(kind, join(root, name), glob) for kind, name, glob in _GROUPED]
    return _candidate(repository, f"folder:{root or '.'}", SourceKind.FOLDER, root, places, {})


def _groups(paths: Iterable[str]) -> set[str]:
    """The folders above `skills`, `commands` and `agents`; such a folder within another belongs to that one."""
    names = {name for _, name, _ in _GROUPED}
    found = set()
    for path in paths:
        parts = path.split("/")[:-1]
        at = next((number for number, part in enumerate(parts) if part in names), None)
        if at is not None and not any(part.startswith(".") or part == "node_modules" for part in parts[:at]):
            found.add("/".join(parts[:at]))
    return found


def _opencode_folders() -> Iterator[Place]:
    for folder in (".opencode/skill", ".opencode/skills"):
        yield Place(Kind.SKILLS, folder, ANY_LEVEL)
    for kind, names in ((Kind.AGENTS, ("agent", "agents")), (Kind.COMMANDS, ("command", "commands"))):
        yield from (Place(kind, f".opencode/{name}", MARKDOWN) for name in names)
    for kind, names in ((Kind.TOOLS, ("tool", "tools")), (Kind.HOOKS, ("plugin", "plugins"))):
        yield from (Place(kind, f".opencode/{name}", glob) for name in names for glob in (TYPESCRIPT, JAVASCRIPT))


def _sections(path: str, documents: Documents) -> list[Kind]:
    document = documents.get(path)
    return [kind for kind, name in _SECTIONS if document and isinstance(document.members.get(name), dict)]


def _candidate(
    repository: Repository,
    key: str,
    kind: SourceKind,
    root: str,
    places: Sequence[Place],
    sections: dict[str, list[Kind]],
) -> Candidate:
    held = dict(_held(places, repository, sections))
    return candidate(
        key=key,
        kind=kind,
        root=root,
        display_name=folder_name(root, repository.name),
        components=Components(tuple(places), held),
        tree=repository.tree,
    )


def _held(
    places: Sequence[Place], repository: Repository, sections: dict[str, list[Kind]]
) -> Iterator[tuple[Kind, Held]]:
    """A document that several kinds share counts for those that have a section in it, unit by unit."""
    for kind in dict.fromkeys(place.kind for place in places):
        paths = sorted({path for place in places if place.kind is kind for path in place.entries(repository.tree)})
        shared = [path for path in paths if path in sections]
        alone = [path for path in paths if path not in sections]
        within = {path: _units(kind, path, repository.documents) for path in shared if kind in sections[path]}
        count = len(alone) + sum(map(len, within.values()))
        if count:
            yield kind, Held(count, [*alone, *within], [name for names in within.values() for name in names])


def _units(kind: Kind, path: str, documents: Documents) -> list[str]:
    members = documents[path].members if path in documents else {}
    if kind is Kind.HOOKS:
        return [path]
    section = members.get("mcpServers", members) if path == ".mcp.json" else members.get(dict(_SECTIONS)[kind])
    return list(section) if isinstance(section, dict) else []
