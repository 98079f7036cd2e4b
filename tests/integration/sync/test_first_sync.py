"""What the first sync of a large repository takes of a worker, its writes to AWS aside."""

import time
import tracemalloc
from functools import partial
from typing import Any

import pytest

from shared.repositories.table import Table
from shared.repositories.unit_of_work import UnitOfWork
from shared.storage.content_store import ContentStore
from tests.fixtures.people import Person
from tests.integration.sync.files import skills
from tests.integration.sync.world import World

WRITES = {"transact_write_items", "put_item", "update_item", "put_object"}


class Deaf:
    """An AWS client that answers reads, and takes writes without doing anything."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return (lambda **_: {}) if name in WRITES else getattr(self._client, name)


@pytest.mark.benchmark
@pytest.mark.parametrize("traced", [False, True], ids=["time", "memory"])
def test_the_first_sync_of_a_thousand_skills(world: World, alice: Person, traced: bool) -> None:
    connected = world.connect(alice, skills(1_000, supporting=4))
    world.depot.sync_events.resync(connected.actor, connected.target_id)
    [record] = world.queue.receive()
    depot = world.restart()
    table = Table(Deaf(depot.table.client), depot.table.name)
    deaf = Deaf(depot.content._client)
    content = ContentStore(lambda: deaf, depot.content._bucket)
    vars(depot).update(table=table, content=content, begin=partial(UnitOfWork, table))
    depot.worker  # noqa: B018  # wired and imported before the clock starts, as in a warm worker
    world.github.requests.clear()
    if traced:
        tracemalloc.start()

    started = time.thread_time()
    failed = world.queue.hand_over([record])
    used = time.thread_time() - started

    assert failed == []
    if traced:
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        print(f"\nfirst sync of 1,000 skills (5,000 files): {peak:.0f} MiB at most")
        tracemalloc.stop()
    else:
        calls = len(world.github.requests)
        print(f"\nfirst sync of 1,000 skills (5,000 files): {used:.2f} s of CPU, {calls} GitHub calls")
