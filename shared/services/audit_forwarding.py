"""Hands the audit events of the table's stream to the company's event bus, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.messaging.audit_bus import BATCH, AuditBus
from shared.repositories.audit_events import read_event
from shared.repositories.table import Item


@dataclass(frozen=True, slots=True)
class AuditForwarding:
    bus: AuditBus

    def forward(self, rows: Sequence[Item]) -> int:
        """How many of the rows, from the first on, are with the bus; the others are to be brought again.

        The bus may hear of an event more than once: its id tells that it is the same.
        Raises: whatever kept already the first from being handed over.
        """
        done = 0
        while done < len(rows):
            try:
                taken = self._hand_over(rows[done : done + BATCH])
            except Exception:  # it comes again as the first one, and is raised then
                if done == 0:
                    raise
                break
            done += taken
            if taken < BATCH:
                break
        return done

    def _hand_over(self, rows: Sequence[Item]) -> int:
        return self.bus.put([read_event(row) for row in rows])
