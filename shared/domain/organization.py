"""The tenant and its people: org, member, team."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.access import Capability, OrgRole
from shared.domain.errors import Invalid

SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class MemberStatus(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Organization:
    """`settings` says who may create what: capability → `member` or `admin`."""

    id: str
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime
    settings: Mapping[Capability, OrgRole] = field(default_factory=dict)

    @property
    def restricted(self) -> frozenset[Capability]:
        return frozenset(capability for capability, who in self.settings.items() if who == OrgRole.ADMIN)


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an org; carries its team ids, so that one read tells everything access needs.

    `issuer` and `subject` name the person at the OIDC provider; None until they first sign in.
    """

    id: str
    org_id: str
    email: str
    display_name: str
    role: OrgRole
    status: MemberStatus
    created_at: datetime
    updated_at: datetime
    issuer: str | None = None
    subject: str | None = None
    team_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    org_id: str
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime


def require_slug(value: str, path: str = "slug") -> str:
    """Slugs appear in URLs and as a git path: lower-case letters, digits and inner hyphens, at most 63."""
    if not SLUG.fullmatch(value):
        raise Invalid.field(path, "use 1 to 63 lower-case letters, digits and inner hyphens")
    return value


def slug_of(name: str) -> str:
    """A slug made from a name; empty words become `x`."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-")
    return slug or "x"
