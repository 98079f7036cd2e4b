"""A plugin: the unit of delivery, a set of config object identities."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.access import Role
from shared.domain.errors import Invalid
from shared.domain.lifecycle import Lifecycle as PluginStatus
from shared.domain.release import PromotedRelease
from shared.domain.rendering.format import FORMAT

__all__ = ["DeliveryMode", "MembershipSource", "Plugin", "PluginMembership", "PluginStatus", "require_plugin_name"]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_ON_WINDOWS: Final = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]", re.IGNORECASE)
_RESERVED: Final = frozenset(
    "npm pip uv cargo github gh inline builtin skills-dir synced claude-plugin-test "
    "claude-code-marketplace claude-code-plugins claude-plugins-official anthropic-marketplace "
    "anthropic-plugins agent-skills life-sciences anthropic-agent-skills".split()
)


class DeliveryMode(StrEnum):
    ROLLING = "rolling"
    RELEASED = "released"


class MembershipSource(StrEnum):
    MANUAL = "manual"
    CONNECTOR = "connector"
    API = "api"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Plugin:
    """`name` is what clients install by, so it never changes.

    `target_ids` are the connector targets that feed it: whose mappings bring objects into it, or whose objects somebody
    has put into it. `revision` counts writes to the row and is its ETag; `content_version` counts changes of what it
    delivers.

    `digest` is that of the manifest at content version `digest_of`, rendered in `digest_format`; delivery fills it in
    the first time it renders a content version, so that asking "did anything change" reads one row. `undeliverable`
    is noted beside it: why that content cannot be offered as a git repository. `promoted` is the release that it
    delivers while its mode is `released`; `highest_version` is of all releases.
    """

    id: str
    org_id: str
    name: str
    slug: str
    status: PluginStatus
    delivery_mode: DeliveryMode
    created_at: datetime
    updated_at: datetime
    created_by: str
    description: str | None = None
    marketplace_ids: frozenset[str] = frozenset()
    target_ids: frozenset[str] = frozenset()
    grants: Mapping[str, Role] = field(default_factory=dict)
    content_version: int = 0
    digest: str | None = None
    digest_of: int | None = None
    digest_format: str | None = None
    undeliverable: str | None = None
    promoted: PromotedRelease | None = None
    release_count: int = 0
    highest_version: str | None = None
    deleted_at: datetime | None = None
    revision: int = 1

    @property
    def is_released(self) -> bool:
        return self.delivery_mode == DeliveryMode.RELEASED

    @property
    def is_offered(self) -> bool:
        """Whether it delivers anything at all: a released one does once a release was promoted."""
        return self.is_active and (self.promoted is not None or not self.is_released)

    @property
    def release(self) -> PromotedRelease | None:
        """The release that is delivered; None for a rolling plugin."""
        return self.promoted if self.is_released else None

    @property
    def delivered_version(self) -> str | None:
        """What clients compare: the release's, or the rolling one."""
        return self.release.version if self.release else self.rolling_version

    @property
    def is_active(self) -> bool:
        return self.status == PluginStatus.ACTIVE

    @property
    def current_digest(self) -> str | None:
        """The delivered digest, None when it is not yet known for this content version, or in today's form."""
        is_current = self.digest_of == self.content_version and self.digest_format == FORMAT
        return self.digest if is_current else None

    def delivering(self, digest: str) -> "Plugin":
        """The same, where its current content is known to have this digest."""
        return replace(self, digest=digest, digest_of=self.content_version, digest_format=FORMAT)

    @property
    def rolling_version(self) -> str | None:
        """What clients compare: explicit, growing with every change of content and unique to it.

        Without an explicit version Claude Code takes the repository's commit, and then every plugin
        changes whenever one does.
        """
        digest = self.current_digest
        return f"0.0.{self.content_version}+{digest.removeprefix('sha256:')[:12]}" if digest else None


@dataclass(frozen=True, slots=True)
class PluginMembership:
    """One logical membership per pair: removing stamps `removed_at`, adding again clears it."""

    org_id: str
    plugin_id: str
    config_object_id: str
    source: MembershipSource
    created_at: datetime
    created_by: str
    mapping_id: str | None = None
    removed_at: datetime | None = None


def require_plugin_name(name: str) -> str:
    """The names that every real client accepts (Claude Code 2.1 and Codex CLI 0.169 refuse others).

    Raises: Invalid.
    """
    if not _NAME.fullmatch(name):
        raise Invalid.field("name", "use 1 to 128 of A-Z a-z 0-9 . _ -, starting with a letter or digit")
    if _ON_WINDOWS.fullmatch(name.partition(".")[0]):
        raise Invalid.field("name", f"{name!r} names a device on Windows, where no folder can have it; choose another")
    if name.lower() in _RESERVED or name.lower().startswith("claudeai-"):
        raise Invalid.field("name", f"{name!r} is reserved by the clients; choose another")
    return name
