"""A repository with a marketplace.json: its entries, and nothing that no entry names.

Most plugin.json files of such repositories are in no marketplace on purpose: drafts, tests, other tools' copies.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from shared.domain.config_types.values import JSON
from shared.domain.diagnostics import Diagnostic
from shared.domain.discovery.candidate import Candidate, ProposedMarketplace, SourceKind, Verdict
from shared.domain.discovery.documents import Document, Documents
from shared.domain.discovery.naming import description_in, first_text, plugin_name
from shared.domain.discovery.notes import Note
from shared.domain.discovery.plugins import Repository, candidate_at
from shared.domain.discovery.refusals import refusals_of_entry
from shared.domain.discovery.sources import PluginSource, source_of
from shared.domain.discovery.verdicts import CLAUDE_CODE

MARKETPLACE: Final = ".claude-plugin/marketplace.json"
MAX_CANDIDATES: Final = 500
"""As many plugins as a marketplace holds."""


def entries_in(documents: Documents) -> Iterator[tuple[Mapping[str, JSON], PluginSource]]:
    """The plugins that the marketplace lists, in its order, each with where it is."""
    marketplace = documents.get(MARKETPLACE, Document()).members
    metadata, plugins = marketplace.get("metadata"), marketplace.get("plugins")
    plugin_root = metadata.get("pluginRoot") if isinstance(metadata, dict) else None
    entries = (entry for entry in (plugins if isinstance(plugins, list) else ()) if isinstance(entry, dict))
    yield from ((entry, source_of(entry, plugin_root)) for entry in entries)


def candidates_in(repository: Repository) -> list[Candidate]:
    """One per entry, those that lie elsewhere included."""
    known: set[str] = set()
    found: list[Candidate] = []
    for number, (entry, source) in enumerate(entries_in(repository.documents)):
        name = first_text("name", entry)
        key = f"entry:{name}" if name and name not in known else f"entry:#{number}"
        found.append(_candidate(repository, key, entry, source, repeated=name in known))
        known |= {name} if name else set()
    return found[:MAX_CANDIDATES]


def marketplace_in(documents: Documents) -> ProposedMarketplace | None:
    members = documents.get(MARKETPLACE, Document()).members
    name = first_text("name", members)
    if name is None:
        return None
    metadata, owner = members.get("metadata"), members.get("owner")
    more = metadata if isinstance(metadata, dict) else {}
    publisher = first_text("name", owner) if isinstance(owner, dict) else None
    return ProposedMarketplace(plugin_name(name), name, description_in(members, more), publisher)


def notes_on(documents: Documents) -> Iterator[Diagnostic]:
    document = documents.get(MARKETPLACE, Document())
    if document.problem or not isinstance(document.value, dict) or not document.strict:
        yield Note.MARKETPLACE_UNREADABLE.at(MARKETPLACE, document.problem or "it is no plain JSON object")
        return
    owner, name, plugins = (document.members.get(field) for field in ("owner", "name", "plugins"))
    if not isinstance(owner, dict) or not isinstance(owner.get("name"), str):
        yield Note.MARKETPLACE_REFUSED.at(MARKETPLACE, "owner must be an object with a name")
    if not isinstance(name, str) or not name or " " in name:
        yield Note.MARKETPLACE_REFUSED.at(MARKETPLACE, "name must be text without spaces")
    if not isinstance(plugins, list):
        yield Note.MARKETPLACE_REFUSED.at(MARKETPLACE, "plugins must be a list")
    elif len(plugins) > MAX_CANDIDATES:
        yield Note.TOO_MANY.at(MARKETPLACE, f"{len(plugins)} entries, the first {MAX_CANDIDATES} are shown")


def _candidate(
    repository: Repository, key: str, entry: Mapping[str, JSON], source: PluginSource, *, repeated: bool
) -> Candidate:
    if source.root is None:
        return _elsewhere(key, entry, source)
    if source.root and not repository.tree.has_folder(source.root):
        note = Note.SOURCE_MISSING.at(source.root)
        return _unsupported(key, entry, source, note, (note.message,))
    if repeated:
        note = Note.NAME_REPEATED.at(MARKETPLACE, first_text("name", entry) or "")
        return _unsupported(key, entry, source, note, (note.message,))
    return candidate_at(repository, source.root, key, SourceKind.MARKETPLACE_ENTRY, entry)


def _elsewhere(key: str, entry: Mapping[str, JSON], source: PluginSource) -> Candidate:
    note = (Note.SOURCE_REFUSED if source.refused else Note.EXTERNAL_SOURCE).at(MARKETPLACE, source.problem or "")
    refusals = (*([source.problem] if source.refused and source.problem else []), *refusals_of_entry(entry))
    return _unsupported(key, entry, source, note, refusals)


def _unsupported(
    key: str, entry: Mapping[str, JSON], source: PluginSource, note: Diagnostic, refusals: tuple[str, ...]
) -> Candidate:
    """Shown with its reason; what a client that fetched it would load is not known here."""
    name = first_text("name", entry) or "unnamed"
    return Candidate(
        key=key,
        name=plugin_name(name),
        display_name=name,
        source_kind=SourceKind.MARKETPLACE_ENTRY,
        root_path=source.root or "",
        supported=False,
        selected_by_default=False,
        description=description_in(entry),
        external=source.kind if source.root is None else None,
        verdicts={CLAUDE_CODE: Verdict(not refusals, refusals)},
        diagnostics=(note,),
    )
