"""A marketplace: a curated set of plugins, that clients add as one source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from shared.domain.access import ORG_WIDE, Actor, Role, strongest
from shared.domain.errors import Invalid
from shared.domain.lifecycle import Lifecycle
from shared.domain.plugin import MembershipSource, Plugin, require_plugin_name

MAX_MARKETPLACES: Final = 100
"""Not deleted ones in one org: what they show is read with one batch."""
MAX_PLUGINS: Final = 500
"""Plugins in one marketplace: their ids ride on its row."""

# Claude Code 2.1 refuses marketplaces that pose as its vendor's own.
_POSING: Final = re.compile(
    r"official[^a-z0-9]*(?:anthropic|claude)|(?:anthropic|claude)[^a-z0-9]*official"
    r"|^(?:anthropic|claude)[^a-z0-9]*(?:marketplace|plugins|official)"
)
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
_MAX_LOGO: Final = 2048


@dataclass(frozen=True, slots=True)
class MarketplaceView:
    """What access needs of a marketplace: a few of its row's attributes."""

    id: str
    status: Lifecycle
    grants: Mapping[str, Role] = field(default_factory=dict)
    plugin_ids: frozenset[str] = frozenset()
    collects_org_wide: bool = False

    def is_open_to(self, actor: Actor) -> bool:
        """Whether it shows its plugins to the actor: archived and deleted ones show nothing to anybody."""
        return self.status == Lifecycle.ACTIVE and strongest(actor, self.grants) is not None

    def holds(self, plugin: Plugin) -> bool:
        return plugin.id in self.plugin_ids or (self.collects_org_wide and ORG_WIDE in plugin.grants)


@dataclass(frozen=True, slots=True)
class Marketplace:
    """`slug` is its address and the name that clients know it by: of one org's it is unique, and never changes.

    `plugin_ids` ride on the row, kept in the transaction that writes the membership. One that
    `collects_org_wide` also holds every plugin that is shared with the whole org.
    """

    id: str
    org_id: str
    name: str
    slug: str
    status: Lifecycle
    created_at: datetime
    updated_at: datetime
    created_by: str
    description: str | None = None
    owner: str | None = None
    logo: str | None = None
    collects_org_wide: bool = False
    plugin_ids: frozenset[str] = frozenset()
    grants: Mapping[str, Role] = field(default_factory=dict)
    deleted_at: datetime | None = None
    revision: int = 1

    @property
    def view(self) -> MarketplaceView:
        return MarketplaceView(self.id, self.status, self.grants, self.plugin_ids, self.collects_org_wide)


@dataclass(frozen=True, slots=True)
class MarketplaceMembership:
    """One logical membership per pair: removing stamps `removed_at`, adding again clears it."""

    org_id: str
    marketplace_id: str
    plugin_id: str
    source: MembershipSource
    created_at: datetime
    created_by: str
    removed_at: datetime | None = None


def require_marketplace_name(name: str) -> str:
    """Names that every real client accepts, both as they are and as the slug made of them. Raises: Invalid."""
    require_plugin_name(name)
    if _POSING.search(name.lower()):
        raise Invalid.field("name", f"{name!r} poses as the vendor's own, and clients refuse it; choose another")
    return name


def require_logo(logo: str) -> str:
    """A URL that is safe in a page: https, or a path from the root; no other scheme, host-relative or not.

    Raises: Invalid.
    """
    if len(logo) > _MAX_LOGO or _UNSAFE.search(logo) or not (_is_https(logo) or _is_root_relative(logo)):
        raise Invalid.field("logo", "use an https:// URL, or a path that starts with a single /")
    return logo


def _is_https(logo: str) -> bool:
    try:
        parts = urlsplit(logo)
        # A user name in front of the host makes one host look like another; a port that is none raises ValueError.
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def _is_root_relative(logo: str) -> bool:
    return logo.startswith("/") and not logo.startswith("//")
