"""One plugin's folder becomes a candidate: what it holds, what it is called, and who would load it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.values import JSON
from shared.domain.diagnostics import Diagnostic
from shared.domain.discovery.candidate import Candidate, ProposedMapping, SourceKind
from shared.domain.discovery.components import Components, PluginFolder, components_of
from shared.domain.discovery.declarations import declarations
from shared.domain.discovery.documents import Document, Documents
from shared.domain.discovery.naming import description_in, first_text, folder_name, plugin_name
from shared.domain.discovery.notes import Note
from shared.domain.discovery.places import TYPES, Place
from shared.domain.discovery.refusals import conflict, refusals_of_entry, refusals_of_hooks, refusals_of_manifest
from shared.domain.discovery.tree import Tree, join
from shared.domain.discovery.verdicts import verdicts
from shared.domain.reconciliation.selector import is_selector

MANIFEST: Final = ".claude-plugin/plugin.json"
_NO_ENTRY: Final[Mapping[str, JSON]] = {}
_FOR_SHOW: Final = frozenset(
    {"test", "tests", "fixtures", "__fixtures__", "examples", "templates", "node_modules", "vendor"}
)
"""Folders whose plugins are rarely meant to be installed: shown, and not selected."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The paths of a commit, the documents read of it, and the repository's name without its owner."""

    tree: Tree
    documents: Documents
    name: str


def plugin_folder(root: str, documents: Documents, entry: Mapping[str, JSON] = _NO_ENTRY) -> PluginFolder:
    own = documents.get(join(root, MANIFEST))
    return PluginFolder(root, declarations(own.members) if own else None, declarations(entry))


def candidate_at(
    repository: Repository, root: str, key: str, kind: SourceKind, entry: Mapping[str, JSON] | None = None
) -> Candidate:
    """The plugin in a folder, with its entry in a marketplace where it has one."""
    documents, path = repository.documents, join(root, MANIFEST)
    manifest = documents.get(path)
    found = components_of(plugin_folder(root, documents, entry or _NO_ENTRY), repository.tree, documents)
    refusals = list(_refusals(root, manifest, documents, entry))
    own = manifest.members if manifest else {}
    loose = documents.get(join(root, "plugin.json"), Document()).members
    said = (own, entry or _NO_ENTRY, loose)
    return candidate(
        key=key,
        kind=kind,
        root=root,
        display_name=first_text("name", *said) or folder_name(root, repository.name),
        description=description_in(*said),
        manifest_path=path if repository.tree.has(path) else None,
        components=found,
        refusals=refusals,
        tree=repository.tree,
    )


def candidate(
    *,
    key: str,
    kind: SourceKind,
    root: str,
    display_name: str,
    components: Components,
    tree: Tree,
    description: str | None = None,
    manifest_path: str | None = None,
    refusals: Sequence[str] = (),
) -> Candidate:
    name = plugin_name(display_name)
    notes = [*components.notes, *_notes_on_links(components, tree), *_notes_on_selectors(components)]
    notes += [Note.REFUSED_BY_CLIENT.at(manifest_path or root or ".", reason) for reason in refusals]
    if name != display_name:
        notes.append(Note.NAME_CHANGED.at(manifest_path or root or ".", f"{display_name[:100]} becomes {name}"))
    if components.is_empty:
        notes.append(Note.NOTHING_FOUND.at(root or "."))
    remarks = [note.message for note in components.notes if note.code in (Note.PATH_OUTSIDE, Note.PATH_MISSING)]
    return Candidate(
        key=key,
        name=name,
        display_name=display_name,
        source_kind=kind,
        root_path=root,
        supported=True,
        selected_by_default=not refusals and not components.is_empty and not _is_for_show(root),
        description=description,
        manifest_path=manifest_path,
        components={kind.value: held for kind, held in components.held.items()},
        mappings=proposed_mappings(components.places),
        verdicts=verdicts(components, refusals, remarks),
        diagnostics=tuple(notes),
    )


def proposed_mappings(places: Sequence[Place]) -> tuple[ProposedMapping, ...]:
    """One per place of a kind that is taken in, and that a selector can name: paths may be longer than those."""
    wanted = (ProposedMapping(place.selector, TYPES[place.kind]) for place in places if place.kind in TYPES)
    return tuple(one for one in dict.fromkeys(wanted) if is_selector(one.selector))


def _refusals(
    root: str, manifest: Document | None, documents: Documents, entry: Mapping[str, JSON] | None
) -> Iterator[str]:
    if manifest is not None:
        yield from refusals_of_manifest(join(root, MANIFEST), manifest)
    if entry is not None:
        yield from refusals_of_entry(entry)
    yield from refusals_of_hooks(root, documents)
    yield from conflict(manifest, entry)


def _notes_on_links(components: Components, tree: Tree) -> Iterator[Diagnostic]:
    """A folder that is a link has nothing below it in git's tree."""
    for place in components.places:
        entry = tree.entries.get(place.path)
        if entry is not None and entry.is_link:
            yield Note.LINK_SKIPPED.at(place.path)


def _notes_on_selectors(components: Components) -> Iterator[Diagnostic]:
    for place in components.places:
        if place.kind in TYPES and not is_selector(place.selector):
            yield Note.NOT_TAKEN_IN.at(place.path, "its path is more than a mapping's selector can say")


def _is_for_show(root: str) -> bool:
    return not _FOR_SHOW.isdisjoint(root.lower().split("/"))
