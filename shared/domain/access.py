"""Who may do what: capabilities, roles, and the ways in, as data and pure functions.

Two layers must both pass: a capability (org-wide: may this person do this kind of thing at all) and a
role (on one resource). Nothing here loads anything; callers bring the resource, its grants and its parents.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from shared.domain.errors import MissingCapability, MissingRole, NotFound

ORG_WIDE: Final = "org"
"""The principal of a grant to everybody in the org."""


class Role(IntEnum):
    """On one resource; ordered, so that the strongest way in wins."""

    VIEWER = 1
    EDITOR = 2
    MANAGER = 3

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Role":
        return cls[word.upper()]


class OrgRole(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class Capability(StrEnum):
    CONFIG_OBJECT_CREATE = "config_object.create"
    PLUGIN_CREATE = "plugin.create"
    MARKETPLACE_CREATE = "marketplace.create"
    CONNECTOR_ACCOUNT_CREATE = "connector_account.create"
    CONNECTOR_INSTANCE_CREATE = "connector_instance.create"
    SYNC_VIEW_ALL = "connector_sync.view_all"
    SYNC_RETRY = "connector_sync.retry"
    MANAGE_ORG_ACCESS = "rbac.manage_org"
    DIRECTORY_MANAGE = "directory.manage"
    AUDIT_READ = "audit.read"
    FLEET_READ = "fleet.read"


SETTABLE: Final = frozenset({Capability.CONFIG_OBJECT_CREATE, Capability.PLUGIN_CREATE})
"""The capabilities every member has unless the org's settings say `admin`."""


class Scope(StrEnum):
    """What a token may be used for, whatever its actor may do."""

    ADMIN_READ = "admin:read"
    ADMIN_WRITE = "admin:write"
    DELIVERY_READ = "delivery:read"


class Action(StrEnum):
    """What can be done with one resource."""

    VIEW = "view"
    EDIT = "edit"
    SYNC = "sync"
    SHARE = "share"
    DISPOSE = "dispose"


NEEDED_ROLE: Final[Mapping[Action, Role]] = {
    Action.VIEW: Role.VIEWER,
    Action.EDIT: Role.EDITOR,
    Action.SYNC: Role.EDITOR,
    Action.SHARE: Role.MANAGER,
    Action.DISPOSE: Role.MANAGER,
}

Grants = Mapping[str, Role]
"""The active grants of one resource: principal (member id, team id or `org`) → role."""


class ActorKind(StrEnum):
    MEMBER = "member"
    SERVICE = "service"
    DELIVERY = "delivery"
    CONNECTOR = "connector"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, in which org, as what: everything an access rule may look at.

    `role` is None for those who are no person of the org (delivery tokens of a team, connector); a service token has
    one of its own. `token_id` is the token that it came with; None for who signed in.
    """

    kind: ActorKind
    org_id: str
    id: str
    role: OrgRole | None = None
    team_ids: frozenset[str] = frozenset()
    member_id: str | None = None
    marketplace_id: str | None = None
    scopes: frozenset[Scope] = frozenset(Scope)
    token_id: str | None = field(default=None, compare=False)  # the way somebody came in, no part of who they are

    @property
    def administers(self) -> bool:
        """Owners and admins have manager on everything of their org; so has the platform's operator.

        The connector is no administrator: it may write what a reconciliation writes and nothing else
        (`require_connector`).
        """
        return self.role in (OrgRole.OWNER, OrgRole.ADMIN) or self.kind == ActorKind.SYSTEM

    @property
    def principals(self) -> frozenset[str]:
        """Every name under which a grant can reach this actor.

        A delivery token reads for its member or its team; it is never more than they are. No grant reaches the
        connector, not even one to the whole org.
        """
        if self.kind == ActorKind.CONNECTOR:
            return frozenset()
        own = {self.member_id} if self.member_id else {self.id}
        return frozenset({*own, *self.team_ids, ORG_WIDE})


def strongest(actor: Actor, grants: Grants) -> Role | None:
    """The actor's effective role on a resource with these active grants.

    A delivery token reads and nothing else, an owner's too: it lies in the configuration of many machines.
    """
    roles = [grants[principal] for principal in actor.principals if principal in grants]
    role = Role.MANAGER if actor.administers else max(roles, default=None)
    return Role.VIEWER if role is not None and actor.kind == ActorKind.DELIVERY else role


def shown_by(actor: Actor, parents: Iterable[Grants]) -> bool:
    """Whether any active parent shows its members to the actor, whatever the role on the parent."""
    return any(strongest(actor, grants) is not None for grants in parents)


def effective_role(actor: Actor, grants: Grants, parents: Iterable[Grants] = ()) -> Role | None:
    """Parents show, they never let anyone edit: through a parent a caller is a viewer at most."""
    own = strongest(actor, grants)
    if own is None and shown_by(actor, parents):
        return Role.VIEWER
    return own


def require(actor: Actor, action: Action, kind: str, grants: Grants, parents: Iterable[Grants] = ()) -> Role:
    """The effective role, or the right refusal.

    Raises: NotFound for who may not see it, so that hidden and unknown cannot be told apart;
        MissingRole for who may see it but not do this.
    """
    role = effective_role(actor, grants, parents)
    if role is None:
        raise NotFound(kind)
    needed = NEEDED_ROLE[action]
    if role < needed:
        raise MissingRole(f"This needs the role {needed.word} on this {kind}; you are {role.word}.")
    return role


def has_capability(actor: Actor, capability: Capability, restricted: frozenset[Capability] = frozenset()) -> bool:
    """`restricted`: the settable capabilities that the org's settings keep for its admins."""
    if actor.kind == ActorKind.DELIVERY:
        return False
    if actor.administers:
        return True
    return actor.role == OrgRole.MEMBER and capability in SETTABLE - restricted


def require_capability(actor: Actor, capability: Capability, restricted: frozenset[Capability] = frozenset()) -> None:
    """Raises: MissingCapability."""
    if not has_capability(actor, capability, restricted):
        raise MissingCapability(f"This needs the capability {capability.value}; ask an admin of your organization.")


def require_kind(actor: Actor, kinds: Set[ActorKind]) -> None:
    """Raises: MissingCapability for a token that has no business at this door."""
    if actor.kind not in kinds:
        raise MissingCapability(f"A {actor.kind.value} token has no access here.")


def require_scope(actor: Actor, scope: Scope) -> None:
    """Raises: MissingCapability for a token that was made for less."""
    if scope not in actor.scopes:
        raise MissingCapability(f"This token lacks the scope {scope.value}; use one that was made with it.")


def require_connector(actor: Actor) -> None:
    """Only a reconciliation writes connector-made objects.

    Raises: MissingCapability for everybody else, owners too: their edits go through versions.
    """
    if actor.kind != ActorKind.CONNECTOR:
        raise MissingCapability("Only a sync writes objects that come from a connector.")
