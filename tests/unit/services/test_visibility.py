"""What a page of objects costs and shows beside each object's own grants."""

from shared.bootstrap import Services
from shared.domain.access import Action, Role
from shared.domain.config_object import ConfigObject, SourceMode
from shared.domain.paging import PageRequest
from shared.services.config_objects import ObjectDraft
from shared.services.drafts import ContentDraft
from shared.services.plugins import PluginDraft
from tests.fixtures.calls import Calls
from tests.fixtures.people import Person
from tests.unit.services.conftest import ActorOf

SKILL = "---\nname: {0}\ndescription: Reviews code.\n---\nSay what is wrong with {0}.\n"


def create_skill(depot: Services, actor_of: ActorOf, person: Person, name: str, *plugin_ids: str) -> ConfigObject:
    content = ContentDraft(SKILL.format(name))
    return depot.config_objects.create(actor_of(person), ObjectDraft("skill", SourceMode.CLOUD, content, plugin_ids))


def test_one_batch_of_plugins_serves_a_whole_page(
    calls: Calls, depot: Services, actor_of: ActorOf, alice: Person, bob: Person
) -> None:
    shown = depot.plugins.create(actor_of(alice), PluginDraft("shown"))
    hidden = depot.plugins.create(actor_of(alice), PluginDraft("hidden"))
    depot.plugin_grants.give(actor_of(alice), shown.id, bob.id, Role.VIEWER)
    ours = create_skill(depot, actor_of, bob, "ours")
    theirs = [create_skill(depot, actor_of, alice, one, plugin.id) for one, plugin in (("a", shown), ("b", hidden))]
    actor = actor_of(bob)

    with calls.counting() as cost:
        seen = depot.visibility.visible(actor, [ours, *theirs])

    assert [one.id for one in seen] == [ours.id, theirs[0].id]
    assert dict(cost.operations) == {"dynamodb.BatchGetItem": 1}


def test_what_its_own_grants_show_costs_no_read(
    calls: Calls, depot: Services, actor_of: ActorOf, alice: Person, bob: Person
) -> None:
    plugin = depot.plugins.create(actor_of(bob), PluginDraft("reviews"))
    ours = create_skill(depot, actor_of, bob, "ours", plugin.id)

    actors = [actor_of(bob), actor_of(alice)]

    with calls.counting() as cost:
        for actor in actors:
            depot.visibility.require(actor, Action.DISPOSE, ours)
    assert cost.dynamodb == 0


def test_a_plugin_shows_but_never_lets_edit(depot: Services, actor_of: ActorOf, alice: Person, bob: Person) -> None:
    plugin = depot.plugins.create(actor_of(alice), PluginDraft("reviews"))
    depot.plugin_grants.give(actor_of(alice), plugin.id, bob.id, Role.MANAGER)
    entity = create_skill(depot, actor_of, alice, "a", plugin.id)

    assert depot.visibility.visible(actor_of(bob), [entity]) == [entity]
    assert not depot.visibility.may_edit(actor_of(bob), entity)
    assert depot.plugins.list_members(actor_of(bob), plugin.id, PageRequest()).items
