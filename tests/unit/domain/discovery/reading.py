"""A repository given as its files, looked at as discovery looks at one."""

from collections.abc import Mapping

from shared.domain.discovery.candidate import Proposal
from shared.domain.discovery.documents import Document, read_document
from shared.domain.discovery.plugins import Repository
from shared.domain.discovery.survey import propose, to_read
from shared.domain.discovery.tree import Tree
from shared.domain.source_tree import EntryKind, TreeEntry, blob_sha


def tree_of(files: Mapping[str, str]) -> Tree:
    return Tree(
        TreeEntry(path, 0o100644, EntryKind.BLOB, blob_sha(text.encode()), len(text.encode()))
        for path, text in files.items()
    )


def discover(files: Mapping[str, str], name: str = "tools") -> Proposal:
    tree = tree_of(files)
    documents: dict[str, Document] = {}
    while wanted := to_read(tree, documents):
        documents |= {path: read_document(files[path].encode()) for path in wanted}
    return propose(Repository(tree, documents, name))
