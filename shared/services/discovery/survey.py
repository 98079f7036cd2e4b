"""Reads the shape of a repository at its head: paths, and the few small documents that say what is in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

from shared.connectors.port import SourceReader
from shared.domain.connector import ConnectorTarget
from shared.domain.discovery.candidate import Proposal
from shared.domain.discovery.documents import Document, read_document
from shared.domain.discovery.notes import Note
from shared.domain.discovery.plugins import Repository
from shared.domain.discovery.run import Step
from shared.domain.discovery.survey import propose, to_read
from shared.domain.discovery.tree import Tree
from shared.domain.source_tree import EntryKind, TreeListing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What was found at `revision`, with the steps that led there."""

    revision: str
    tree: Tree
    proposal: Proposal
    complete: bool
    steps: tuple[Step, ...]


class Survey:
    """One look at a repository: a head, a listing, and at most three batches of documents."""

    def __init__(self, target: ConnectorTarget, reader: SourceReader) -> None:
        self._target, self._reader = target, reader
        self._steps: list[Step] = []

    def run(self) -> Surveyed:
        """Raises: SourceUnavailable for what waiting cannot mend, Retryable for what it may."""
        revision = self._timed("resolve", lambda: self._reader.head(self._target.ref), lambda found: found)
        listing = self._timed("list", lambda: self._reader.tree(revision), _listed)
        tree = Tree(listing.entries)
        documents = self._timed("read", lambda: read_documents(tree, self._reader, revision), _read)
        repository = Repository(tree, documents, self._target.repository_full_name.rpartition("/")[2])
        proposal = self._timed("propose", lambda: propose(repository), _proposed)
        return Surveyed(revision, tree, proposal, listing.complete, tuple(self._steps))

    def _timed(self, name: str, step: Callable[[], T], outcome: Callable[[T], str]) -> T:
        started = perf_counter()
        found = step()
        self._steps.append(Step(name, outcome(found), round((perf_counter() - started) * 1000)))
        return found


def read_documents(tree: Tree, reader: SourceReader, revision: str) -> dict[str, Document]:
    """What has to be read before a proposal can be made; each round knows what the one before has named."""
    documents: dict[str, Document] = {}
    while wanted := to_read(tree, documents):
        entries = {tree.entries[path].sha: tree.entries[path] for path in wanted}
        blobs = dict(reader.blobs(revision, list(entries.values())))
        documents |= {path: read_document(blobs[tree.entries[path].sha]) for path in wanted}
    return documents


def incomplete(surveyed: Surveyed) -> tuple[Note, ...]:
    return () if surveyed.complete else (Note.LISTING_INCOMPLETE,)


def _listed(listing: TreeListing) -> str:
    paths = sum(entry.kind is not EntryKind.TREE for entry in listing.entries)
    return f"{paths} paths" + ("" if listing.complete else ", and there are more")


def _read(documents: Mapping[str, Document]) -> str:
    return f"{len(documents)} documents"


def _proposed(proposal: Proposal) -> str:
    supported = sum(one.supported for one in proposal.candidates)
    return f"{proposal.classification}: {len(proposal.candidates)} candidates, {supported} of them supported"
