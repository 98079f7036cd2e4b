"""Thirty-two writers at once: strict order, nothing lost, and one winner where one is promised."""

import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from shared.bootstrap import Services, utc_now
from shared.domain.access import Role
from shared.domain.config_object import ConfigObject, ObjectStatus, SourceMode, Version
from shared.domain.errors import Conflict, DepotError, NameTaken, NotFound, RequestInProgress
from shared.domain.paging import PageRequest
from shared.domain.plugin import Plugin, PluginMembership
from shared.domain.staleness import FedPlugin
from shared.repositories.idempotency import KeptAnswer
from shared.services.config_objects import ObjectDraft
from shared.services.drafts import ContentDraft
from shared.services.mint import Mint
from shared.services.plugins import PluginDraft
from tests.fixtures.people import Person
from tests.unit.services.conftest import ActorOf

WRITERS = 32
SKILL = "---\nname: review\ndescription: Reviews code.\n---\nEdition {0}.\n"

# The table in memory answers one request at a time, as DynamoDB puts the writers of one item in a row: what races is
# everything of ours between two requests.
pytestmark = pytest.mark.usefixtures("quick_moto")


@pytest.fixture(autouse=True)
def _eager_switching() -> Iterator[None]:
    """Threads take turns ten times as often as usual, so that more of what can interleave does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 10)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def wayward_clock(depot: Services) -> None:
    """Every reading is up to an hour off, as if each writer ran on a machine of its own."""

    def now() -> datetime:
        return utc_now() + timedelta(seconds=random.randint(-3600, 3600))

    depot.mint = Mint(now, depot.mint.random_bits)


def race(write: Callable[[int], object], writers: int = WRITERS) -> list[object]:
    """What each writer got, an answer or a refusal; all start at once."""
    start = Barrier(writers, timeout=30)

    def run(number: int) -> object:
        start.wait()
        try:
            return write(number)
        except DepotError as refusal:
            return refusal

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(run, range(writers)))


def create_skill(depot: Services, actor_of: ActorOf, person: Person, *plugin_ids: str) -> ConfigObject:
    draft = ObjectDraft("skill", SourceMode.CLOUD, ContentDraft(SKILL.format("first")), plugin_ids)
    return depot.config_objects.create(actor_of(person), draft)


def history(depot: Services, actor_of: ActorOf, person: Person, entity: ConfigObject) -> list[Version]:
    """Oldest first."""
    page = depot.config_objects.list_versions(actor_of(person), entity.id, PageRequest(100))
    return list(reversed(page.items))


@pytest.mark.usefixtures("wayward_clock")
def test_versions_of_one_object_are_put_in_a_row_and_none_is_lost(
    depot: Services, actor_of: ActorOf, bob: Person
) -> None:
    entity, actor = create_skill(depot, actor_of, bob), actor_of(bob)

    def write(number: int) -> str:
        draft = ContentDraft(SKILL.format(number))
        return depot.config_objects.create_version(actor, entity.id, draft, None, None).version.id

    written = race(write)

    versions, current = history(depot, actor_of, bob, entity), depot.config_objects.get(actor, entity.id)
    assert sorted(map(str, written)) == [version.id for version in versions[1:]]
    assert len(set(written)) == WRITERS
    assert current.revision == entity.revision + WRITERS
    assert (current.head_version_id, current.head_digest) == (versions[-1].id, versions[-1].digest)
    assert [version.created_at for version in versions] == sorted(version.created_at for version in versions)


def test_of_writers_that_saw_the_same_state_one_writes(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    entity, actor = create_skill(depot, actor_of, bob), actor_of(bob)

    def write(number: int) -> str:
        draft = ContentDraft(SKILL.format(number))
        return depot.config_objects.create_version(actor, entity.id, draft, None, entity.revision).version.id

    written = [one for one in race(write) if not isinstance(one, DepotError)]

    assert written == [version.id for version in history(depot, actor_of, bob, entity)[1:]]
    assert len(written) == 1


def test_equal_content_from_all_sides_becomes_one_version(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    entity, actor = create_skill(depot, actor_of, bob), actor_of(bob)

    def write(_: int) -> str:
        draft = ContentDraft(SKILL.format("second"))
        return depot.config_objects.create_version(actor, entity.id, draft, None, None).version.id

    written = race(write)

    assert len(set(written)) == 1
    assert len(history(depot, actor_of, bob, entity)) == 2


def test_of_creators_of_one_name_one_wins_and_the_others_are_told_which(
    depot: Services, actor_of: ActorOf, bob: Person
) -> None:
    actor = actor_of(bob)

    answers = race(lambda _: depot.plugins.create(actor, PluginDraft("reviews")))

    (winner,) = [one for one in answers if isinstance(one, Plugin)]
    taken = [one.existing_id for one in answers if isinstance(one, NameTaken)]
    assert taken == [winner.id] * (WRITERS - 1)
    assert depot.plugins.list_page(actor, PageRequest(100)).items == [FedPlugin(winner, {})]


def test_one_pair_has_one_membership(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    actor, plugin = actor_of(bob), depot.plugins.create(actor_of(bob), PluginDraft("reviews"))
    entity = create_skill(depot, actor_of, bob)

    answers = race(lambda _: depot.plugins.add_member(actor, plugin.id, entity.id))

    members = depot.plugins.list_members(actor, plugin.id, PageRequest()).items
    assert all(isinstance(one, PluginMembership) for one in answers)
    assert [one.config_object.id for one in members] == [entity.id]
    assert members[0].config_object.plugin_ids == frozenset({plugin.id})


def test_adding_and_removing_at_once_ends_in_one_of_the_two(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    actor, plugin = actor_of(bob), depot.plugins.create(actor_of(bob), PluginDraft("reviews"))
    entity = create_skill(depot, actor_of, bob, plugin.id)
    verbs = [depot.plugins.add_member, depot.plugins.remove_member]

    race(lambda number: verbs[number % 2](actor, plugin.id, entity.id))

    members = depot.plugins.list_members(actor, plugin.id, PageRequest()).items
    carried = depot.config_objects.get(actor, entity.id).plugin_ids
    assert carried == frozenset(plugin.id for _ in members)


def test_no_change_of_a_plugins_content_goes_uncounted(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    actor, plugin = actor_of(bob), depot.plugins.create(actor_of(bob), PluginDraft("reviews"))
    entities = [create_skill(depot, actor_of, bob) for _ in range(8)]

    race(lambda number: depot.plugins.add_member(actor, plugin.id, entities[number].id), writers=8)

    assert depot.plugins.get(actor, plugin.id).content_version == 8


def test_one_idempotency_key_lets_one_request_through(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    actor, idempotency = actor_of(bob), depot.idempotency

    answers = race(lambda _: idempotency.start(actor, "key", b"request"))

    assert answers.count(None) == 1
    assert sum(isinstance(one, RequestInProgress) for one in answers) == WRITERS - 1


def test_a_finished_request_is_replayed_to_everybody(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    actor, idempotency = actor_of(bob), depot.idempotency
    idempotency.start(actor, "key", b"request")
    idempotency.finish(actor, "key", 201, "{}")

    answers = race(lambda _: idempotency.start(actor, "key", b"request"))

    assert [one.status for one in answers if isinstance(one, KeptAnswer)] == [201] * WRITERS


def test_managers_who_remove_each_other_leave_one(
    depot: Services, actor_of: ActorOf, bob: Person, carol: Person
) -> None:
    plugin = depot.plugins.create(actor_of(bob), PluginDraft("reviews"))
    depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.MANAGER)
    grants = {one.principal: one.id for one in depot.plugin_grants.list_all(actor_of(bob), plugin.id)}
    actors, others = [actor_of(bob), actor_of(carol)], [grants[carol.id], grants[bob.id]]

    refused = race(lambda n: depot.plugin_grants.take_back(actors[n % 2], plugin.id, others[n % 2]))

    left = depot.plugins.plugins.find(bob.org_id, plugin.id)
    assert left is not None
    assert list(left.grants.values()) == [Role.MANAGER]
    assert all(isinstance(one, NotFound | Conflict) for one in refused if isinstance(one, DepotError))


def test_a_principal_that_is_given_roles_from_all_sides_has_one_grant(
    depot: Services, actor_of: ActorOf, bob: Person, carol: Person
) -> None:
    plugin, actor = depot.plugins.create(actor_of(bob), PluginDraft("reviews")), actor_of(bob)

    race(lambda n: depot.plugin_grants.give(actor, plugin.id, carol.id, list(Role)[n % 3]))

    grants = {one.principal: one.role for one in depot.plugin_grants.list_all(actor, plugin.id)}
    assert depot.plugins.get(actor, plugin.id).grants == grants


def test_of_changes_upon_one_state_one_is_made(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    server = '{"mcpServers": {"search": {"command": "search-server"}}}'
    actor, draft = actor_of(bob), ObjectDraft("mcp", SourceMode.CLOUD, ContentDraft(server))
    entity = depot.config_objects.create(actor, draft)

    def describe(number: int) -> ConfigObject:
        return depot.object_metadata.update(actor, entity.id, {"description": f"Edition {number}"}, entity.revision)

    made = [one for one in race(describe) if isinstance(one, ConfigObject)]

    assert [one.description for one in made] == [depot.config_objects.get(actor, entity.id).description]


@pytest.mark.usefixtures("wayward_clock")
def test_writers_deleters_and_restorers_leave_one_whole_history(
    depot: Services, actor_of: ActorOf, bob: Person
) -> None:
    entity, actor = create_skill(depot, actor_of, bob), actor_of(bob)
    verbs = [depot.object_lifecycle.delete, depot.object_lifecycle.restore, depot.object_lifecycle.archive]

    def act(number: int) -> object:
        if number % 4 == 3:
            draft = ContentDraft(SKILL.format(number))
            return depot.config_objects.create_version(actor, entity.id, draft, None, None)
        return verbs[number % 4](actor, entity.id)

    refused = [one for one in race(act) if isinstance(one, DepotError)]

    versions, current = history(depot, actor_of, bob, entity), depot.config_objects.get(actor, entity.id)
    ids = [version.id for version in versions]
    assert all(isinstance(one, Conflict) for one in refused)
    assert ids == sorted(set(ids))
    assert current.latest_version_id == ids[-1]
    assert (current.status == ObjectStatus.DELETED) == versions[-1].is_deletion


def test_one_idempotency_key_makes_one_object_however_often_it_is_sent(
    depot: Services, actor_of: ActorOf, bob: Person
) -> None:
    actor, idempotency = actor_of(bob), depot.idempotency

    def send(_: int) -> str:
        """As a request does; a function answers one at a time, so the race is between the use cases."""
        kept = idempotency.start(actor, "key", b"request")
        if kept is not None:
            return kept.body
        entity = create_skill(depot, actor_of, bob)
        idempotency.finish(actor, "key", 201, entity.id)
        return entity.id

    answers = race(send)

    made = {one for one in answers if isinstance(one, str)}
    assert len(made) == 1
    assert all(isinstance(one, str | RequestInProgress) for one in answers)
    assert set(depot.object_rows.list_ids(bob.org_id, None, 10).items) == made
