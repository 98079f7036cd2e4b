"""Rendered git repositories, kept by the name of what went into them: which commit it became, and its pack."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.domain.git.objects import build_commit
from shared.domain.git.pack import write_pack
from shared.domain.git.refs import MAIN, Refs, is_commit_id
from shared.domain.rendering.tree import FileTree
from shared.services.delivery_memory import Memory
from shared.storage.content_store import ContentStore, catalog_key, pack_key

_COMMITS_KEPT: Final = 10_000
_BYTES_KEPT: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """A tree as one commit with everything it needs, ready to be sent."""

    commit_id: str
    pack: bytes = field(repr=False)

    @classmethod
    def of(cls, files: FileTree) -> "Packed":
        snapshot = build_commit(files)
        return cls(snapshot.commit_id, write_pack(snapshot.objects))


@dataclass(frozen=True, slots=True)
class Repository:
    """What a caller may clone: one commit, and its pack when it is asked for."""

    commit_id: str
    pack: Callable[[], bytes] = field(repr=False)

    @property
    def refs(self) -> Refs:
        return Refs({MAIN: self.commit_id})

    def pack_for(self, _: tuple[str, ...]) -> bytes:
        """Only this repository's one commit can be wanted."""
        return self.pack()


@dataclass(frozen=True, slots=True)
class Repositories:
    storage: ContentStore
    commits: Memory[str] = field(default_factory=lambda: Memory(_COMMITS_KEPT), repr=False)
    packs: Memory[bytes] = field(default_factory=lambda: Memory(_BYTES_KEPT, len), repr=False)

    def open(self, org_id: str, name: str, render: Callable[[], Packed]) -> Repository:
        """The repository that `name`, a hash of all that it is rendered from, stands for.

        `render` is called only when nobody has rendered it before, or its pack is no longer kept.
        """
        commit_id = self._commit(org_id, name) or self._render(org_id, name, render).commit_id
        return Repository(commit_id, lambda: self._pack(org_id, name, commit_id, render))

    def _commit(self, org_id: str, name: str) -> str | None:
        known = self.commits.get(name)
        if known is None and (stored := self.storage.get_rendering(catalog_key(org_id, name))):
            known = self.commits.put(name, _checked(stored.decode()))
        return known

    def _pack(self, org_id: str, name: str, commit_id: str, render: Callable[[], Packed]) -> bytes:
        known = self.packs.get(commit_id) or self.storage.get_rendering(pack_key(org_id, commit_id))
        return self.packs.put(commit_id, known or self._render(org_id, name, render).pack)

    def _render(self, org_id: str, name: str, render: Callable[[], Packed]) -> Packed:
        rendered = render()
        # The pack first: whoever reads the name must find what it leads to.
        self.storage.put_rendering(pack_key(org_id, rendered.commit_id), rendered.pack, "application/x-git-pack")
        self.storage.put_rendering(catalog_key(org_id, name), rendered.commit_id.encode(), "text/plain")
        self.packs.put(rendered.commit_id, rendered.pack)
        self.commits.put(name, rendered.commit_id)
        return rendered


def _checked(commit_id: str) -> str:
    if not is_commit_id(commit_id):
        raise AssertionError("a catalog's name leads to something that is no commit")
    return commit_id
