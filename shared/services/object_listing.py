"""Lists of config objects: one row per object the caller may see, at a bounded cost per page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject, Json, ObjectStatus, SourceMode
from shared.domain.paging import Page, PageRequest
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.plugins import PluginMembershipRepository
from shared.services.visibility import Visibility

_BUDGET: Final = 200
"""Rows read for one page of answers where not every row will pass: two batches, read side by side."""


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    """`projection`: the type's own filter fields, by the names of its projection."""

    type: str | None = None
    status: ObjectStatus | None = None
    source_mode: SourceMode | None = None
    plugin_id: str | None = None
    connector_instance_id: str | None = None
    include_deleted: bool = False
    projection: Mapping[str, Json] = field(default_factory=dict)

    @property
    def is_narrow(self) -> bool:
        return any((self.type, self.status, self.source_mode, self.connector_instance_id, self.projection))

    def takes(self, entity: ConfigObject) -> bool:
        instance = entity.source.connector_instance_id if entity.source else None
        return (
            (self.include_deleted or self.status is not None or entity.status != ObjectStatus.DELETED)
            and self.type in (None, entity.type)
            and self.status in (None, entity.status)
            and self.source_mode in (None, entity.source_mode)
            and (self.plugin_id is None or self.plugin_id in entity.plugin_ids)
            and self.connector_instance_id in (None, instance)
            and all(entity.projection.get(name) == value for name, value in self.projection.items())
        )


@dataclass(frozen=True, slots=True)
class ObjectListing:
    objects: ConfigObjectRepository
    memberships: PluginMembershipRepository
    visibility: Visibility

    def list_page(self, actor: Actor, wanted: ObjectFilter, page: PageRequest) -> Page[ConfigObject]:
        """In id order; pages do not shift while rows change.

        Three round trips however large the org: keys, rows, and the plugins that may show them. Filter and access
        are applied to the rows read, at most `_BUDGET` of them: a page may come back short, with a cursor.
        """
        budget = page.limit if actor.administers and not wanted.is_narrow else max(page.limit, _BUDGET)
        ids = self._ids(actor, wanted, page.after, budget)
        found = self.objects.find_all(actor.org_id, ids.items)
        passing = [found[i] for i in ids.items if i in found and wanted.takes(found[i])]
        shown = self.visibility.visible(actor, passing)
        return _cut(shown, page.limit, ids.next_after)

    def _ids(self, actor: Actor, wanted: ObjectFilter, after: str | None, budget: int) -> Page[str]:
        """Ids in order, of the plugin asked for or of the org."""
        if wanted.plugin_id is not None:
            return self.memberships.list_object_ids(actor.org_id, wanted.plugin_id, after, budget)
        return self.objects.list_ids(actor.org_id, after, budget)


def _cut(shown: Sequence[ConfigObject], limit: int, rest: str | None) -> Page[ConfigObject]:
    if len(shown) > limit:
        return Page(shown[:limit], shown[limit - 1].id)
    return Page(shown, rest)
