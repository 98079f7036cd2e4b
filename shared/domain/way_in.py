"""How something reaches somebody: every way in to one resource, and the strongest role among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from shared.domain.access import ORG_WIDE, Actor, Role
from shared.domain.marketplace import MarketplaceView

KINDS: Final = {
    "config_object": "cfg",
    "connector_instance": "cin",
    "marketplace": "mkt",
    "plugin": "plg",
}
"""Everything that roles are given on: its word and the prefix of its ids, in the order in which ids sort."""

_PUT_ASIDE: Final = frozenset({"archived", "deleted"})


class Via(StrEnum):
    OWN = "own"
    PERSON = "person"
    TEAM = "team"
    ORG = "org"
    MARKETPLACE = "marketplace"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Resource:
    """What everything with roles has in common; a config object also has a `type`, and a title for its name."""

    id: str
    name: str
    status: str
    created_by: str
    grants: Mapping[str, Role] = field(default_factory=dict)
    type: str | None = None

    @property
    def kind(self) -> str:
        prefix = self.id.partition("_")[0]
        return next(word for word, known in KINDS.items() if known == prefix)

    @property
    def is_in_use(self) -> bool:
        return self.status not in _PUT_ASIDE


@dataclass(frozen=True, slots=True)
class WayIn:
    """`id` names the team or the marketplace."""

    via: Via
    role: Role
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """One resource that somebody may use, with at least one way in."""

    resource: Resource
    ways_in: tuple[WayIn, ...]

    @property
    def role(self) -> Role:
        return max(way.role for way in self.ways_in)


def ways_in(actor: Actor, resource: Resource, opened: Iterable[MarketplaceView]) -> tuple[WayIn, ...]:
    """`opened` are the marketplaces that show their plugins to the actor; through one a role is viewer at most."""
    granted = [_granted(actor, resource, name) for name in sorted(actor.principals & resource.grants.keys())]
    through = [WayIn(Via.MARKETPLACE, Role.VIEWER, view.id) for view in opened if _holds(view, resource)]
    as_admin = [WayIn(Via.ADMIN, Role.MANAGER)] if actor.administers else []
    return (*granted, *through, *as_admin)


def _granted(actor: Actor, resource: Resource, principal: str) -> WayIn:
    role = resource.grants[principal]
    if principal == ORG_WIDE:
        return WayIn(Via.ORG, role)
    if principal in actor.team_ids:
        return WayIn(Via.TEAM, role, principal)
    return WayIn(Via.OWN if resource.created_by == principal else Via.PERSON, role)


def _holds(view: MarketplaceView, resource: Resource) -> bool:
    collected = view.collects_org_wide and resource.kind == "plugin" and ORG_WIDE in resource.grants
    return resource.id in view.plugin_ids or collected
