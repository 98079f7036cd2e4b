"""How far the far side's log of webhook deliveries was read, and which of them are to be repeated."""

from shared.domain.delivery_log import DeliveryLog
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.table import Table
from shared.repositories.unit_of_work import UnitOfWork


class DeliveryLogRepository:
    """One row per connector type: a deployment has one app, whichever orgs use it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, connector_type: str) -> DeliveryLog | None:
        item = self._table.get(keys.delivery_log(connector_type))
        return decode(DeliveryLog, item) if item else None

    def put(self, connector_type: str, log: DeliveryLog, work: UnitOfWork) -> None:
        work.put(encode(keys.delivery_log(connector_type), log))
