"""An org of any size in memory, behind DynamoDB's client: keys are kept in order, rows are made when they are read."""

import time
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from math import inf
from random import Random
from typing import Any

from shared.domain.access import Role
from shared.domain.config_object import ConfigObject, ObjectStatus, SourceMode
from shared.domain.search import indexed_form, terms_of, word_of
from shared.repositories import keys
from shared.repositories.codec import encode
from shared.repositories.keys import Key

ORG = "org_01m88hjk1wcqktbnttrbgyd3wg"
_ONLY = 500
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_VERBS = "deploy review release migrate audit test format publish archive monitor".split()
_NOUNS = "service database branch report package schema container dashboard secret pipeline".split()
_TYPES = ("skill", "skill", "skill", "skill", "agent", "command", "hook")


@dataclass
class LargeOrg:
    """DynamoDB's client as far as lists and searches use it. `calls` and `read` (rows in answers) count."""

    size: int
    calls: int = 0
    read: int = 0
    _partitions: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for number in range(self.size):
            entity = _entity(number)
            self._partitions[keys.listing(ORG, "cfg")].append(entity.id)
            for key in _postings(entity):
                self._partitions[key.pk].append(key.sk)
        for partition in self._partitions.values():
            partition.sort()

    def query(self, **request: Any) -> dict[str, Any]:
        self.calls += 1
        stem = f"{request['IndexName']}_" if "IndexName" in request else ""
        values = {name: value["S"] for name, value in request["ExpressionAttributeValues"].items()}
        low = values.get(":low", values.get(":prefix", ""))
        high = values.get(":high", values.get(":prefix", "") + "\U0010ffff")
        partition = self._partitions.get(values[":pk"], [])
        start = bisect_left(partition, low)
        end = min(bisect_right(partition, high), start + request["Limit"])
        names = (f"{stem}pk", f"{stem}sk")
        items = [{names[0]: {"S": values[":pk"]}, names[1]: {"S": sk}} for sk in partition[start:end]]
        self.read += len(items)
        return {"Items": items}

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        self.calls += 1
        ((table, wanted),) = request["RequestItems"].items()
        rows = [_row(pk) for key in wanted["Keys"] if (pk := key["pk"]["S"]).startswith("CFG#")]
        self.read += len(rows)
        return {"Responses": {table: rows}}

    def measure(self, ask: Callable[[], object], runs: int) -> tuple[int, int, float]:
        """Calls, rows read and milliseconds of the fastest of so many runs."""
        fastest = inf
        for _ in range(runs):
            self.calls = self.read = 0
            started = time.perf_counter()
            ask()
            fastest = min(fastest, time.perf_counter() - started)
        return self.calls, self.read, fastest * 1000


def _entity(number: int) -> ConfigObject:
    dice = Random(number)
    title = f"{dice.choice(_VERBS)}-{dice.choice(_NOUNS)}-{number}"
    entity = ConfigObject(
        id=f"cfg_{number:026d}",
        org_id=ORG,
        type=dice.choice(_TYPES),
        source_mode=SourceMode.CLOUD,
        title=title,
        slug=title,
        status=ObjectStatus.INGESTION_ERROR if number % 1000 == 0 else ObjectStatus.ACTIVE,
        created_at=_AT,
        updated_at=_AT,
        created_by="mem_1",
        description="Seen once."
        if number == _ONLY
        else f"Helps to {dice.choice(_VERBS)} the {dice.choice(_NOUNS)} of team {number % 97}.",
        grants={"mem_1": Role.MANAGER},
    )
    return replace(entity, indexed=indexed_form(terms_of(entity)))


@cache
def _row(pk: str) -> Any:
    """Made once, so that the time of a second asking is our code's alone."""
    entity = _entity(int(pk.rpartition("_")[2]))
    return encode(keys.config_object(ORG, entity.id), entity)


def _postings(entity: ConfigObject) -> Iterator[Key]:
    for term in entity.indexed.split():
        word = word_of(term)
        if word is None:
            yield keys.fact_posting(ORG, term, entity.id)
        else:
            yield keys.word_posting(ORG, word.rank, word.word, entity.id)
