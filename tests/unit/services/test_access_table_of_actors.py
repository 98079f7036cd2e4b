"""The access table for those who are no person, and for plugins that a marketplace shows."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import product
from typing import Any, cast

import pytest

from shared.domain.access import NEEDED_ROLE, ORG_WIDE, Action, Actor, ActorKind, OrgRole, Role, require
from shared.domain.errors import DepotError, MissingRole, NotFound
from shared.domain.lifecycle import Lifecycle
from shared.domain.marketplace import MarketplaceView
from shared.domain.plugin import DeliveryMode, Plugin
from shared.services.visibility import Visibility

AT = datetime(2026, 1, 1, tzinfo=UTC)
OWN, TEAM, TOKEN = "mem_1", "team_1", "tok_1"
TEAMS = frozenset({TEAM})

ACTORS = {
    "service token": (Actor(ActorKind.SERVICE, "org_1", TOKEN), {TOKEN, ORG_WIDE}),
    "member's delivery token": (
        Actor(ActorKind.DELIVERY, "org_1", TOKEN, OrgRole.MEMBER, TEAMS, OWN),
        {OWN, TEAM, ORG_WIDE},
    ),
    "team's delivery token": (Actor(ActorKind.DELIVERY, "org_1", TOKEN, team_ids=TEAMS), {TOKEN, TEAM, ORG_WIDE}),
    "connector": (Actor(ActorKind.CONNECTOR, "org_1", "cin_1"), set()),
}
"""Each with the principals whose grants reach it."""

KINDS = ("config object", "plugin", "marketplace", "connector instance")


def refused(actor: Actor, action: Action, kind: str, principal: str, role: Role) -> type[DepotError] | None:
    try:
        require(actor, action, kind, {"mem_2": Role.MANAGER, principal: role})
    except DepotError as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_grant_reaches_whom_it_names_and_gives_a_token_what_its_kind_allows(name: str, kind: str) -> None:
    actor, reached = ACTORS[name]

    for principal, role, action in product((OWN, TEAM, TOKEN, ORG_WIDE, "mem_3"), Role, Action):
        has = Role.VIEWER if actor.kind == ActorKind.DELIVERY else role
        expected = NotFound if principal not in reached else None if has >= NEEDED_ROLE[action] else MissingRole
        assert refused(actor, action, kind, principal, role) == expected, (principal, role, action)


@pytest.mark.parametrize("org_role", [OrgRole.OWNER, OrgRole.ADMIN])
@pytest.mark.parametrize("kind", KINDS)
def test_a_service_token_of_admins_manages_and_their_delivery_token_reads(org_role: OrgRole, kind: str) -> None:
    service = Actor(ActorKind.SERVICE, "org_1", TOKEN, org_role)
    delivery = Actor(ActorKind.DELIVERY, "org_1", TOKEN, org_role, TEAMS, OWN)

    for action in Action:
        assert refused(service, action, kind, "mem_3", Role.VIEWER) is None
        expected = None if action == Action.VIEW else MissingRole
        assert refused(delivery, action, kind, "mem_3", Role.VIEWER) == expected


class Shelf:
    """The marketplaces that a plugin is in, held in memory."""

    def __init__(self, *kept: MarketplaceView) -> None:
        self.kept = {one.id: one for one in kept}

    def find_views(self, _org_id: str, ids: Iterable[str]) -> dict[str, MarketplaceView]:
        return {each: self.kept[each] for each in ids if each in self.kept}


@pytest.mark.parametrize(("shop", "state"), list(product(Lifecycle, Lifecycle)))
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("principal", [OWN, TEAM, ORG_WIDE])
def test_an_active_marketplace_shows_active_plugins_and_lets_nobody_edit_them(
    shop: Lifecycle, state: Lifecycle, role: Role, principal: str
) -> None:
    actor = Actor(ActorKind.MEMBER, "org_1", OWN, OrgRole.MEMBER, TEAMS, OWN)
    plugin = Plugin(
        "plg_1", "org_1", "a", "a", state, DeliveryMode.ROLLING, AT, AT, "mem_2", marketplace_ids=frozenset({"mkt_1"})
    )
    marketplace = MarketplaceView("mkt_1", shop, {principal: role})
    visibility = Visibility(cast(Any, None), cast(Any, Shelf(marketplace)))

    for action in Action:
        shown = shop == state == Lifecycle.ACTIVE
        expected = NotFound if not shown else None if action == Action.VIEW else MissingRole
        found = visibility.refused_plugins(actor, action, [plugin]).get("plg_1")
        assert (type(found) if found else None) == expected
