"""Who did what: audit events for those who may read them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.access import Actor, Capability, require_capability
from shared.domain.audit import AuditEvent, AuditFilter
from shared.domain.errors import Invalid
from shared.domain.ids import moment_of
from shared.domain.paging import Page, PageRequest
from shared.repositories.audit_events import AuditEventRepository
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class Audit:
    """`kept` is how long events stay: there is nothing to be read before it."""

    events: AuditEventRepository
    kept: timedelta
    mint: Mint

    def list_page(self, actor: Actor, wanted: AuditFilter, page: PageRequest) -> Page[AuditEvent]:
        """Newest first. Raises: MissingCapability; Invalid for a span that ends before it begins."""
        require_capability(actor, Capability.AUDIT_READ)
        if wanted.since is not None and wanted.until is not None and wanted.since >= wanted.until:
            raise Invalid.field("until", "must be later than `since`")
        since, until = self._since(actor, wanted.since), self._until(wanted.until)
        if since >= until:
            return Page([])
        return self.events.list_page(actor.org_id, replace(wanted, since=since, until=until), page)

    def _since(self, actor: Actor, asked: datetime | None) -> datetime:
        """Nothing is older than the org, nor than what is kept."""
        oldest = max(moment_of(actor.org_id), self.mint.now() - self.kept)
        return max(oldest, asked) if asked is not None else oldest

    def _until(self, asked: datetime | None) -> datetime:
        """A moment from now: what is written by another machine may be ahead of this one's clock."""
        soon = self.mint.now() + timedelta(minutes=5)
        return min(soon, asked) if asked is not None else soon
