"""Fills an org with many rows like one that is there, straight into the table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from shared.bootstrap import Services
from shared.domain.content import sha256_hex
from shared.domain.marketplace import MAX_MARKETPLACES
from shared.domain.search import word_of
from shared.repositories import keys
from shared.repositories.keys import Key
from tests.fixtures.stack import REGION

Grow = Callable[[int], None]


@dataclass(frozen=True)
class Crowd:
    """Every method gives what adds a number of rows; ids grow, as those of new rows do."""

    depot: Services
    org_id: str

    def objects_like(self, object_id: str) -> Grow:
        return self._like([object_id], [keys.config_object(self.org_id, object_id)])

    def indexed_like(self, object_id: str) -> Grow:
        """Objects that a search finds by their postings."""
        self.depot.indexing.index(self.org_id, object_id)
        row = keys.config_object(self.org_id, object_id)
        terms = (self.depot.table.get(row) or {})["indexed"]["S"].split()
        return self._like([object_id], [row, *(self._posting(term, object_id) for term in terms)])

    def versions_of(self, object_id: str) -> Grow:
        found = self.depot.table.query(keys.config_object(self.org_id, object_id).pk, prefix=keys.VERSION)
        first = found.keys[0]
        return self._like([first.sk.removeprefix(keys.VERSION)], [first])

    def members_like(self, plugin_id: str, object_id: str) -> Grow:
        """Members of a plugin, each an object with a version of its own."""
        row = keys.config_object(self.org_id, object_id)
        version_id = (self.depot.table.get(row) or {})["head_version_id"]["S"]
        version = keys.version(self.org_id, object_id, version_id)
        membership = keys.membership(self.org_id, plugin_id, object_id)
        return self._like([object_id, version_id], [row, version, membership])

    def events_like(self, event_id: str, target_id: str) -> Grow:
        guard = keys.head_guard(self.org_id, target_id, event_id)
        return self._like([event_id], [keys.sync_event(self.org_id, event_id), guard])

    def people_like(self, member_id: str) -> Grow:
        return self._like([member_id], [keys.member(member_id)])

    def teams_like(self, team_id: str) -> Grow:
        return self._like([team_id], [keys.team(self.org_id, team_id)])

    def tokens_like(self, token_id: str) -> Grow:
        return self._like([token_id], [keys.token(token_id)])

    def plugins_like(self, plugin_id: str) -> Grow:
        rows = [keys.plugin(self.org_id, plugin_id), keys.grant(self.org_id, plugin_id, "org")]
        return self._like([plugin_id], rows)

    def marketplaces_like(self, marketplace_id: str) -> Grow:
        """As many as an org may have, whatever is asked for."""
        grow = self._like([marketplace_id], [keys.marketplace(self.org_id, marketplace_id)])
        return lambda count: grow(min(count, MAX_MARKETPLACES // 2))

    def clients_like(self, holder: str, client_id: str, plugin_id: str) -> Grow:
        """Clients of one holder that have a plugin."""
        state = keys.client(self.org_id, holder, client_id)
        return self._like([client_id], [state, keys.installed(self.org_id, holder, client_id, plugin_id)])

    def adoptions_like(self, plugin_id: str, digest: str) -> Grow:
        """Contents of a plugin that some client has."""
        template = self.depot.table.get(keys.adoption(self.org_id, plugin_id, digest))

        def grow(count: int) -> None:
            names = (sha256_hex(str(number).encode()) for number in range(count))
            self._write([_renamed(template, digest, f"sha256:{name}") for name in names])

        return grow

    def _posting(self, term: str, object_id: str) -> Key:
        word = word_of(term)
        if word is None:
            return keys.fact_posting(self.org_id, term, object_id)
        return keys.word_posting(self.org_id, word.rank, word.word, object_id)

    def _like(self, own_ids: Sequence[str], rows: Iterable[Key]) -> Grow:
        templates = [self.depot.table.get(row) for row in rows]

        def one_more() -> list[Any]:
            items: Any = templates
            for own_id in own_ids:
                items = _renamed(items, own_id, self.depot.mint.new_id(own_id.partition("_")[0]))
            return list(items)

        def grow(count: int) -> None:
            self._write([item for _ in range(count) for item in one_more()])

        return grow

    def _write(self, items: list[Any]) -> None:
        # A request per 25 rows would take most of the time of a test.
        rows: Any = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[self.depot.table.name]
        for item in items:
            rows.put_item(item, overwrite=True)


def _renamed(node: Any, old: str, new: str) -> Any:
    if isinstance(node, str):
        return node.replace(old, new)
    if isinstance(node, dict):
        return {name: _renamed(value, old, new) for name, value in node.items()}
    return [_renamed(value, old, new) for value in node] if isinstance(node, list) else node
