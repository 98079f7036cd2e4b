"""Thirty-two writers at once for one place: in a team, in a marketplace."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.paging import PageRequest
from shared.services.marketplaces import MarketplaceDraft
from shared.services.plugins import PluginDraft
from tests.fixtures.people import Person
from tests.unit.services.conftest import ActorOf
from tests.unit.services.test_races import race

# As in the other races: the table answers one request at a time, what races is everything of ours in between.
pytestmark = pytest.mark.usefixtures("quick_moto")


def in_turn(*verbs: Callable[..., Any]) -> Callable[..., Callable[[int], object]]:
    """Each writer takes the next of the verbs."""
    return lambda *arguments: lambda number: verbs[number % len(verbs)](*arguments)


@pytest.mark.parametrize("leaving", [False, True])
def test_both_sides_of_a_team_s_membership_say_the_same(
    depot: Services, actor_of: ActorOf, alice: Person, bob: Person, leaving: bool
) -> None:
    actor, teams = actor_of(alice), depot.teams
    team = teams.create(actor, "Reviewers")
    verbs = [teams.add_member, teams.remove_member] if leaving else [teams.add_member]

    race(in_turn(*verbs)(actor, team.id, bob.id))

    listed = [one.id for one in teams.list_members(actor, team.id, PageRequest()).items]
    carried = depot.members.get(actor, bob.id).team_ids
    assert carried == frozenset(team.id for _ in listed)
    assert listed in ([bob.id], []) if leaving else listed == [bob.id]


@pytest.mark.parametrize("leaving", [False, True])
def test_both_sides_of_a_marketplace_s_membership_say_the_same(
    depot: Services, actor_of: ActorOf, alice: Person, leaving: bool
) -> None:
    actor, held = actor_of(alice), depot.marketplace_plugins
    marketplace = depot.marketplaces.create(actor, MarketplaceDraft("tools"))
    plugin = depot.plugins.create(actor, PluginDraft("reviews"))
    verbs = [held.add_plugin, held.remove_plugin] if leaving else [held.add_plugin]

    race(in_turn(*verbs)(actor, marketplace.id, plugin.id))

    listed = depot.marketplaces.get(actor, marketplace.id).plugin_ids
    carried = depot.plugins.get(actor, plugin.id).marketplace_ids
    assert carried == frozenset(marketplace.id for _ in listed)
    assert listed <= {plugin.id} if leaving else listed == {plugin.id}
