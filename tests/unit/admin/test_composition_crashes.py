"""A plugin of more than one transaction, its creation stopped before any write: nobody sees half, nothing is left."""

import copy
from itertools import count
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.services import plugin_preparations
from shared.services.mint import Mint
from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person
from tests.fixtures.stack import Listener
from tests.integration.sync.clock import Clock
from tests.integration.sync.rows import Rows, moto_table
from tests.integration.sync.stopping import Stopped
from tests.unit.admin.contents import SKILL, skill
from tests.unit.admin.dangling import require_nothing_dangles, require_nothing_unfinished
from tests.unit.admin.test_plugin_composition import named

PRESENT, NEW = 6, 2
_WRITES = {"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"}
STEPS = 12
"""Of a transaction here, so that a small plugin takes as many of them as one of four hundred rows does."""
KEY = {"idempotency_key": "once"}


class Life:
    """A process that is stopped before one of its writes: between two of them the table stays as it is."""

    def __init__(self, writes: int | None) -> None:
        self._writes, self.used, self._over = writes, 0, False

    def spend(self, model: Any) -> None:
        writes = model.name in _WRITES
        self._over |= writes and self.used == self._writes
        if self._over:
            raise Stopped
        self.used += writes


class Stage:
    """Alice's objects and marketplace, and what she makes of them, again and again."""

    def __init__(self, depot: Services, api_as: ApiAs, alice: Person, bob: Person, listeners: list[Listener]) -> None:
        self.depot, self.alice, self.bob = depot, api_as(alice), api_as(bob)
        self.listeners, self.clock = listeners, Clock()
        depot.mint = Mint(self.clock, depot.mint.random_bits)
        self.rows = Rows(depot.table.name, "depot-content")
        present = self.alice.post("/config-objects/bulk", {"items": [skill() for _ in range(PRESENT)]}).json["items"]
        self.present = [one["item"]["id"] for one in present]
        self.marketplace = self.alice.post("/marketplaces", {"name": "tools"}).item.id
        components = [{"configObjectId": one} for one in self.present] + [named(number) for number in range(NEW)]
        self.body = {
            "name": "reviews",
            "components": components,
            "marketplaceIds": [self.marketplace],
            "grants": [{"memberId": bob.id, "role": "viewer"}],
        }
        self.editions = count()
        self.before = copy.deepcopy(moto_table(depot.table.name).items)

    def reset(self) -> None:
        moto_table(self.depot.table.name).items = copy.deepcopy(self.before)

    def next_version(self) -> dict[str, Any]:
        """Writers of an object go on, whatever plugin it is about to be in."""
        return {"input": {"rawSourceText": f"{SKILL}Edition {next(self.editions)}."}}

    def create(self, **headers: str) -> Answer:
        return self.alice.post("/plugins", self.body, **headers)

    def create_and_stop(self, writes: int | None) -> int:
        """As many writes as it made."""
        life = Life(writes)
        self.listeners.append(life.spend)
        try:
            self.create(**KEY)
        except Stopped:
            pass
        finally:
            self.listeners.remove(life.spend)
        return life.used

    def sweep(self) -> None:
        self.clock.advance(minutes=10)
        self.depot.plugin_preparations.sweep()


@pytest.fixture
def stage(
    depot: Services,
    api_as: ApiAs,
    alice: Person,
    bob: Person,
    listeners: list[Listener],
    quick_moto: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    monkeypatch.setattr(plugin_preparations, "MAX_STEPS", STEPS)
    return Stage(depot, api_as, alice, bob, listeners)


def require_all_or_nothing(stage: Stage) -> list[Any]:
    """What Bob sees is the whole plugin or none; gives the plugins there are."""
    plugins = stage.bob.get("/plugins").items
    reached = [one.id for one in stage.bob.get("/me/access").items]
    resolved = stage.bob.get(f"/marketplaces/{stage.marketplace}/resolved")
    offered = stage.alice.get(f"/marketplaces/{stage.marketplace}/resolved").items
    assert [one.id for one in plugins] == reached == [one.pluginId for one in offered]
    assert [one.id for one in stage.alice.get("/plugins").items] == reached
    assert resolved.status == 404
    listed = {one.id for one in stage.alice.get("/config-objects?limit=100").items}
    for one in plugins:
        inside = stage.bob.get(f"/plugins/{one.id}/resolved?limit=100").items
        assert len(inside) == PRESENT + NEW
        assert all(stage.bob.get(f"/config-objects/{each.configObjectId}").status == 200 for each in inside[-NEW:])
        assert stage.bob.get(f"/config-objects/{stage.present[0]}").status == 200
    if not plugins:
        assert listed == set(stage.present)
        assert stage.bob.get(f"/config-objects/{stage.present[0]}").status == 404
    assert stage.alice.post(f"/config-objects/{stage.present[0]}/versions", stage.next_version()).status == 201
    return plugins


def require_whole_and_swept(stage: Stage, plugins: list[Any]) -> None:
    stage.sweep()
    assert len(require_all_or_nothing(stage)) == len(plugins)
    assert len(stage.alice.get("/config-objects?limit=100").items) == PRESENT + NEW * len(plugins)
    require_nothing_unfinished(stage.rows.items())
    require_nothing_dangles(stage.rows.items())


def test_a_creation_that_was_stopped_leaves_all_or_nothing(stage: Stage) -> None:
    writes = stage.create_and_stop(None)
    seen = []

    for point in range(writes):
        stage.reset()
        stage.create_and_stop(point)
        plugins = require_all_or_nothing(stage)
        require_whole_and_swept(stage, plugins)
        seen.append(len(plugins))

    assert writes > 8
    assert sorted(seen) == seen  # at one point it comes to be, as a whole
    assert set(seen) == {0, 1}


@pytest.mark.parametrize("headers", [{}, KEY], ids=["without a key", "under its key"])
def test_a_creation_that_was_stopped_can_be_repeated(stage: Stage, headers: dict[str, str]) -> None:
    writes = stage.create_and_stop(None)

    for point in range(writes):
        stage.reset()
        stage.create_and_stop(point)
        stage.clock.advance(seconds=31)  # until then its key is taken
        again = stage.create(**headers)
        (only,) = require_all_or_nothing(stage)
        assert again.status == 201 or (again.code == "name_taken" and only.id in again.json["detail"])
        require_whole_and_swept(stage, [only])


def test_what_takes_too_long_is_withdrawn_and_never_comes_to_be(stage: Stage) -> None:
    life = Life(3)

    def fall_asleep(model: Any) -> None:
        try:
            life.spend(model)
        except Stopped:
            stage.listeners.remove(fall_asleep)
            stage.sweep()

    stage.listeners.append(fall_asleep)

    answer = stage.create()

    assert (answer.status, answer.code) == (503, "unavailable")
    assert require_all_or_nothing(stage) == []
    require_whole_and_swept(stage, [])


def test_a_part_that_vanishes_meanwhile_takes_everything_with_it(stage: Stage) -> None:
    def vanish(model: Any) -> None:
        if model.name == "TransactWriteItems":
            stage.listeners.remove(vanish)
            stage.alice.post("/plugins", {"name": "reviews"})

    stage.listeners.append(vanish)

    answer = stage.create()

    assert (answer.status, answer.code) == (409, "name_taken")
    assert [one.name for one in stage.alice.get("/plugins").items] == ["reviews"]
    require_nothing_unfinished(stage.rows.items())
    require_nothing_dangles(stage.rows.items())
