"""What the index function's tests share: skills of Alice's, and what the table's stream says of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.config_object import ConfigObject
from shared.domain.search import terms_of
from shared.repositories import keys
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person

Record = dict[str, Any]


@dataclass
class Skills:
    depot: Services
    api: Api
    org_id: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def create(self, name: str) -> str:
        return str(self.api.post("/config-objects", {"type": "skill", "input": _named(name)}).item.id)

    def rename(self, object_id: str, name: str) -> None:
        answer = self.api.post(f"/config-objects/{object_id}/versions", {"input": _named(name)})
        assert answer.status == 201

    def record(self, object_id: str) -> Record:
        """What the stream says of a skill as it is now."""
        row = self.depot.table.get(keys.config_object(self.org_id, object_id))
        return {"eventName": "MODIFY", "dynamodb": {"NewImage": row, "SequenceNumber": str(next(self.numbers))}}

    def find(self, object_id: str) -> ConfigObject:
        found = self.depot.object_rows.find(self.org_id, object_id)
        assert found is not None
        return found

    def postings(self, object_id: str) -> set[str]:
        """The terms of a skill whose postings are in the table."""
        pages = self.depot.table.client.get_paginator("scan").paginate(TableName=self.depot.table.name)
        rows = [(item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"]]
        ours = [(pk.split("#", 2)[2], sk) for pk, sk in rows if pk.startswith("IDX#") and sk.endswith(object_id)]
        return {term if ":" in term else term[0] + sk.split(" ")[0] for term, sk in ours}

    def is_indexed(self, object_id: str) -> bool:
        """Whether its row says so, and its postings are exactly those that it should have."""
        entity = self.find(object_id)
        said = entity.unindexed_since is None and set(entity.indexed.split()) == terms_of(entity)
        waiting = self.depot.object_rows.list_unindexed(self.org_id, None, 100).items
        return said and self.postings(object_id) == terms_of(entity) and object_id not in waiting

    def search(self, q: str) -> list[str]:
        return [one.id for one in self.api.get(f"/config-objects?q={q}").items]


@pytest.fixture
def skills(depot: Services, api_as: ApiAs, alice: Person) -> Skills:
    return Skills(depot, api_as(alice), alice.org_id)


def _named(name: str) -> dict[str, str]:
    return {"rawSourceText": f"---\nname: {name}\ndescription: What {name} does.\n---\nBody.\n"}
