"""Plugins: who may create them, what their names exclude, and what belongs to them."""

import pytest

from shared.bootstrap import Services
from shared.domain.access import ORG_WIDE, Action, Capability, OrgRole, Role
from shared.domain.errors import Invalid, MissingCapability, MissingRole, NameTaken, NotFound, Stale
from shared.domain.paging import PageRequest
from shared.domain.plugin import Plugin
from shared.repositories.keys import organization as organization_key
from shared.services.plugins import PluginDraft
from tests.fixtures.people import Person
from tests.unit.services.conftest import ActorOf
from tests.unit.services.test_visibility import create_skill


def create(depot: Services, actor_of: ActorOf, person: Person, name: str = "reviews") -> Plugin:
    return depot.plugins.create(actor_of(person), PluginDraft(name))


def test_a_creator_manages_what_nobody_else_sees(
    depot: Services, actor_of: ActorOf, bob: Person, carol: Person
) -> None:
    created = create(depot, actor_of, bob)

    assert depot.plugins.get(actor_of(bob), created.id, Action.DISPOSE) == created
    with pytest.raises(NotFound):
        depot.plugins.get(actor_of(carol), created.id)


def test_another_org_finds_nothing(depot: Services, actor_of: ActorOf, bob: Person, mallory: Person) -> None:
    created = create(depot, actor_of, bob)

    with pytest.raises(NotFound):
        depot.plugins.get(actor_of(mallory), created.id)
    assert not depot.plugins.list_page(actor_of(mallory), PageRequest()).items


def test_members_create_none_where_the_org_keeps_it_for_admins(
    depot: Services, actor_of: ActorOf, alice: Person, bob: Person
) -> None:
    with depot.begin() as work:
        settings = {Capability.PLUGIN_CREATE: OrgRole.ADMIN}
        work.update(organization_key(bob.org_id), assign={"settings": settings})

    with pytest.raises(MissingCapability):
        create(depot, actor_of, bob)
    assert create(depot, actor_of, alice).name == "reviews"


def test_a_name_is_taken_per_creator_whatever_its_case(
    depot: Services, actor_of: ActorOf, bob: Person, carol: Person
) -> None:
    first = create(depot, actor_of, bob)

    with pytest.raises(NameTaken) as taken:
        create(depot, actor_of, bob, "Reviews")

    assert taken.value.existing_id == first.id
    assert create(depot, actor_of, carol).id != first.id


@pytest.mark.parametrize(
    "name", ["", " reviews", "-reviews", "a/b", "ümlaut", "a" * 129, "npm", "Claudeai-x", "CON", "lpt1.tools"]
)
def test_names_that_clients_refuse_are_refused_first(
    depot: Services, actor_of: ActorOf, bob: Person, name: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create(depot, actor_of, bob, name)

    assert [error.path for error in refused.value.errors] == ["name"]


def test_an_update_answers_with_what_is_stored(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    created = create(depot, actor_of, bob)

    updated = depot.plugins.update(actor_of(bob), created.id, {"description": "Reviews."}, created.revision)

    assert updated == depot.plugins.get(actor_of(bob), created.id)
    assert (updated.description, updated.revision) == ("Reviews.", created.revision + 1)


def test_an_older_state_cannot_be_updated(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    created = create(depot, actor_of, bob)
    depot.plugins.update(actor_of(bob), created.id, {"description": "Newer."})

    with pytest.raises(Stale):
        depot.plugins.update(actor_of(bob), created.id, {"description": "Older."}, created.revision)


def test_pages_of_a_member_hold_what_is_granted_by_any_way_in_once(
    depot: Services, actor_of: ActorOf, alice: Person, bob: Person
) -> None:
    plugins = [create(depot, actor_of, alice, f"p{number}") for number in range(7)]
    for plugin in plugins[:5]:
        depot.plugin_grants.give(actor_of(alice), plugin.id, bob.id, Role.VIEWER)
    for plugin in plugins[3:6]:
        depot.plugin_grants.give(actor_of(alice), plugin.id, ORG_WIDE, Role.VIEWER)
    seen: list[str] = []

    page = depot.plugins.list_page(actor_of(bob), PageRequest(2))
    while page.items:
        seen += [one.plugin.id for one in page.items]
        page = depot.plugins.list_page(actor_of(bob), PageRequest(2, seen[-1]))

    assert seen == sorted(plugin.id for plugin in plugins[:6])


def test_a_removed_member_can_be_added_again(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    actor, plugin = actor_of(bob), create(depot, actor_of, bob)
    entity = create_skill(depot, actor_of, bob, "a")

    depot.plugins.add_member(actor, plugin.id, entity.id)
    depot.plugins.remove_member(actor, plugin.id, entity.id)
    removed = depot.plugins.list_members(actor, plugin.id, PageRequest()).items
    depot.plugins.add_member(actor, plugin.id, entity.id)

    members = depot.plugins.list_members(actor, plugin.id, PageRequest()).items
    assert removed == []
    assert [one.config_object.id for one in members] == [entity.id]
    assert members[0].config_object.plugin_ids == frozenset({plugin.id})


def test_what_is_only_shown_through_a_plugin_cannot_be_published_further(
    depot: Services, actor_of: ActorOf, alice: Person, bob: Person
) -> None:
    theirs, mine = create(depot, actor_of, alice, "theirs"), create(depot, actor_of, bob, "mine")
    depot.plugin_grants.give(actor_of(alice), theirs.id, bob.id, Role.EDITOR)
    entity = create_skill(depot, actor_of, alice, "a", theirs.id)

    with pytest.raises(MissingRole, match="needs a grant of your own"):
        depot.plugins.add_member(actor_of(bob), mine.id, entity.id)


def test_a_new_object_joins_a_plugin_that_is_named_twice_once(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    plugin = create(depot, actor_of, bob)

    entity = create_skill(depot, actor_of, bob, "a", plugin.id, plugin.id)

    members = depot.plugins.list_members(actor_of(bob), plugin.id, PageRequest()).items
    assert [one.config_object.id for one in members] == [entity.id]


def test_every_change_of_content_is_counted(depot: Services, actor_of: ActorOf, bob: Person) -> None:
    actor, plugin = actor_of(bob), create(depot, actor_of, bob)
    entity = create_skill(depot, actor_of, bob, "a")

    depot.plugins.add_member(actor, plugin.id, entity.id)
    depot.plugins.add_member(actor, plugin.id, entity.id)
    depot.plugins.remove_member(actor, plugin.id, entity.id)
    depot.plugins.remove_member(actor, plugin.id, entity.id)

    assert depot.plugins.get(actor, plugin.id).content_version == 2
