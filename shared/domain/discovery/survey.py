"""Classifies a repository and proposes plugins, in three looks:

to_read(tree, {})          the documents that say what there is
to_read(tree, documents)   … and, once those are known, the documents that they name
propose(repository)        everything, from the paths and those documents
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from shared.domain.config_types.values import JSON
from shared.domain.diagnostics import Diagnostic
from shared.domain.discovery.candidate import Candidate, Classification, Proposal, SourceKind
from shared.domain.discovery.documents import LARGEST, Documents
from shared.domain.discovery.fingerprint import manifests_fingerprint
from shared.domain.discovery.inferred import (
    documents_of,
    folder_candidates,
    is_opencode,
    is_standalone,
    opencode_candidate,
    standalone_candidate,
)
from shared.domain.discovery.marketplace_repo import (
    MARKETPLACE,
    MAX_CANDIDATES,
    candidates_in,
    entries_in,
    marketplace_in,
    notes_on,
)
from shared.domain.discovery.notes import Note
from shared.domain.discovery.plugins import MANIFEST, Repository, candidate_at, plugin_folder
from shared.domain.discovery.tree import Tree, join

BUDGET: Final = 10_000
"""Paths that are looked at for what no manifest declares."""
LOOKED_FOR: Final = (
    ".claude-plugin/marketplace.json, .claude-plugin/plugin.json, opencode.json or .opencode/, .claude/skills, "
    ".claude/agents or .claude/commands, and folders called skills, agents or commands"
)
_SHOWN_PATHS: Final = 5_000
"""Paths in all candidates together: an answer has to fit into 6 MB."""

C = Classification


def classify(tree: Tree) -> Classification:
    """The first that fits; by paths alone."""
    manifests = tree.files_named(MANIFEST)
    if tree.has(MARKETPLACE):
        return C.CLAUDE_MARKETPLACE_REPO
    if manifests:
        return C.CLAUDE_SINGLE_PLUGIN_REPO if manifests == [MANIFEST] else C.CLAUDE_MULTI_PLUGIN_REPO
    if is_opencode(tree):
        return C.OPENCODE_WORKSPACE
    return C.STANDALONE_CLAUDE if is_standalone(tree) else C.FOLDER_INFERRED_REPO


def to_read(tree: Tree, documents: Documents) -> list[str]:
    """The paths of documents that are still to be read, before a proposal can be made; none when all are."""
    wanted = (
        {MARKETPLACE}
        if tree.has(MARKETPLACE) and MARKETPLACE not in documents
        else set(_all_documents(tree, documents))
    )
    missing = (path for path in sorted(wanted) if path not in documents and tree.has(path))
    return [path for path in missing if (tree.entries[path].size or 0) <= LARGEST and not tree.entries[path].is_link]


def propose(repository: Repository) -> Proposal:
    """What the repository is, and what it could become."""
    kind = classify(repository.tree)
    candidates = _PROPOSERS[kind](repository)
    if kind is C.FOLDER_INFERRED_REPO and not candidates:
        kind = C.UNSUPPORTED
    inferred = kind in (C.FOLDER_INFERRED_REPO, C.UNSUPPORTED)
    kept = _without_sharing(candidates[:MAX_CANDIDATES])
    return Proposal(
        classification=kind,
        candidates=_shortened(kept),
        warnings=tuple(_warnings(kind, repository, candidates)),
        marketplace=marketplace_in(repository.documents) if kind is C.CLAUDE_MARKETPLACE_REPO else None,
        scanned=min(len(repository.tree), BUDGET) if inferred else len(repository.tree),
        truncated=inferred and len(repository.tree) > BUDGET,
        strategy="inference" if inferred else "manifest",
        manifests=manifests_fingerprint(repository.tree.entries.values()),
    )


def roots_of(tree: Tree, documents: Documents) -> list[tuple[str, Mapping[str, JSON]]]:
    """The folders that manifests declare, each with its entry in the marketplace."""
    if tree.has(MARKETPLACE):
        return [(source.root, entry) for entry, source in entries_in(documents) if source.root is not None][
            :MAX_CANDIDATES
        ]
    return [(root, {}) for root in _manifest_roots(tree)[:MAX_CANDIDATES]]


def _all_documents(tree: Tree, documents: Documents) -> Iterator[str]:
    roots = roots_of(tree, documents)
    for root, entry in roots:
        yield from (join(root, MANIFEST), join(root, "plugin.json"))
        yield from plugin_folder(root, documents, entry).named_documents()
    if not roots:
        yield from documents_of(tree)


def _manifest_roots(tree: Tree) -> list[str]:
    return [path[: -len(MANIFEST)].rstrip("/") for path in tree.files_named(MANIFEST)]


def _by_manifest(repository: Repository) -> list[Candidate]:
    roots = _manifest_roots(repository.tree)
    return [
        candidate_at(repository, root, f"plugin:{root or '.'}", SourceKind.PLUGIN_MANIFEST)
        for root in roots[: MAX_CANDIDATES + 1]
    ]


_PROPOSERS: Final[Mapping[Classification, Callable[[Repository], list[Candidate]]]] = {
    C.CLAUDE_MARKETPLACE_REPO: candidates_in,
    C.CLAUDE_MULTI_PLUGIN_REPO: _by_manifest,
    C.CLAUDE_SINGLE_PLUGIN_REPO: _by_manifest,
    C.OPENCODE_WORKSPACE: lambda repository: [opencode_candidate(repository)],
    C.STANDALONE_CLAUDE: lambda repository: [standalone_candidate(repository)],
    C.FOLDER_INFERRED_REPO: lambda repository: folder_candidates(repository, BUDGET),
}


def _warnings(kind: Classification, repository: Repository, candidates: Sequence[Candidate]) -> Iterator[Diagnostic]:
    if kind is C.CLAUDE_MARKETPLACE_REPO:
        yield from notes_on(repository.documents)
    elif len(candidates) > MAX_CANDIDATES:
        yield Note.TOO_MANY.at(".", f"the first {MAX_CANDIDATES} of {len(candidates)} are shown")
    if kind is C.UNSUPPORTED:
        yield Note.NOTHING_FOUND.at(".", f"looked for {LOOKED_FOR}")
    if kind in (C.FOLDER_INFERRED_REPO, C.UNSUPPORTED) and len(repository.tree) > BUDGET:
        yield Note.BUDGET_REACHED.at(".", f"the first {BUDGET} of {len(repository.tree)}")


def _without_sharing(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One path becomes one object, in one plugin: the first candidate that maps it is the one."""
    owners: dict[tuple[str, str], str] = {}
    found = []
    for one in candidates:
        own = [
            each for each in one.mappings if owners.setdefault((each.selector, each.object_type), one.key) == one.key
        ]
        shared = [each for each in one.mappings if each not in own]
        notes = [
            Note.SHARED_PATH.at(each.selector, owners[each.selector, each.object_type]) for each in shared
            if _holds_any(one, each.object_type)
        ]  # fmt: skip
        found.append(replace(one, mappings=tuple(own), diagnostics=(*one.diagnostics, *notes)))
    return found


def _holds_any(one: Candidate, object_type: str) -> bool:
    return any(kind.startswith(object_type) for kind in one.components)


def _shortened(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    most = max(10, min(100, _SHOWN_PATHS // max(1, len(candidates))))
    return tuple(
        replace(one, components={
            kind: replace(held, paths=tuple(held.paths)[:most], names=tuple(held.names)[:most])
            for kind, held in one.components.items()
        })
        for one in candidates
    )  # fmt: skip
