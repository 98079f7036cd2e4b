"""Installations under way: what makes a state, and the ticket after it, good once. Rows expire by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.domain.errors import Conflict
from shared.domain.install_state import InstallState
from shared.repositories import keys
from shared.repositories.codec import attribute_values
from shared.repositories.table import Table, attribute_key
from shared.repositories.unit_of_work import UnitOfWork, where

_KEPT: Final = timedelta(hours=1)
"""Beyond the state's own end: whoever comes late is told why."""


class AlreadyUsed(Conflict):
    """A state or a ticket was shown before."""


@dataclass(frozen=True, slots=True)
class ProvenInstall:
    """An installation that somebody proved to see; whoever shows the ticket of this hash may bind it."""

    org_id: str
    member_id: str
    remote_id: str
    ticket_hash: str
    expires_at: datetime


class InstallAttemptRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def start(self, state: InstallState, work: UnitOfWork) -> None:
        row = attribute_key(keys.install_attempt(state.nonce)) | attribute_values(
            {
                "org_id": state.org_id,
                "member_id": state.member_id,
                "stage": "started",
                "until": state.expires_at,
                "expires_at": int((state.expires_at + _KEPT).timestamp()),
            }
        )
        work.add(row, AlreadyUsed("This installation was started already."))

    def use(self, state: InstallState, work: UnitOfWork) -> None:
        """Take a state out of use. Raises: AlreadyUsed, on commit, for one that was taken, or is not known."""
        self._advance(state.nonce, "started", "used", {}, work)

    def prove(self, nonce: str, remote_id: str, ticket_hash: str, work: UnitOfWork) -> None:
        self._advance(nonce, "used", "proven", {"remote_id": remote_id, "ticket_hash": ticket_hash}, work)

    def find_proven(self, nonce: str) -> ProvenInstall | None:
        item = self._table.get(keys.install_attempt(nonce))
        if item is None or item["stage"]["S"] != "proven":
            return None
        org_id, member_id, remote_id, ticket_hash, until = (
            item[name]["S"] for name in ("org_id", "member_id", "remote_id", "ticket_hash", "until")
        )
        return ProvenInstall(org_id, member_id, remote_id, ticket_hash, datetime.fromisoformat(until))

    def finish(self, nonce: str, work: UnitOfWork) -> None:
        """Raises: AlreadyUsed, on commit, for a ticket that was used."""
        self._advance(nonce, "proven", "finished", {"ticket_hash": None}, work)

    def _advance(self, nonce: str, before: str, after: str, facts: dict[str, object], work: UnitOfWork) -> None:
        work.update(
            keys.install_attempt(nonce),
            assign={"stage": after, **facts},
            when=where(stage=before),
            otherwise=AlreadyUsed("This was used already; start the installation again."),
        )
