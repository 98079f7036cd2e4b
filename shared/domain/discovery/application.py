"""What applying a discovery is going to do: decided once, kept, and then done part by part however often it is begun.

A plan holds every id and name it needs, so that doing a part again writes the same rows. A part is what one
transaction takes; the last one makes the marketplace, and asks for the first sync.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MARKETPLACE_KEY: Final = "marketplace"
"""The candidate key under which a target remembers its marketplace; those of plugins have a colon."""

PART_WEIGHT: Final = 80
"""Rows that one part writes at most, those of the last one's own aside: a transaction takes 100."""


class ApplicationStatus(StrEnum):
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Import:
    """What a candidate of a target became: a plugin, or the marketplace; `gone_at` since its source is gone."""

    candidate_key: str
    target_id: str
    resource_id: str
    created_at: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewPlugin:
    key: str
    plugin_id: str
    name: str
    description: str | None = None

    weight = 5


@dataclass(frozen=True, slots=True)
class NewMapping:
    mapping_id: str
    plugin_id: str
    selector: str
    object_type: str

    weight = 1


@dataclass(frozen=True, slots=True)
class DroppedMapping:
    """One that an earlier application made, and whose place the plugin no longer has."""

    dropped_id: str

    weight = 1


@dataclass(frozen=True, slots=True)
class JoinedPlugin:
    """A plugin that the marketplace is to hold."""

    joined_id: str

    weight = 2


@dataclass(frozen=True, slots=True)
class RetiredPlugin:
    """Its candidate is gone from the source; `archive` where nobody but discovery has a say in it."""

    retired_key: str
    retired_id: str
    archive: bool

    weight = 4


@dataclass(frozen=True, slots=True)
class RestoredPlugin:
    """Its candidate is wanted again."""

    restored_key: str
    restored_id: str

    weight = 4


PlannedAction = NewPlugin | NewMapping | DroppedMapping | JoinedPlugin | RetiredPlugin | RestoredPlugin


@dataclass(frozen=True, slots=True)
class PlannedMarketplace:
    """`is_new` until it is made; an existing one only takes in more plugins."""

    marketplace_id: str
    name: str
    slug: str
    is_new: bool
    description: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class ApplicationPlan:
    """`manifests` is the fingerprint of the documents that it was decided by; `plugin_ids` by candidate key.

    `auto_import` None leaves the instance as it is.
    """

    actions: Sequence[PlannedAction]
    plugin_ids: dict[str, str]
    marketplace: PlannedMarketplace | None
    auto_import: bool | None
    manifests: str | None

    def parts(self) -> list[tuple[PlannedAction, ...]]:
        """At least one, if an empty one: the last part has work of its own."""
        return list(_packed(self.actions)) or [()]


@dataclass(frozen=True, slots=True)
class Application:
    """The journal of one: `plan` names stored content, `done` counts the parts that are written.

    Past `lease_until` nobody works on it, and a sweep has it finished.
    """

    id: str
    org_id: str
    instance_id: str
    target_id: str
    requested_by: str
    plan: str
    parts: int
    status: ApplicationStatus
    created_at: datetime
    updated_at: datetime
    done: int = 0
    attempts: int = 1
    sync_event_id: str | None = None
    lease_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status is ApplicationStatus.OPEN


def _packed(actions: Sequence[PlannedAction]) -> Iterator[tuple[PlannedAction, ...]]:
    part: list[PlannedAction] = []
    for action in actions:
        if part and sum(one.weight for one in part) + action.weight > PART_WEIGHT:
            yield tuple(part)
            part = []
        part.append(action)
    if part:
        yield tuple(part)
