"""The access table: every org role with every role on a resource, every action and every way in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import product
from typing import Any, cast

import pytest

from shared.domain.access import ORG_WIDE, Action, Actor, ActorKind, OrgRole, Role
from shared.domain.config_object import ConfigObject, ObjectStatus, SourceMode
from shared.domain.errors import DepotError, MissingRole, NotFound
from shared.domain.marketplace import MarketplaceView
from shared.domain.plugin import DeliveryMode, Plugin, PluginStatus
from shared.services.visibility import Visibility

AT = datetime(2026, 1, 1, tzinfo=UTC)
MEMBER, TEAM = "mem_1", "team_1"

ALLOWED = {
    Role.VIEWER: {Action.VIEW},
    Role.EDITOR: {Action.VIEW, Action.EDIT, Action.SYNC},
    Role.MANAGER: {Action.VIEW, Action.EDIT, Action.SYNC, Action.SHARE, Action.DISPOSE},
}


class WayIn(StrEnum):
    OWN = "own"
    TEAM = "team"
    ORG_WIDE = "org-wide"
    ACTIVE_PLUGIN = "active plugin"
    ARCHIVED_PLUGIN = "archived plugin"
    DELETED_PLUGIN = "deleted plugin"
    ACTIVE_MARKETPLACE = "active marketplace"
    ARCHIVED_MARKETPLACE = "archived marketplace"
    DELETED_MARKETPLACE = "deleted marketplace"
    ARCHIVED_PLUGIN_OF_MARKETPLACE = "archived plugin of an active marketplace"
    NONE = "none"


DIRECT = {WayIn.OWN: MEMBER, WayIn.TEAM: TEAM, WayIn.ORG_WIDE: ORG_WIDE}
PARENT = {
    WayIn.ACTIVE_PLUGIN: PluginStatus.ACTIVE,
    WayIn.ARCHIVED_PLUGIN: PluginStatus.ARCHIVED,
    WayIn.DELETED_PLUGIN: PluginStatus.DELETED,
}
GRANDPARENT = {
    WayIn.ACTIVE_MARKETPLACE: (PluginStatus.ACTIVE, PluginStatus.ACTIVE),
    WayIn.ARCHIVED_MARKETPLACE: (PluginStatus.ARCHIVED, PluginStatus.ACTIVE),
    WayIn.DELETED_MARKETPLACE: (PluginStatus.DELETED, PluginStatus.ACTIVE),
    WayIn.ARCHIVED_PLUGIN_OF_MARKETPLACE: (PluginStatus.ACTIVE, PluginStatus.ARCHIVED),
}
"""The marketplace's state, and that of the plugin in it."""
EVERY = list(product(OrgRole, Role, Action, WayIn))


class Shelf:
    """The plugins that a caller's objects are in, or the marketplaces of those, held in memory."""

    def __init__(self, *kept: Plugin | MarketplaceView) -> None:
        self.kept = {one.id: one for one in kept}

    def find_all(self, _org_id: str, ids: Iterable[str]) -> dict[str, Any]:
        return {each: self.kept[each] for each in ids if each in self.kept}

    find_views = find_all


def expected(org_role: OrgRole, role: Role, action: Action, way_in: WayIn) -> type[DepotError] | None:
    """What the table says: None for yes."""
    if org_role != OrgRole.MEMBER:
        return None
    if way_in in DIRECT:
        return None if action in ALLOWED[role] else MissingRole
    if way_in in (WayIn.ACTIVE_PLUGIN, WayIn.ACTIVE_MARKETPLACE):
        return None if action == Action.VIEW else MissingRole
    return NotFound


def answered(org_role: OrgRole, role: Role, action: Action, way_in: WayIn) -> type[DepotError] | None:
    """What the code says."""
    actor = Actor(ActorKind.MEMBER, "org_1", MEMBER, org_role, frozenset({TEAM}), MEMBER)
    plugin = Plugin(
        "plg_1",
        "org_1",
        "a",
        "a",
        PluginStatus.ACTIVE,
        DeliveryMode.ROLLING,
        AT,
        AT,
        "mem_2",
        marketplace_ids=frozenset({"mkt_1", "mkt_gone"}),
    )
    entity = ConfigObject(
        "cfg_1", "org_1", "skill", SourceMode.CLOUD, "a", "a", ObjectStatus.ACTIVE, AT, AT, "mem_2",
        plugin_ids=frozenset({"plg_1", "plg_gone"}), grants={"mem_2": Role.MANAGER},
    )  # fmt: skip
    if way_in in DIRECT:
        entity = replace(entity, grants={**entity.grants, DIRECT[way_in]: role})
    if way_in in PARENT:
        plugin = replace(plugin, status=PARENT[way_in], grants={MEMBER: role})
    marketplace = MarketplaceView("mkt_1", PluginStatus.ACTIVE, {"mem_2": Role.MANAGER})
    if way_in in GRANDPARENT:
        state, own_state = GRANDPARENT[way_in]
        plugin = replace(plugin, status=own_state)
        marketplace = replace(marketplace, status=state, grants={MEMBER: role})
    try:
        Visibility(cast(Any, Shelf(plugin)), cast(Any, Shelf(marketplace))).require(actor, action, entity)
    except DepotError as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(("org_role", "role", "action", "way_in"), EVERY, ids=lambda one: one.name.lower())
def test_access_is_as_the_table_says(org_role: OrgRole, role: Role, action: Action, way_in: WayIn) -> None:
    assert answered(org_role, role, action, way_in) == expected(org_role, role, action, way_in)
