"""Reading audit events, newest first: month by month, or by the index of one resource or one actor."""

from collections.abc import Sequence
from typing import Final

from shared.domain.audit import AuditEvent, AuditFilter
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import decode, timestamp
from shared.repositories.table import EDGE, LIST, Index, Item, Table

READ: Final = 200
"""Rows that one page reads of a month or an index where not each of them is what was asked for."""

_WAVES: Final = (1, 5, 10)
"""Months asked at a time: nearly always the newest one fills the page, and a quiet year takes three round trips."""


class AuditEventRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def list_page(self, org_id: str, wanted: AuditFilter, page: PageRequest) -> Page[AuditEvent]:
        """At most 16 queries or one query and two batches, whatever there is; a page may be short and go on.

        `since` and `until` have to be there: they bound the months.
        """
        if page.after is not None and page.after <= _span(wanted)[0]:
            return Page([])  # what followed has expired meanwhile
        if wanted.resource is not None:
            return self._indexed(EDGE, keys.audit_edge(org_id, wanted.resource), wanted, page)
        if wanted.actor is not None:
            return self._indexed(LIST, keys.audit_listing(org_id, wanted.actor), wanted, page)
        return self._by_month(org_id, wanted, page)

    def _indexed(self, index: Index, pk: str, wanted: AuditFilter, page: PageRequest) -> Page[AuditEvent]:
        since, until = _span(wanted)
        limit = READ if (wanted.action or (wanted.actor and wanted.resource)) else page.limit
        found = self._table.query(
            pk, index=index, since=since, until=until, after=page.after, limit=limit, newest_first=True
        )
        rows = self._table.batch_get(found.keys)
        last = found.keys[-1].sk if found.more else None
        return _filled([rows[key] for key in found.keys if key in rows], last, wanted, page.limit)

    def _by_month(self, org_id: str, wanted: AuditFilter, page: PageRequest) -> Page[AuditEvent]:
        since, until = _span(wanted)
        limit = READ if wanted.action else page.limit
        months = _months(page.after or until, since)
        rows: list[Item] = []
        for wave in _WAVES:
            asked, months = months[:wave], months[wave:]
            found = self._table.query_each(
                (keys.audit_month(org_id, month) for month in asked),
                since=since, until=until, after=page.after, limit=limit, newest_first=True,
            )  # fmt: skip
            for part in found:
                rows += part.items
                if part.more:
                    return _filled(rows, rows[-1]["sk"]["S"], wanted, page.limit)
            if len(rows) > page.limit or not months:
                break
        return _filled(rows, f"{asked[-1]}-01#" if months else None, wanted, page.limit)


def read_event(row: Item) -> AuditEvent:
    """The event of a row of its own, as the table or its stream gives it."""
    return decode(AuditEvent, row)


def _span(wanted: AuditFilter) -> tuple[str, str]:
    """The lowest sort key, and one that no row has: at the same time a row's goes on with its id."""
    if wanted.since is None or wanted.until is None:
        raise AssertionError("an audit listing is bounded by time")
    return timestamp(wanted.since), timestamp(wanted.until)


def _months(newest: str, oldest: str) -> list[str]:
    """`2026-11`, `2026-10` … down to that of `oldest`."""
    first, last = _number(newest), _number(oldest)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last - 1, -1)]


def _number(at: str) -> int:
    return int(at[:4]) * 12 + int(at[5:7]) - 1


def _filled(rows: Sequence[Item], last: str | None, wanted: AuditFilter, limit: int) -> Page[AuditEvent]:
    """What of the rows was asked for; `last` is where the reading stopped, None at the end of everything."""
    events: list[AuditEvent] = []
    for row in rows:
        event = read_event(row)
        if wanted.fits(event) and len(events) == limit:
            return Page(events, _place(events[-1]))
        if wanted.fits(event):
            events.append(event)
    return Page(events, last)


def _place(event: AuditEvent) -> str:
    return keys.audit_place(timestamp(event.created_at), event.id)
