"""Lists of config objects: one row per object the caller may see, at a bounded cost per page."""

from dataclasses import dataclass
from typing import Final

from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject, ObjectStatus, SourceMode
from shared.domain.paging import Page, PageRequest
from shared.repositories.config_objects import ConfigObjectRepository
from shared.services.visibility import Visibility

_ROUNDS: Final = 2
"""Index pages read for one page of answers: it may come back short, with a cursor, but never expensive."""


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    type: str | None = None
    status: ObjectStatus | None = None
    source_mode: SourceMode | None = None
    plugin_id: str | None = None
    connector_instance_id: str | None = None
    include_deleted: bool = False

    def takes(self, entity: ConfigObject) -> bool:
        instance = entity.source.connector_instance_id if entity.source else None
        return (
            (self.include_deleted or self.status is not None or entity.status != ObjectStatus.DELETED)
            and self.type in (None, entity.type)
            and self.status in (None, entity.status)
            and self.source_mode in (None, entity.source_mode)
            and (self.plugin_id is None or self.plugin_id in entity.plugin_ids)
            and self.connector_instance_id in (None, instance)
        )


@dataclass(frozen=True, slots=True)
class ObjectListing:
    objects: ConfigObjectRepository
    visibility: Visibility

    def list_page(self, actor: Actor, wanted: ObjectFilter, page: PageRequest) -> Page[ConfigObject]:
        """Oldest first. The filter is applied to the rows read; pages do not shift while rows change."""
        taken: list[ConfigObject] = []
        after = page.after
        for _ in range(_ROUNDS):
            found = self.objects.list_page(actor.org_id, PageRequest(page.limit, after))
            passing = [entity for entity in found.items if wanted.takes(entity)]
            for entity in self.visibility.visible(actor, passing):
                taken.append(entity)
                if len(taken) == page.limit:
                    more = entity is not found.items[-1] or found.next_after is not None
                    return Page(taken, entity.id if more else None)
            after = found.next_after
            if after is None:
                break
        return Page(taken, after)
