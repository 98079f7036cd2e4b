"""Who may do what: each kind of actor, each capability. Roles on resources are one table in test_access_table."""

from itertools import product

import pytest

from shared.domain.access import (
    NEEDED_ROLE,
    ORG_WIDE,
    SETTABLE,
    Action,
    Actor,
    ActorKind,
    Capability,
    OrgRole,
    Role,
    effective_role,
    has_capability,
    require,
    require_capability,
    require_connector,
    strongest,
)
from shared.domain.errors import MissingCapability, MissingRole, NotFound

OWN, TEAM = "mem_1", "team_1"
GRANTED = {OWN: Role.MANAGER, TEAM: Role.MANAGER, "tok_1": Role.EDITOR, ORG_WIDE: Role.VIEWER}


def member(role: OrgRole = OrgRole.MEMBER) -> Actor:
    return Actor(ActorKind.MEMBER, "org_1", OWN, role, frozenset({TEAM}), OWN)


def delivery(role: OrgRole | None = OrgRole.MEMBER) -> Actor:
    return Actor(ActorKind.DELIVERY, "org_1", "tok_1", role, frozenset({TEAM}), OWN)


SERVICE = Actor(ActorKind.SERVICE, "org_1", "tok_1")
CONNECTOR = Actor(ActorKind.CONNECTOR, "org_1", "cin_1")
SYSTEM = Actor(ActorKind.SYSTEM, "org_1", "system")


def test_every_action_needs_the_role_of_the_table() -> None:
    needed = {action.value: role.word for action, role in NEEDED_ROLE.items()}

    assert needed == {
        "view": "viewer",
        "edit": "editor",
        "sync": "editor",
        "share": "manager",
        "dispose": "manager",
    }


def test_the_strongest_way_in_wins() -> None:
    grants = {OWN: Role.VIEWER, TEAM: Role.EDITOR, ORG_WIDE: Role.VIEWER}

    assert strongest(member(), grants) == Role.EDITOR


@pytest.mark.parametrize("role", [None, *OrgRole])
@pytest.mark.parametrize("grants", [GRANTED, {OWN: Role.EDITOR}, {TEAM: Role.MANAGER}, {ORG_WIDE: Role.EDITOR}])
def test_a_delivery_token_reads_whoever_it_acts_for(role: OrgRole | None, grants: dict[str, Role]) -> None:
    assert strongest(delivery(role), grants) == Role.VIEWER


def test_a_delivery_token_sees_no_more_than_its_member() -> None:
    assert strongest(delivery(), {"mem_2": Role.MANAGER, "team_2": Role.MANAGER}) is None


def test_a_service_token_has_its_own_grants_and_no_persons() -> None:
    assert strongest(SERVICE, GRANTED) == Role.EDITOR
    assert strongest(SERVICE, {OWN: Role.MANAGER, TEAM: Role.MANAGER}) is None
    assert strongest(SERVICE, {ORG_WIDE: Role.VIEWER}) == Role.VIEWER


def test_no_grant_and_no_parent_reaches_the_connector() -> None:
    grants = {"cin_1": Role.MANAGER, ORG_WIDE: Role.MANAGER}

    assert effective_role(CONNECTOR, grants, [grants]) is None


def test_the_platforms_operator_manages_everything() -> None:
    assert strongest(SYSTEM, {}) == Role.MANAGER
    assert all(has_capability(SYSTEM, capability) for capability in Capability)


@pytest.mark.parametrize("actor", [member(), member(OrgRole.OWNER), SERVICE, SYSTEM, delivery()])
def test_nobody_but_the_connector_writes_connector_objects(actor: Actor) -> None:
    require_connector(CONNECTOR)

    with pytest.raises(MissingCapability):
        require_connector(actor)


@pytest.mark.parametrize(("role", "capability"), list(product([OrgRole.OWNER, OrgRole.ADMIN], Capability)))
def test_owners_and_admins_have_every_capability(role: OrgRole, capability: Capability) -> None:
    assert has_capability(member(role), capability, SETTABLE)


@pytest.mark.parametrize("capability", Capability)
def test_a_member_creates_objects_and_plugins_unless_the_org_says_admin(capability: Capability) -> None:
    given_to_members = {"config_object.create", "plugin.create"}

    assert has_capability(member(), capability) == (capability.value in given_to_members)
    assert not has_capability(member(), capability, restricted=frozenset({capability}))


def test_one_restricted_capability_leaves_the_other() -> None:
    restricted = frozenset({Capability.PLUGIN_CREATE})

    assert has_capability(member(), Capability.CONFIG_OBJECT_CREATE, restricted)


@pytest.mark.parametrize("capability", Capability)
@pytest.mark.parametrize("actor", [SERVICE, CONNECTOR, delivery(), delivery(OrgRole.OWNER)])
def test_those_who_are_no_person_have_no_capability(actor: Actor, capability: Capability) -> None:
    assert not has_capability(actor, capability)


def test_a_missing_capability_is_named() -> None:
    with pytest.raises(MissingCapability, match=r"rbac\.manage_org"):
        require_capability(member(), Capability.MANAGE_ORG_ACCESS)


def test_who_may_not_see_it_hears_what_a_stranger_hears() -> None:
    with pytest.raises(NotFound) as hidden:
        require(member(), Action.DISPOSE, "plugin", {"mem_2": Role.MANAGER})

    assert hidden.value.message == NotFound("plugin").message


def test_who_may_see_it_hears_which_role_is_missing() -> None:
    with pytest.raises(MissingRole, match="needs the role manager on this plugin; you are editor"):
        require(member(), Action.DISPOSE, "plugin", {OWN: Role.EDITOR})
