"""Sharing: who may, with whom, how many, and never so that nobody manages any more."""

from collections.abc import Callable
from unittest.mock import patch

import pytest

from shared.bootstrap import Services
from shared.domain.access import ORG_WIDE, Action, Role
from shared.domain.errors import Conflict, MissingCapability, MissingRole, NotFound
from shared.domain.grant import Grant
from shared.domain.organization import MemberStatus
from shared.domain.plugin import Plugin
from shared.repositories.keys import member as member_key
from shared.services.plugins import PluginDraft
from tests.fixtures.people import Person
from tests.unit.services.conftest import ActorOf


@pytest.fixture
def plugin(depot: Services, actor_of: ActorOf, bob: Person) -> Plugin:
    """Bob's plugin."""
    return depot.plugins.create(actor_of(bob), PluginDraft("reviews"))


def rows(depot: Services) -> object:
    answer = depot.table.client.scan(TableName=depot.table.name)
    return sorted(answer["Items"], key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def grant_id(depot: Services, actor_of: ActorOf, manager: Person, plugin: Plugin, principal: str) -> str:
    grants = depot.plugin_grants.list_all(actor_of(manager), plugin.id)
    return next(grant.id for grant in grants if grant.principal == principal)


def test_a_grant_opens_at_once_and_closes_at_once(
    depot: Services, actor_of: ActorOf, plugin: Plugin, bob: Person, carol: Person
) -> None:
    grant = depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.EDITOR)
    opened = depot.plugins.get(actor_of(carol), plugin.id, Action.EDIT)
    removed = depot.plugin_grants.take_back(actor_of(bob), plugin.id, grant.id)

    assert opened.id == plugin.id
    assert removed.removed_at is not None
    with pytest.raises(NotFound):
        depot.plugins.get(actor_of(carol), plugin.id)


def test_a_team_lets_its_people_in(
    depot: Services, actor_of: ActorOf, plugin: Plugin, bob: Person, carol: Person, team_of: Callable[..., str]
) -> None:
    depot.plugin_grants.give(actor_of(bob), plugin.id, team_of(carol), Role.VIEWER)

    assert depot.plugins.get(actor_of(carol), plugin.id).id == plugin.id


def test_a_pair_has_one_grant_however_often_it_is_given_and_taken(
    depot: Services, actor_of: ActorOf, plugin: Plugin, bob: Person, carol: Person
) -> None:
    give, take = depot.plugin_grants.give, depot.plugin_grants.take_back
    first = give(actor_of(bob), plugin.id, carol.id, Role.VIEWER)
    again = give(actor_of(bob), plugin.id, carol.id, Role.VIEWER)
    take(actor_of(bob), plugin.id, first.id)
    take(actor_of(bob), plugin.id, first.id)
    third = give(actor_of(bob), plugin.id, carol.id, Role.EDITOR)

    assert first == again
    assert (third.id, third.role, third.removed_at) == (first.id, Role.EDITOR, None)
    assert len(depot.plugin_grants.list_all(actor_of(bob), plugin.id)) == 2


def test_only_managers_share(depot: Services, actor_of: ActorOf, plugin: Plugin, bob: Person, carol: Person) -> None:
    depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.EDITOR)

    with pytest.raises(MissingRole):
        depot.plugin_grants.give(actor_of(carol), plugin.id, carol.id, Role.MANAGER)
    with pytest.raises(MissingRole):
        depot.plugin_grants.list_all(actor_of(carol), plugin.id)


def test_sharing_with_the_whole_org_is_for_its_admins(
    depot: Services, actor_of: ActorOf, plugin: Plugin, alice: Person, bob: Person
) -> None:
    with pytest.raises(MissingCapability):
        depot.plugin_grants.give(actor_of(bob), plugin.id, ORG_WIDE, Role.VIEWER)

    assert depot.plugin_grants.give(actor_of(alice), plugin.id, ORG_WIDE, Role.VIEWER).principal == ORG_WIDE


def test_whom_this_org_does_not_know_is_not_found_and_nothing_is_written(
    depot: Services, actor_of: ActorOf, plugin: Plugin, bob: Person, mallory: Person, team_of: Callable[..., str]
) -> None:
    strangers = [mallory.id, team_of(mallory), "mem_nobody", "team_none", "someone"]
    before = rows(depot)

    for stranger in strangers:
        with pytest.raises(NotFound):
            depot.plugin_grants.give(actor_of(bob), plugin.id, stranger, Role.VIEWER)

    assert rows(depot) == before


def test_who_was_removed_is_given_nothing_more(
    depot: Services, actor_of: ActorOf, plugin: Plugin, bob: Person, carol: Person
) -> None:
    with depot.begin().as_upkeep() as work:
        work.update(member_key(carol.id), assign={"status": MemberStatus.REMOVED})

    with pytest.raises(NotFound, match="No such member"):
        depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.VIEWER)


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.EDITOR])
def test_the_last_manager_stays(
    depot: Services, actor_of: ActorOf, plugin: Plugin, bob: Person, carol: Person, role: Role | None
) -> None:
    depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.EDITOR)

    with pytest.raises(Conflict, match="last manager"):
        lower(depot, actor_of, bob, plugin, bob, role)

    assert depot.plugins.get(actor_of(bob), plugin.id).grants == {bob.id: Role.MANAGER, carol.id: Role.EDITOR}


@pytest.mark.parametrize("role", [None, Role.VIEWER])
def test_one_of_two_managers_may_go_and_an_admin_may_remove_the_last(
    depot: Services, actor_of: ActorOf, plugin: Plugin, alice: Person, bob: Person, carol: Person, role: Role | None
) -> None:
    depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.MANAGER)

    lower(depot, actor_of, bob, plugin, bob, role)
    lower(depot, actor_of, alice, plugin, carol, role)

    assert Role.MANAGER not in depot.plugins.get(actor_of(alice), plugin.id).grants.values()


def lower(depot: Services, actor_of: ActorOf, manager: Person, plugin: Plugin, whom: Person, role: Role | None) -> None:
    """Give a lower role, or take the grant back."""
    if role is not None:
        depot.plugin_grants.give(actor_of(manager), plugin.id, whom.id, role)
    else:
        known = grant_id(depot, actor_of, manager, plugin, whom.id)
        depot.plugin_grants.take_back(actor_of(manager), plugin.id, known)


def test_a_full_list_of_grants_says_what_to_do_instead(
    depot: Services, actor_of: ActorOf, plugin: Plugin, bob: Person, carol: Person, team_of: Callable[..., str]
) -> None:
    team = team_of(carol)
    with patch("shared.services.grants.MAX_GRANTS", 2):
        depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.VIEWER)
        depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.EDITOR)

        with pytest.raises(Conflict, match="share with a team"):
            depot.plugin_grants.give(actor_of(bob), plugin.id, team, Role.VIEWER)


def test_grants_that_changed_meanwhile_are_decided_anew(
    depot: Services,
    actor_of: ActorOf,
    plugin: Plugin,
    bob: Person,
    carol: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    depot.plugin_grants.give(actor_of(bob), plugin.id, carol.id, Role.MANAGER)
    bobs, carols = (grant_id(depot, actor_of, bob, plugin, one.id) for one in (bob, carol))
    list_all = depot.plugin_grants.grants.list_all

    def overtaken(org_id: str, plugin_id: str) -> list[Grant]:
        """Carol takes Bob's grant back when Bob has decided about hers and not yet written."""
        depot.plugin_grants.grants.list_all = list_all  # type: ignore[method-assign]  # this once
        found = list_all(org_id, plugin_id)
        depot.plugin_grants.take_back(actor_of(carol), plugin_id, bobs)
        return found

    actor = actor_of(bob)
    with monkeypatch.context() as patched:
        patched.setattr(depot.plugin_grants.grants, "list_all", overtaken)
        with pytest.raises(NotFound):
            depot.plugin_grants.take_back(actor, plugin.id, carols)

    assert depot.plugins.get(actor_of(carol), plugin.id).grants == {carol.id: Role.MANAGER}
