"""What one plugin holds, by the official client's rules: its default places, and what its manifests say.

plugin.json   commands, agents      replace the default folders
              skills                adds to skills/
              hooks, …Servers       are merged with the default files
the entry     everything adds; `skills` of a plugin that is the whole repository (`"source": "./"`) is all it has
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.domain.config_types.hook_documents import KNOWN_EVENTS
from shared.domain.diagnostics import Diagnostic
from shared.domain.discovery.declarations import Declaration, resolved, unwrapped
from shared.domain.discovery.documents import Documents
from shared.domain.discovery.notes import Note
from shared.domain.discovery.places import MARKDOWN, ONE_LEVEL, TYPES, Kind, Place
from shared.domain.discovery.tree import Tree, join

Declared = Mapping[Kind, Declaration]
_FILES = {Kind.HOOKS: "hooks/hooks.json", Kind.MCPS: ".mcp.json", Kind.LSPS: ".lsp.json"}
_FOLDERS = {Kind.COMMANDS: "commands", Kind.AGENTS: "agents"}
_OTHER_FOLDERS = ("workflows", "output-styles", "themes", "monitors")
"""Loaded by the official client since 2.1, and no config type of ours."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is there of one kind: how many, and at which `paths`; `names` are those of events and servers."""

    count: int = 0
    paths: Sequence[str] = ()
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Components:
    """`places` are also those where nothing lies yet: what is put there later belongs to the plugin."""

    places: Sequence[Place] = ()
    held: Mapping[Kind, Held] = field(default_factory=dict)
    notes: Sequence[Diagnostic] = ()

    @property
    def is_empty(self) -> bool:
        return not any(one.count for one in self.held.values())


@dataclass(frozen=True, slots=True)
class PluginFolder:
    """A plugin's folder with what is said of it: `own` in its plugin.json (None without one), `listed` in its entry."""

    root: str
    own: Declared | None = None
    listed: Declared = field(default_factory=dict)

    @property
    def manifest_path(self) -> str:
        return join(self.root, ".claude-plugin/plugin.json")

    def said(self, kind: Kind) -> list[Declaration]:
        return [declared[kind] for declared in (self.own or {}, self.listed) if kind in declared]

    def named_documents(self) -> Iterator[str]:
        """The JSON files that hold hooks and servers: by default, and by name."""
        for kind, name in _FILES.items():
            yield join(self.root, name)
            for declaration in self.said(kind):
                yield from (path for written in declaration.paths if (path := resolved(self.root, written)))


def components_of(folder: PluginFolder, tree: Tree, documents: Documents) -> Components:
    """Everything that the plugin holds now, and where it may come to hold more."""
    return _held_at(_Places(folder, tree), folder, tree, documents)


class _Places:
    """The places of one plugin, collected kind by kind."""

    def __init__(self, folder: PluginFolder, tree: Tree) -> None:
        self._folder, self._tree = folder, tree
        self.notes: list[Diagnostic] = []
        found = [*self._skills(), *self._in_folders(), *self._in_files()]
        self.all = list(dict.fromkeys(found))

    def _skills(self) -> Iterator[Place]:
        root, own = self._folder.root, self._folder.listed.get(Kind.SKILLS)
        if root or own is None:
            alone = self._tree.has(join(root, "SKILL.md")) and not self._tree.has_folder(join(root, "skills"))
            yield (
                Place(Kind.SKILLS, join(root, "SKILL.md"))
                if alone
                else Place(Kind.SKILLS, join(root, "skills"), ONE_LEVEL)
            )
        for path in self._written(Kind.SKILLS):
            if self._tree.has(path):
                self.notes.append(Note.PATH_NOT_FOLDER.at(self._folder.manifest_path, path))
            elif self._tree.has(join(path, "SKILL.md")):
                yield Place(Kind.SKILLS, join(path, "SKILL.md"))
            else:
                yield Place(Kind.SKILLS, path, ONE_LEVEL)

    def _in_folders(self) -> Iterator[Place]:
        for kind, name in _FOLDERS.items():
            default = join(self._folder.root, name)
            replaced = kind in (self._folder.own or {})
            if not replaced:
                yield Place(kind, default, MARKDOWN)
            places = [Place(kind, path, "" if path.endswith(".md") else MARKDOWN) for path in self._written(kind)]
            if replaced and self._tree.has_folder(default) and not any(one.path.startswith(default) for one in places):
                self.notes.append(Note.DEFAULT_REPLACED.at(default))
            yield from places

    def _in_files(self) -> Iterator[Place]:
        for kind, name in _FILES.items():
            yield Place(kind, join(self._folder.root, name))
            yield from (Place(kind, path) for path in self._written(kind))
            if self._folder.own and (own := self._folder.own.get(kind)) and own.inline:
                yield Place(kind, self._folder.manifest_path)

    def _written(self, kind: Kind) -> Iterator[str]:
        """The paths that manifests name, resolved; what is not there is only noted."""
        for declaration in self._folder.said(kind):
            for written in declaration.paths:
                path = resolved(self._folder.root, written)
                if path is None:
                    self.notes.append(Note.PATH_OUTSIDE.at(self._folder.manifest_path, f"{kind}: {written[:200]}"))
                    continue
                if not self._tree.has(path) and not self._tree.has_folder(path):
                    self.notes.append(Note.PATH_MISSING.at(path or ".", kind))
                yield path


def _held_at(places: _Places, folder: PluginFolder, tree: Tree, documents: Documents) -> Components:
    others = (join(folder.root, name) for name in _OTHER_FOLDERS)
    notes = [
        *places.notes,
        *_not_taken_in(folder),
        *(Note.NOT_TAKEN_IN.at(path) for path in others if tree.has_folder(path)),
    ]
    held: dict[Kind, Held] = {}
    for kind in Kind:
        paths = sorted({path for place in places.all if place.kind is kind for path in place.entries(tree)})
        if kind in _FILES:
            held[kind] = _named(kind, paths, folder, documents)
            notes += [Note.UNREADABLE.at(path, problem) for path in paths if (problem := _problem(path, documents))]
        elif paths or any(one.texts for one in folder.said(kind)):
            held[kind] = Held(len(paths) + sum(len(one.texts) for one in folder.said(kind)), paths)
    kept = _without_repetition(places.all, tree)
    return Components(tuple(kept), {kind: one for kind, one in held.items() if one.count}, tuple(notes))


def _named(kind: Kind, paths: Sequence[str], folder: PluginFolder, documents: Documents) -> Held:
    inside = [
        unwrapped(document.value)
        for path in paths
        if (document := documents.get(path)) and path != folder.manifest_path
    ]
    inline = [declaration.inline for declaration in folder.said(kind)]
    names = list(dict.fromkeys(name for found in (*inside, *inline) for name in found))
    if kind is Kind.HOOKS:
        names = [name for name in names if name in KNOWN_EVENTS]
    named_paths = [path for path in paths if path != folder.manifest_path or any(inline)]
    count = (len(named_paths) if names else 0) if kind is Kind.HOOKS else len(names)
    return Held(max(count, 1 if names else 0), named_paths, names)


def _problem(path: str, documents: Documents) -> str | None:
    document = documents.get(path)
    return document.problem if document else None


def _not_taken_in(folder: PluginFolder) -> Iterator[Diagnostic]:
    """What stands in marketplace.json has no file of its own; a command written out in a manifest, neither."""
    for kind, declaration in folder.listed.items():
        if declaration.inline and kind in TYPES:
            names = ", ".join(declaration.inline)
            yield Note.NOT_TAKEN_IN.at(".claude-plugin/marketplace.json", f"{kind}: {names[:200]}")
    for declaration in folder.said(Kind.COMMANDS):
        if declaration.texts:
            yield Note.NOT_TAKEN_IN.at(folder.manifest_path, f"commands: {', '.join(declaration.texts)[:200]}")


def _without_repetition(places: Iterable[Place], tree: Tree) -> Iterator[Place]:
    """A place whose entries another one selects needs no mapping of its own."""
    covered: dict[Kind, set[str]] = {}
    for place in sorted(places, key=lambda one: (one.kind, not one.glob)):
        entries = set(place.entries(tree))
        known = covered.setdefault(place.kind, set())
        if not entries or not entries <= known:
            yield place
        known |= entries
