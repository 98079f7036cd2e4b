"""Has webhooks repeated that were sent while this deployment could not take them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.connectors.port import Connector
from shared.domain.delivery_log import WINDOW, DeliveryLog
from shared.domain.errors import Retryable
from shared.domain.source_errors import SourceUnavailable
from shared.repositories.delivery_logs import DeliveryLogRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint

PAGES: Final = 5
"""Of a hundred attempts, read in one sweep; the next one goes on where this one stopped."""

REPEATED: Final = 50
"""Deliveries repeated in one sweep: they come back as requests to the webhook within seconds."""

_TYPE: Final = "github"


@dataclass(frozen=True, slots=True)
class Redelivery:
    logs: DeliveryLogRepository
    connector: Connector
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def redeliver(self, has_time: Callable[[], bool]) -> int:
        """How many deliveries were asked for again. A failure of the far side leaves the rest to the next sweep."""
        at = self.mint.now()
        before = self.logs.find(_TYPE) or DeliveryLog(read_until=at - WINDOW)
        log = self._read(before.begun(at), has_time)
        log, repeated = self._repeat(log, has_time)
        with self.begin().as_upkeep() as work:
            self.logs.put(_TYPE, log, work)
        return repeated

    def _read(self, log: DeliveryLog, has_time: Callable[[], bool]) -> DeliveryLog:
        arrived: set[str] = set()
        for _ in range(PAGES):
            if not has_time():
                break
            try:
                page = self.connector.deliveries(log.cursor)
            except (Retryable, SourceUnavailable):
                # A cursor that is no longer taken must not stop every reading to come.
                return DeliveryLog(log.read_until, missed=log.missed)
            log = log.with_page(page, arrived)
            if log.cursor is None:
                break
        return log

    def _repeat(self, log: DeliveryLog, has_time: Callable[[], bool]) -> tuple[DeliveryLog, int]:
        repeated = 0
        for missed in log.due(self.mint.now())[:REPEATED]:
            if not has_time():
                break
            try:
                self.connector.redeliver(missed.attempt_id)
            except Retryable:
                break
            except SourceUnavailable:
                log = log.without(missed)  # GitHub keeps it no longer
                continue
            log = log.with_repeated(missed, self.mint.now())
            repeated += 1
        return log, repeated
