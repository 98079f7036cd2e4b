"""Connector state: account → instance → target → mapping, and what a sync remembers of a path."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.access import Role

CHECK_INTERVAL: Final = timedelta(minutes=5)
"""How often a sweep compares a target's head with what was synced last."""


class AccountStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DISCONNECTED = "disconnected"
    NEEDS_ATTENTION = "needs_attention"


class InstanceStatus(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    ARCHIVED = "archived"


class TargetHealth(StrEnum):
    HEALTHY = "healthy"
    BRANCH_MISSING = "branch_missing"
    ACCESS_LOST = "access_lost"
    SUSPENDED = "suspended"
    EMPTY = "empty"
    ARCHIVED = "archived"
    DELETED = "deleted"
    DISCONNECTED = "disconnected"

    @property
    def reason(self) -> str | None:
        """What an admin can do about it, in one sentence; None where nothing has to be done."""
        return _REASONS.get(self)


_REASONS: Final[MappingOf[TargetHealth, str]] = {
    TargetHealth.BRANCH_MISSING: "The branch is gone; restore it on GitHub, or track another. What was synced stays.",
    TargetHealth.ACCESS_LOST: "The installation no longer reaches the repository; give it access on GitHub.",
    TargetHealth.SUSPENDED: "GitHub refuses: unsuspend the app's installation there, or accept its permissions.",
    TargetHealth.EMPTY: "The repository has no commit yet; push one.",
    TargetHealth.ARCHIVED: "The repository is archived on GitHub: what it holds is delivered, and nothing will change.",
    TargetHealth.DELETED: "The repository was deleted on GitHub; what was synced stays until you remove it.",
    TargetHealth.DISCONNECTED: "The app was uninstalled, or the account disconnected; install and connect it again.",
}


class MappingOrigin(StrEnum):
    """Who made a mapping: a person, or the application of a discovery, which also takes it back."""

    MANUAL = "manual"
    DISCOVERY = "discovery"


class BindingStatus(StrEnum):
    ACTIVE = "active"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class ConnectorAccount:
    """One GitHub App installation bound to an org. `remote_id` is the installation id."""

    id: str
    org_id: str
    type: str
    remote_id: str
    login: str
    account_type: str
    repository_selection: str
    permissions: MappingOf[str, str]
    status: AccountStatus
    created_at: datetime
    updated_at: datetime
    created_by: str
    revision: int = 1


@dataclass(frozen=True, slots=True)
class ConnectorInstance:
    id: str
    org_id: str
    account_id: str
    type: str
    name: str
    status: InstanceStatus
    created_at: datetime
    updated_at: datetime
    created_by: str
    auto_import: bool = False
    grants: MappingOf[str, Role] = field(default_factory=dict)
    last_synced_at: datetime | None = None
    last_sync_status: str | None = None
    last_attempted_revision: str | None = None
    revision: int = 1

    @property
    def is_active(self) -> bool:
        return self.status == InstanceStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class ConnectorTarget:
    """One repo and branch. Found by `repository_id`: names get renamed and reused, ids do not.

    `installation_id` and `created_by` ride along so that a sync needs no second lookup. `failed_files` counts what
    was broken at the head synced last: as long as it is not 0, that head is looked at again when asked for.
    `follows_default` targets track whatever branch is the repository's default, unless `held_back_by` names the target
    of the same instance that tracks it already; `former_names` are what the repository was called before, the newest
    first.
    `manifests` is the fingerprint of the manifests that its plugins were imported by; by whom, `imported_by` says.
    """

    id: str
    org_id: str
    instance_id: str
    type: str
    installation_id: str
    repository_id: int
    repository_full_name: str
    branch: str
    default_branch: str
    health: TargetHealth
    created_at: datetime
    updated_at: datetime
    created_by: str
    last_synced_revision: str | None = None
    last_synced_at: datetime | None = None
    mappings_changed_at: datetime | None = None
    failed_files: int = 0
    follows_default: bool = False
    held_back_by: str | None = None
    former_names: Sequence[str] = ()
    next_check_at: datetime | None = None
    manifests: str | None = None
    imported_by: str | None = None
    revision: int = 1

    @property
    def health_reason(self) -> str | None:
        """What an admin can do about it; None where nothing has to be done."""
        if self.held_back_by is None:
            return self.health.reason
        held = (
            f"The default branch is {self.default_branch} now, which {self.held_back_by} tracks already: this target "
            f"stays on {self.branch}. Track another branch with one of the two."
        )
        return f"{self.health.reason} {held}" if self.health.reason else held

    @property
    def ref(self) -> str:
        return f"refs/heads/{self.branch}"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Path selector → config type, and optionally the plugin its objects join.

    What it selects was to be read anew at `reread_at`, when its parser mode changed.
    """

    id: str
    org_id: str
    target_id: str
    selector: str
    object_type: str
    created_at: datetime
    updated_at: datetime
    created_by: str
    plugin_id: str | None = None
    auto_add_to_plugin: bool = True
    parser_mode: str | None = None
    origin: MappingOrigin = MappingOrigin.MANUAL
    reread_at: datetime | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the source as it is was not taken in, and by which counting of which sync event that was found."""

    code: str
    message: str
    sync_event_id: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Binding:
    """A live object ↔ its source path. `fingerprint` covers the blob ids and modes it was made from.

    `refusal` stands while the source of that fingerprint is broken: it is not read again, and fails again.
    """

    config_object_id: str
    target_id: str
    mapping_id: str
    locator: str
    fingerprint: str
    last_seen_revision: str
    status: BindingStatus = BindingStatus.ACTIVE
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The record of a path that is gone."""

    target_id: str
    mapping_id: str
    locator: str
    former_config_object_id: str
    sync_event_id: str
    revision: str
    created_at: datetime
