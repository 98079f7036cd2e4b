"""What clients report to have: kept below who reports it, counted by content, and forgotten with time."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from shared.domain.access import Actor
from shared.domain.client_state import (
    MAX_CLIENTS,
    Change,
    ClientKind,
    ClientState,
    InstalledPlugin,
    apply_changes,
    changes_between,
    holder_of,
    require_installed,
)
from shared.domain.errors import Conflict, NotFound, Retryable, Stale
from shared.repositories import keys
from shared.repositories.adoption import Adopters, AdoptionRepository
from shared.repositories.clients import ClientRepository
from shared.repositories.unit_of_work import MAX_STEPS, UnitOfWork
from shared.services.decided_anew import decided_anew
from shared.services.mint import Mint

PER_SHARD: Final = 50
"""Clients, and counts, looked after per shard and sweep; the rest waits for the next one."""

_STEPS: Final = 5
"""Of one change: the plugin's row at the client, and of two contents at most the counts of all and of the member."""
_TOGETHER: Final = (MAX_STEPS - 1) // _STEPS
"""Changes in one transaction, beside the client's own row."""
_ENDED_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClientReport:
    """`name` and `version` are the client's own, for people to know it by."""

    kind: ClientKind
    installed: Sequence[InstalledPlugin] = field(repr=False)
    name: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class ClientStates:
    """What is written says nothing that anybody did to the org: it is upkeep, and leaves no audit events."""

    clients: ClientRepository
    adoption: AdoptionRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def get(self, actor: Actor, client_id: str) -> ClientState:
        """Raises: NotFound for one that this caller never reported, whoever else did."""
        found = self.clients.find(actor.org_id, holder_of(actor), client_id)
        if found is None or found.forgotten_at <= self.mint.now():
            raise NotFound("client")
        return found

    def report(self, actor: Actor, client_id: str, report: ClientReport) -> ClientState:
        """Keep what a client has now; only what differs from its last report is written.

        Raises: Invalid; Conflict when the client was reported as another kind, or its holder has too many; Retryable.
        """
        require_installed(report.installed)
        return decided_anew(lambda: self._report(actor, client_id, report), "This client")

    def forget_overdue(self) -> int:
        """Forget clients that stopped reporting, and counts of nobody; how many clients these were."""
        overdue = [
            each for shard in keys.due_shards() for each in self.clients.list_overdue(shard, self.mint.now(), PER_SHARD)
        ]
        for state in overdue:
            with suppress(Stale, Retryable):  # it reports again, or stays due
                self._forget(state)
        self._tidy()
        return len(overdue)

    def _report(self, actor: Actor, client_id: str, report: ClientReport) -> ClientState:
        at, holder = self.mint.now(), holder_of(actor)
        known = self.clients.find(actor.org_id, holder, client_id)
        if known is None:
            self._require_room(actor.org_id, holder)
            known = ClientState(client_id, actor.org_id, holder, report.kind, at, at)
        elif known.kind is not report.kind:
            raise Conflict(f"This client was reported as {known.kind}; give another kind of client an id of its own.")
        state = replace(known, name=report.name, version=report.version, reported_at=max(at, known.reported_at))
        return self._write(state, changes_between(known.installed, report.installed))

    def _require_room(self, org_id: str, holder: str) -> None:
        if self.clients.count_of(org_id, holder, MAX_CLIENTS) >= MAX_CLIENTS:
            raise Conflict(
                f"You have {MAX_CLIENTS} clients already; reuse the id of one, or wait until unused ones are forgotten."
            )

    def _write(self, state: ClientState, changes: Sequence[Change]) -> ClientState:
        """In several transactions where they do not fit one: after each, the counts are those of the client's row."""
        adopters = self.adoption.find_adopters(state, changes)
        for start in range(0, len(changes) or 1, _TOGETHER):
            part = changes[start : start + _TOGETHER]
            state = state.having(apply_changes(state.installed, part))
            with self.begin().as_upkeep() as work:
                self.clients.put(state, work)
                for change in part:
                    self._note(state, change, adopters, work)
        return state

    def _note(self, state: ClientState, change: Change, adopters: Adopters, work: UnitOfWork) -> None:
        at = self.mint.now()
        if change.after is None:
            self.clients.end_installed(state, change.plugin_id, at + _ENDED_FOR, work)
        else:
            self.clients.put_installed(state, change.after, work)
        self.adoption.count(state, change, adopters, at, work)

    def _forget(self, state: ClientState) -> None:
        """As if it reported to have nothing; then its row. What stops in between is due again."""
        empty = self._write(state, changes_between(state.installed, ())) if state.installed else state
        with self.begin().as_upkeep() as work:
            self.clients.remove(empty, work)

    def _tidy(self) -> None:
        for shard in keys.due_shards():
            for key, clients in self.adoption.list_left(shard, self.mint.now(), PER_SHARD).items():
                with suppress(Stale, Retryable), self.begin().as_upkeep() as work:
                    self.adoption.tidy(key, clients, work)
