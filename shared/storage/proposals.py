"""What discovery found, as content: rows name it by its hash, and have no room for it."""

import zlib
from typing import Any, Final

from pydantic import TypeAdapter

from shared.domain.discovery.candidate import Proposal
from shared.domain.discovery.listing import ListedPath, pack, unpack
from shared.domain.discovery.tree import Tree
from shared.storage.content_store import ContentStore

_LEVEL: Final = 6


class ProposalStore:
    def __init__(self, content: ContentStore) -> None:
        self._content = content

    def put(self, org_id: str, proposal: Proposal) -> str:
        return self.put_value(org_id, Proposal, proposal)

    def get(self, org_id: str, name: str) -> Proposal:
        found: Proposal = self.get_value(org_id, Proposal, name)
        return found

    def put_listing(self, org_id: str, tree: Tree) -> str:
        return self._content.put_blob(org_id, pack(tree))

    def get_listing(self, org_id: str, name: str) -> list[ListedPath]:
        return unpack(self._content.get_blob(org_id, name))

    def put_value(self, org_id: str, kind: Any, value: Any) -> str:
        """Any frozen dataclass; its name is the hash of what is stored."""
        return self._content.put_blob(org_id, zlib.compress(TypeAdapter(kind).dump_json(value), _LEVEL))

    def get_value(self, org_id: str, kind: Any, name: str) -> Any:
        return TypeAdapter(kind).validate_json(zlib.decompress(self._content.get_blob(org_id, name)))
