"""Connector targets: found by id, by instance, by GitHub's repository id, and by when their check is due."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from datetime import datetime
from typing import Final

from shared.domain.connector import ConnectorTarget, TargetHealth
from shared.domain.errors import Conflict, NotFound, Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode, timestamp
from shared.repositories.stopped_targets import note_health
from shared.repositories.table import DUE, EDGE, LIST, Table, attribute_key
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where


class BranchTracked(Conflict):
    """The instance has a target for this repository and branch; see `find_tracking`."""


class PutToRest(Conflict):
    """The target is no longer checked: since it was read, somebody has put it to rest."""


_CHECKED: Final = Condition("attribute_exists(next_check_at)")


class ConnectorTargetRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, target: ConnectorTarget, work: UnitOfWork) -> None:
        """Raises: BranchTracked, on commit, for a second target of the same repository and branch."""
        work.add(
            encode(
                keys.target(target.org_id, target.id),
                target,
                {
                    "list_pk": keys.instance_listing(target.org_id, target.instance_id),
                    "list_sk": target.id,
                    "edge_pk": keys.repository_edge(target.repository_id),
                    "edge_sk": f"{target.org_id}#{target.id}",
                    **_due(target.id, target.next_check_at),
                },
            ),
            Conflict("This connector target already exists."),
        )
        self._reserve(target, target.branch, work)

    def find_tracking(self, target: ConnectorTarget, branch: str) -> str | None:
        """The id of the target that tracks a branch of this target's repository in its instance."""
        guard = self._table.get(_guard(target, branch))
        return guard["target_id"]["S"] if guard else None

    def find_tracking_in(self, target: ConnectorTarget, instance_ids: Iterable[str]) -> dict[str, str]:
        """Which of these instances track this target's repository and branch: the ids of their targets, by instance."""
        guards = {
            keys.tracked_branch(target.org_id, each, target.repository_id, target.branch): each for each in instance_ids
        }
        rows = self._table.batch_get(guards)
        return {guards[key]: row["target_id"]["S"] for key, row in rows.items()}

    def switch_branch(
        self, target: ConnectorTarget, branch: str, changes: MappingOf[str, object], work: UnitOfWork
    ) -> None:
        """Track another branch from now on. Raises, on commit: BranchTracked; Stale when the target has changed."""
        if branch != target.branch:
            # Whose guard it is matters: targets that are older than guards have none.
            work.delete(_guard(target, target.branch))
            self._reserve(target, branch, work)
        self._write(target, {**changes, "branch": branch}, where(revision=target.revision), Stale(), work)

    def find(self, org_id: str, target_id: str) -> ConnectorTarget | None:
        item = self._table.get(keys.target(org_id, target_id))
        return decode(ConnectorTarget, item) if item else None

    def list_page(self, org_id: str, instance_id: str, page: PageRequest) -> Page[ConnectorTarget]:
        pk = keys.instance_listing(org_id, instance_id)
        found = self._table.query(pk, index=LIST, after=page.after, limit=page.limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        targets = {target.id: target for target in self._rows((org_id, i) for i in ids)}
        return Page([targets[i] for i in ids if i in targets], ids[-1] if found.more else None)

    def list_all(self, org_id: str, instance_id: str) -> list[ConnectorTarget]:
        """Every target of an instance, oldest first: bounded by the limit of targets per instance."""
        found = self._table.query(keys.instance_listing(org_id, instance_id), index=LIST)
        targets = self._rows((org_id, item["list_sk"]["S"]) for item in found.items)
        return sorted(targets, key=lambda target: target.id)

    def list_each(self, org_id: str, instance_ids: Iterable[str]) -> list[ConnectorTarget]:
        """Every target of several instances, oldest first: one query each, side by side, and their rows."""
        partitions = [keys.instance_listing(org_id, each) for each in instance_ids]
        found = self._table.query_each(partitions, index=LIST) if partitions else []
        targets = self._rows((org_id, item["list_sk"]["S"]) for part in found for item in part.items)
        return sorted(targets, key=lambda target: target.id)

    def list_by_repository(self, repository_id: int) -> list[ConnectorTarget]:
        """The targets of a repository in every org that bound it (GitHub's numeric id survives renames)."""
        found = self._table.query(keys.repository_edge(repository_id), index=EDGE)
        return self._rows(_split(item["edge_sk"]["S"]) for item in found.items)

    def is_tracked(self, repository_id: int) -> bool:
        """Whether any target, of whatever org, tracks a repository."""
        return bool(self._table.query(keys.repository_edge(repository_id), index=EDGE, limit=1).items)

    def list_due(self, shard: str, until: datetime, limit: int) -> list[ConnectorTarget]:
        """Targets of one shard whose check is due."""
        found = self._table.query(shard, index=DUE, prefix="ctg#", until=f"ctg#{timestamp(until)}", limit=limit)
        return self._rows(_owner(item["pk"]["S"]) for item in found.items)

    def put_off(self, target: ConnectorTarget, changes: MappingOf[str, object], work: UnitOfWork) -> None:
        """The same as `update`, of a target that was found due or checked. Raises: PutToRest, on commit."""
        self._write(target, changes, _CHECKED, PutToRest("The target was put to rest meanwhile."), work)

    def update(self, target: ConnectorTarget, changes: MappingOf[str, object], work: UnitOfWork) -> None:
        """Assign what a sync or a lifecycle event learned.

        `next_check_at` moves the target in the due index; None takes it out: it is no longer checked. A health that it
        had already is not written again.
        """
        self._write(target, changes, Condition(PRESENT), NotFound("connector target"), work)

    def _write(
        self,
        target: ConnectorTarget,
        changes: MappingOf[str, object],
        when: Condition,
        otherwise: NotFound | Stale | PutToRest,
        work: UnitOfWork,
    ) -> None:
        health = changes.get("health", target.health)
        if health != target.health:
            note_health(target, TargetHealth(str(health)), work)
        else:
            # What somebody else found out since the target was read stands.
            changes = {name: value for name, value in changes.items() if name != "health"}
        due = {}
        if "next_check_at" in changes:
            at = changes["next_check_at"]
            due = _due(target.id, at if isinstance(at, datetime) else None)
        work.update(
            keys.target(target.org_id, target.id),
            assign={**changes, **due},
            increase={"revision": 1},
            when=when,
            otherwise=otherwise,
        )

    def _reserve(self, target: ConnectorTarget, branch: str, work: UnitOfWork) -> None:
        row = attribute_key(_guard(target, branch)) | attribute_values({"target_id": target.id})
        work.add(row, BranchTracked(f"The instance tracks {branch} of this repository already."))

    def _rows(self, wanted: Iterable[tuple[str, str]]) -> list[ConnectorTarget]:
        rows = self._table.batch_get(keys.target(org_id, target_id) for org_id, target_id in wanted)
        return [decode(ConnectorTarget, item) for item in rows.values()]


def _guard(target: ConnectorTarget, branch: str) -> keys.Key:
    return keys.tracked_branch(target.org_id, target.instance_id, target.repository_id, branch)


def _due(target_id: str, at: datetime | None) -> dict[str, object]:
    if at is None:
        return {"due_pk": None, "due_sk": None}
    return {"due_pk": keys.due_shard(target_id), "due_sk": f"ctg#{timestamp(at)}#{target_id}"}


def _split(edge: str) -> tuple[str, str]:
    org_id, _, target_id = edge.partition("#")
    return org_id, target_id


def _owner(pk: str) -> tuple[str, str]:
    _, org_id, target_id = pk.split("#")
    return org_id, target_id
