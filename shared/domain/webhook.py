"""A webhook delivery reduced to the ids that say what may have changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

INSTALLATION_EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "installation": frozenset({"created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"}),
    "installation_repositories": frozenset({"added", "removed"}),
    "installation_target": frozenset({"renamed"}),
}
REPOSITORY_ACTIONS: Final = frozenset(
    {"renamed", "transferred", "archived", "unarchived", "deleted", "privatized", "publicized", "edited"}
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery, whatever the connector: `ref` is a full ref, the shas are commit ids in hex.

    The payload itself goes no further: it may be 25 MB, and the branch head is asked anyway.
    """

    delivery_id: str
    event: str
    action: str | None = None
    installation_id: int | None = None
    repository_id: int | None = None
    repository_full_name: str | None = None
    ref: str | None = None
    before_sha: str | None = None
    head_sha: str | None = None
    deleted: bool = False
    forced: bool = False
    created: bool = False
    default_branch_changed: bool = False
