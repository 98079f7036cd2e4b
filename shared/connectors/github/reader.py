"""Reads one GitHub repository as an installation of the app, with as few calls as the question allows.

Repositories are addressed by id: a name may have been given to another repository meanwhile, and a public
one would answer even a token that is not meant for it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Final, TypeVar
from urllib.parse import quote

from shared.connectors.github import shapes
from shared.connectors.github.allowances import Allowances
from shared.connectors.github.answers import Answer, TokenRefused
from shared.connectors.github.app_auth import InstallationTokens
from shared.connectors.github.blobs import Weight, fetch
from shared.connectors.github.graphql import query_for, texts_in
from shared.connectors.github.tarball import wanted_blobs
from shared.connectors.github.transport import JSON, Transport
from shared.connectors.github.tree_walk import TreeWalk, tree_sha
from shared.domain.errors import RateLimited, Retryable
from shared.domain.source_errors import SourceNotFound, SourceUnavailable
from shared.domain.source_tree import Repository, TreeEntry, TreeListing, blob_sha

_SHA: Final = "application/vnd.github.sha"
_RAW: Final = "application/vnd.github.raw+json"
_COMMIT_ID: Final = re.compile(rb"[0-9a-f]{40}")
T = TypeVar("T")


class GitHubReader:
    """Implements `SourceReader`, and the `Ways` that its blobs may take."""

    def __init__(
        self,
        transport: Transport,
        tokens: InstallationTokens,
        allowances: Allowances,
        installation_id: int,
        repository_id: int,
    ) -> None:
        self._transport, self._tokens, self._allowances = transport, tokens, allowances
        self._scope = installation_id, repository_id
        self._base = f"/repositories/{repository_id}"
        self._weights: dict[str, Weight] = {}

    def repository(self) -> Repository:
        return shapes.read(shapes.repository_from, self._get(""))

    def head(self, ref: str, known: str | None = None) -> str:
        """The commit at a full ref; the full form, because a tag may bear the branch's name.

        A commit id is its own ETag: https://docs.github.com/rest/commits/commits#get-a-commit
        """
        answer = self._ask(f"/commits/{quote(ref)}", _SHA, etag=f'"{known}"' if known else "")
        if known and answer.status == 304:
            return known
        head = answer.body.strip()
        if not _COMMIT_ID.fullmatch(head):
            raise Retryable("GitHub's answer is not a commit id.")
        return head.decode()

    def tree(self, revision: str) -> TreeListing:
        try:
            listing = TreeWalk(self._tree_page).listing(revision)
        except SourceNotFound:
            if self._is_emptied(revision):
                return TreeListing(revision, (), complete=True)
            raise
        self._weights[revision] = _weight(listing.entries)
        return listing

    def blobs(self, revision: str, wanted: Collection[TreeEntry]) -> Iterator[tuple[str, bytes]]:
        """Each wanted blob once, in any order, by the cheapest way; what a listing has told decides it."""
        sizes = {entry.sha: entry.size or 0 for entry in wanted}
        weight = self._weights.get(revision) or _weight(wanted)
        return fetch(self, revision, sizes, weight)

    def _tree_page(self, sha: str, recursive: bool) -> shapes.TreePage:
        # any value of `recursive` means yes, so "no" is to leave it out
        query = "?recursive=1" if recursive else ""
        return shapes.read(shapes.tree_page_from, self._get(f"/git/trees/{sha}{query}"))

    def _is_emptied(self, revision: str) -> bool:
        """Whether the commit has no files: GitHub answers its tree with the same 404 as a lost repository."""
        return shapes.read(shapes.tree_id_from, self._get(f"/git/commits/{revision}")) == tree_sha(())

    def single(self, sha: str) -> bytes:
        data = self._get(f"/git/blobs/{sha}", _RAW)
        if blob_sha(data) != sha:
            raise Retryable("GitHub's answer is not the blob that was asked for.")
        return data

    def texts(self, shas: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The blobs of one query that are texts; none, where GitHub cannot answer it: each may still be asked for."""
        node_id = self._tokens.node_id(*self._scope)
        if not node_id:
            return
        body = query_for(node_id, shas)
        try:
            told = self._as_installation(lambda token: self._transport.query(body, token=token))
        except RateLimited:
            raise
        except (Retryable, SourceUnavailable):
            return
        yield from texts_in(told, shas)

    def archived(self, revision: str, sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
        path = f"{self._base}/tarball/{revision}"
        with ExitStack() as stack:
            response = self._as_installation(
                lambda token: stack.enter_context(self._transport.stream(path, token=token))
            )
            yield from wanted_blobs(response, dict(sizes))

    def _get(self, path: str, accept: str = JSON) -> bytes:
        return self._ask(path, accept).body

    def _ask(self, path: str, accept: str, etag: str = "") -> Answer:
        url = self._base + path
        answer = self._as_installation(
            lambda token: self._transport.call("GET", url, token=token, accept=accept, etag=etag)
        )
        self._allowances.note(self._scope[0], answer.headers)
        return answer

    def _as_installation(self, exchange: Callable[[str], T]) -> T:
        """Run an exchange with a token, and once more with a fresh one if GitHub no longer takes it."""
        try:
            return exchange(self._tokens.token(*self._scope))
        except TokenRefused:
            self._tokens.forget(*self._scope)
            return exchange(self._tokens.token(*self._scope))


def _weight(entries: Iterable[TreeEntry]) -> Weight:
    sizes = [entry.size for entry in entries if entry.size is not None]
    return Weight(len(sizes), sum(sizes))
