"""Mappings: path selector → config type, and optionally a plugin."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.domain.access import Action, Actor
from shared.domain.config_types.registry import config_type
from shared.domain.connector import ConnectorTarget, Mapping
from shared.domain.errors import Conflict, NotFound
from shared.domain.paging import Page, PageRequest
from shared.domain.reconciliation.selector import compile_selector
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.mappings import MappingRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_targets import ConnectorTargets
from shared.services.mint import Mint
from shared.services.plugins import Plugins

MAX_MAPPINGS: Final = 2_500
"""Mappings of one target: a reconciliation reads them all, in one page. A marketplace of 500 plugins has so many."""


@dataclass(frozen=True, slots=True)
class MappingDraft:
    selector: str
    object_type: str
    plugin_id: str | None = None
    auto_add_to_plugin: bool = True
    parser_mode: str | None = None


@dataclass(frozen=True, slots=True)
class Mappings:
    mappings: MappingRepository
    target_rows: ConnectorTargetRepository
    targets: ConnectorTargets
    plugins: Plugins
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, target_id: str, draft: MappingDraft) -> Mapping:
        """Raises: Invalid for the selector or type; MissingRole on the instance or plugin; Conflict at the limit."""
        target = self.targets.get(actor, target_id, Action.EDIT)
        compile_selector(draft.selector)
        config_type(draft.object_type, "objectType")
        if draft.plugin_id is not None:
            self.plugins.get(actor, draft.plugin_id, Action.EDIT)
        if len(self.mappings.list_all(actor.org_id, target.id)) >= MAX_MAPPINGS:
            raise Conflict(f"A target has at most {MAX_MAPPINGS} mappings; use wider selectors.")
        mapping = self._mapping(actor, target, draft)
        with self.begin() as work:
            self.mappings.add(mapping, work)
            self.target_rows.update(target, {"mappings_changed_at": mapping.created_at}, work)
        return mapping

    def get(self, actor: Actor, mapping_id: str) -> Mapping:
        mapping = self.mappings.find(actor.org_id, mapping_id)
        if mapping is None:
            raise NotFound("connector mapping")
        self.targets.get(actor, mapping.target_id)
        return mapping

    def list_page(self, actor: Actor, target_id: str, page: PageRequest) -> Page[Mapping]:
        target = self.targets.get(actor, target_id)
        return self.mappings.list_page(actor.org_id, target.id, page)

    def _mapping(self, actor: Actor, target: ConnectorTarget, draft: MappingDraft) -> Mapping:
        at = self.mint.now()
        return Mapping(
            id=self.mint.new_id("cmp"),
            org_id=actor.org_id,
            target_id=target.id,
            selector=draft.selector,
            object_type=draft.object_type,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
            plugin_id=draft.plugin_id,
            auto_add_to_plugin=draft.auto_add_to_plugin,
            parser_mode=draft.parser_mode,
        )
