"""Rendered git repositories, kept by the name of what went into them: which commits they became, and their packs."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.domain.content import sha256_hex
from shared.domain.errors import NotFound
from shared.domain.git.objects import build_commit
from shared.domain.git.pack import merge_packs, write_pack
from shared.domain.git.refs import MAIN, Refs, is_commit_id
from shared.domain.rendering.tree import FileTree
from shared.services.delivery_memory import Memory
from shared.services.mint import Mint
from shared.services.renderings import period_of
from shared.storage.content_store import ContentStore, catalog_key, pack_key

_COMMITS_KEPT: Final = 10_000
_BYTES_KEPT: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """A tree as one commit with everything it needs, ready to be sent; `plugin_ids` are those that are in it."""

    commit_id: str
    pack: bytes = field(repr=False)
    plugin_ids: frozenset[str]

    @classmethod
    def of(cls, files: FileTree, plugin_ids: Iterable[str]) -> "Packed":
        snapshot = build_commit(files)
        return cls(snapshot.commit_id, write_pack(snapshot.objects), frozenset(plugin_ids))


@dataclass(frozen=True, slots=True)
class View:
    """What a repository offers: `main` is None where it depends on more than its name; `tags` by full ref name."""

    main: str | None
    tags: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return json.dumps({"main": self.main, "tags": self.tags}).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "View":
        view = cls(**json.loads(text))
        if not all(map(is_commit_id, filter(None, (view.main, *view.tags.values())))):
            raise AssertionError("a repository's name leads to something that is no commit")
        return view


@dataclass(frozen=True, slots=True)
class Repository:
    """What a caller may clone: its commits, and the pack of each when it is asked for.

    `keeps` tells which commits that were here before may still be fetched.
    """

    view: View
    pack: Callable[[str], bytes] = field(repr=False)
    keeps: Callable[[str], bool] = field(repr=False)

    @property
    def commit_id(self) -> str:
        return self.view.main or ""

    @property
    def refs(self) -> Refs:
        main = {MAIN: self.view.main} if self.view.main else {}
        return Refs({**main, **self.view.tags}, keeps=self.keeps)

    def pack_for(self, commit_ids: tuple[str, ...]) -> bytes:
        packs = [self.pack(each) for each in commit_ids]
        return packs[0] if len(packs) == 1 else merge_packs(packs)


@dataclass(frozen=True, slots=True)
class Repositories:
    storage: ContentStore
    mint: Mint
    views: Memory[View] = field(
        default_factory=lambda: Memory(_COMMITS_KEPT, lambda view: 1 + len(view.tags)), repr=False
    )
    packs: Memory[bytes] = field(default_factory=lambda: Memory(_BYTES_KEPT, len), repr=False)

    def view(self, org_id: str, name: str, render: Callable[[], View]) -> View:
        """What the repository is that `name`, a hash of all that it is rendered from, stands for.

        `render` is called only when nobody has rendered it before in this period; it keeps the packs of what it names.
        """
        name = f"{name}-{period_of(org_id, self.mint.now())}"
        known = self.views.get(name)
        if known is None:
            stored = self.storage.get_rendering(catalog_key(org_id, name))
            known = self.views.put(name, View.from_json(stored) if stored else self._written(org_id, name, render()))
        return known

    def keep(self, org_id: str, packed: Packed) -> str:
        """Store a pack, and who may have it: whoever may have all that is in it."""
        within = json.dumps(sorted(packed.plugin_ids)).encode()
        self.storage.renew_rendering(_contents_key(org_id, packed.commit_id), within, "application/json")
        return self.keep_private(org_id, packed)

    def keep_private(self, org_id: str, packed: Packed) -> str:
        """Store a pack that is only for who is led to it."""
        self.storage.renew_rendering(pack_key(org_id, packed.commit_id), packed.pack, "application/x-git-pack")
        self.packs.put(packed.commit_id, packed.pack)
        return packed.commit_id

    def pack(self, org_id: str, commit_id: str, render: Callable[[], Packed | None]) -> bytes:
        """The pack of a commit, rendered again where it is kept no more. Raises: NotFound."""
        known = self.packs.get(commit_id) or self.storage.get_rendering(pack_key(org_id, commit_id))
        if known is None:
            packed = render()
            if packed is None or packed.commit_id != commit_id:
                raise NotFound(f"commit {commit_id} any more")
            self.keep_private(org_id, packed)
            known = packed.pack
        return self.packs.put(commit_id, known)

    def keeps(self, org_id: str, commit_id: str, plugin_ids: Iterable[str]) -> bool:
        """Whether a commit of before is kept, and everything in it is among these plugins."""
        stored = self.storage.get_rendering(_contents_key(org_id, commit_id))
        return stored is not None and set(json.loads(stored)) <= set(plugin_ids)

    def _written(self, org_id: str, name: str, view: View) -> View:
        self.storage.put_rendering(catalog_key(org_id, name), view.to_json(), "application/json")
        return view


def _contents_key(org_id: str, commit_id: str) -> str:
    return catalog_key(org_id, sha256_hex(f"commit {commit_id}".encode()))
