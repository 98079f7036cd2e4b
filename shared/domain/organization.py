"""The tenant and its people: org, member, team."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.access import Capability, OrgRole
from shared.domain.errors import Invalid
from shared.domain.plugin import DeliveryMode

SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
RESERVED_SLUGS: Final = frozenset(
    "admin api app assets auth callback delivery depot docs git health healthz help internal login logout me new null "
    "openapi orgs plugin-depot public readyz root settings static status support system v1 version www".split()
)
"""Words that stand, or may once stand, where a slug does: in a URL's path, or for the product itself."""


class MemberStatus(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Organization:
    """`settings` says who may create what: capability → `member` or `admin`.

    `owners` counts the active ones, so that the last cannot leave however many leave at once. `revision` is the ETag of
    what admins may change; who comes and goes does not move it.
    """

    id: str
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime
    settings: Mapping[Capability, OrgRole] = field(default_factory=dict)
    default_delivery_mode: DeliveryMode = DeliveryMode.ROLLING
    created_by: str = "system"
    owners: int = 1
    revision: int = 1

    @property
    def restricted(self) -> frozenset[Capability]:
        return frozenset(capability for capability, who in self.settings.items() if who == OrgRole.ADMIN)


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an org; carries its team ids, so that one read tells everything access needs.

    `issuer` and `subject` name the person at the OIDC provider; None until they first sign in. `email` is None for
    who was invited by subject. `group_team_ids` are those of its teams that a group of the identity provider put it
    into; `groups_seen` tells which groups its last sign-in told of, and `groups_seen_at` when they were compared.
    """

    id: str
    org_id: str
    display_name: str
    role: OrgRole
    status: MemberStatus
    created_at: datetime
    updated_at: datetime
    email: str | None = None
    issuer: str | None = None
    subject: str | None = None
    team_ids: frozenset[str] = frozenset()
    group_team_ids: frozenset[str] = frozenset()
    groups_seen: str | None = None
    groups_seen_at: datetime | None = None
    created_by: str = "system"
    removed_at: datetime | None = None
    revision: int = 1

    @property
    def counts_as_owner(self) -> bool:
        """Who was invited as an owner owns nothing yet."""
        return self.role == OrgRole.OWNER and self.status == MemberStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    org_id: str
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime
    created_by: str = "system"
    revision: int = 1


def require_slug(value: str, path: str = "slug") -> str:
    """Slugs appear in URLs and as a git path: lower-case letters, digits and inner hyphens, at most 63."""
    if not SLUG.fullmatch(value):
        raise Invalid.field(path, "use 1 to 63 lower-case letters, digits and inner hyphens")
    return value


def require_org_slug(value: str) -> str:
    """A slug that may name an org. Raises: Invalid for a reserved word, too."""
    if require_slug(value) in RESERVED_SLUGS:
        raise Invalid.field("slug", "is a reserved word; choose another")
    return value


def slug_of(name: str) -> str:
    """A slug made from a name; empty words become `x`."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-")
    return slug or "x"
