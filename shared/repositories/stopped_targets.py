"""The targets of an org from which nothing comes any more: one row of their ids, read beside what they have brought.

A set of ids for each health, so that a change adds and takes out without reading, and in any order.
"""

from typing import Final

from shared.domain.connector import ConnectorTarget, TargetHealth
from shared.domain.staleness import StoppedTargets
from shared.domain.target_health import STOPPED
from shared.repositories import keys
from shared.repositories.codec import plain
from shared.repositories.table import Item, Table
from shared.repositories.unit_of_work import UnitOfWork

_SETS: Final = {health: f"{health}_ids" for health in sorted(STOPPED)}


class StoppedTargetRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, org_id: str) -> StoppedTargets:
        return read_stopped(self._table.get(keys.stopped_targets(org_id)))


def read_stopped(row: Item | None) -> StoppedTargets:
    """Of a row that was read with others; None where nothing has ever stopped."""
    held = {health: plain(row[name]) for health, name in _SETS.items() if name in row} if row else {}
    return StoppedTargets({each: health for health, ids in held.items() for each in ids})


def note_health(target: ConnectorTarget, health: TargetHealth, work: UnitOfWork) -> None:
    """In the unit of work that gives the target this health: neither is ever without the other."""
    work.update(
        keys.stopped_targets(target.org_id),
        insert={_SETS[health]: target.id} if health in _SETS else None,
        discard={name: target.id for each, name in _SETS.items() if each is not health},
    )
