"""Mappings: path selector → config type, and optionally a plugin."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from typing import Any, Final

from shared.domain.access import Action, Actor
from shared.domain.config_types.registry import config_type
from shared.domain.connector import ConnectorTarget, Mapping
from shared.domain.errors import Conflict, DepotError, NotFound, Stale
from shared.domain.paging import Page, PageRequest
from shared.domain.reconciliation.selector import compile_selector
from shared.domain.sync_event import SyncEvent, SyncTrigger
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.mappings import MappingRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_targets import ConnectorTargets
from shared.services.mint import Mint
from shared.services.plugins import Plugins
from shared.services.sync_events import SyncEvents

MAX_MAPPINGS: Final = 2_500
"""Mappings of one target: a reconciliation reads them all, in one page. A marketplace of 500 plugins has so many."""

_AT_ONCE: Final = 90
"""Rows in one transaction, with room for the target's own."""


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
    sync_events: SyncEvents
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, target_id: str, draft: MappingDraft) -> Mapping:
        """Raises: Invalid for the selector or type; MissingRole on the instance or plugin; Conflict at the limit."""
        (outcome,) = self.create_all(actor, target_id, [draft])
        if isinstance(outcome, DepotError):
            raise outcome
        return outcome

    def create_all(self, actor: Actor, target_id: str, drafts: Sequence[MappingDraft]) -> list[Mapping | DepotError]:
        """One outcome per draft, in order; a draft that is refused stops no other one.

        Raises: NotFound, MissingRole, for the target.
        """
        target = self.targets.get(actor, target_id, Action.EDIT)
        room = MAX_MAPPINGS - len(self.mappings.list_all(actor.org_id, target.id))
        outcomes: list[Mapping | DepotError] = []
        for draft in drafts:
            outcomes.append(self._decided(actor, target, draft, room))
            room -= isinstance(outcomes[-1], Mapping)
        made = [one for one in outcomes if isinstance(one, Mapping)]
        for start in range(0, len(made), _AT_ONCE):
            with self.begin() as work:
                for mapping in made[start : start + _AT_ONCE]:
                    self.mappings.add(mapping, work)
                self.target_rows.update(target, {"mappings_changed_at": self.mint.now()}, work)
        return outcomes

    def get(self, actor: Actor, mapping_id: str, action: Action = Action.VIEW) -> Mapping:
        """A mapping's access follows its target's instance."""
        return self._with_target(actor, mapping_id, action)[0]

    def list_page(self, actor: Actor, target_id: str, page: PageRequest) -> Page[Mapping]:
        target = self.targets.get(actor, target_id)
        return self.mappings.list_page(actor.org_id, target.id, page)

    def update(
        self, actor: Actor, mapping_id: str, changes: MappingOf[str, Any], if_match: int | None = None
    ) -> Mapping:
        """Change it, and queue a run: what it selects keeps its identity as long as path and type stay.

        Raises: NotFound; MissingRole on the instance, or on the plugin it is bound to or was; Invalid; Stale.
        """
        seen, target = self._with_target(actor, mapping_id, Action.EDIT)
        if if_match is not None and if_match != seen.revision:
            raise Stale
        changed = replace(seen, **changes)
        if changed == seen:
            return seen
        self._check(actor, changed)
        if seen.plugin_id is not None and changed.plugin_id != seen.plugin_id:
            self.plugins.get(actor, seen.plugin_id, Action.EDIT)
        at = self.mint.now()
        reread_at = seen.reread_at if changed.parser_mode == seen.parser_mode else at
        changed = replace(changed, updated_at=at, reread_at=reread_at, revision=seen.revision + 1)
        with self.begin() as work:
            self.mappings.replace(changed, seen.revision, work)
            event = self._ask_for_run(actor, target, work)
        self.sync_events.enqueue(event)
        return changed

    def delete(self, actor: Actor, mapping_id: str) -> Mapping:
        """Remove it, and queue a run: what no other mapping selects is deleted, with tombstones.

        Raises: NotFound; MissingRole below manager on the instance.
        """
        seen, target = self._with_target(actor, mapping_id, Action.DISPOSE)
        with self.begin() as work:
            self.mappings.remove(actor.org_id, target.id, seen.id, work)
            event = self._ask_for_run(actor, target, work)
        self.sync_events.enqueue(event)
        return seen

    def _with_target(self, actor: Actor, mapping_id: str, action: Action) -> tuple[Mapping, ConnectorTarget]:
        mapping = self.mappings.find(actor.org_id, mapping_id)
        if mapping is None:
            raise NotFound("connector mapping")
        return mapping, self.targets.get(actor, mapping.target_id, action)

    def _ask_for_run(self, actor: Actor, target: ConnectorTarget, work: UnitOfWork) -> SyncEvent:
        self.target_rows.update(target, {"mappings_changed_at": self.mint.now()}, work)
        return self.sync_events.add(target, SyncTrigger.MANUAL, actor.id, work)

    def _decided(self, actor: Actor, target: ConnectorTarget, draft: MappingDraft, room: int) -> Mapping | DepotError:
        try:
            mapping = self._mapping(actor, target, draft)
            self._check(actor, mapping)
            if room <= 0:
                raise Conflict(f"A target has at most {MAX_MAPPINGS} mappings; use wider selectors.")
        except DepotError as refusal:
            return refusal
        return mapping

    def _check(self, actor: Actor, mapping: Mapping) -> None:
        """Raises: Invalid; NotFound or MissingRole for the plugin."""
        compile_selector(mapping.selector)
        config_type(mapping.object_type, "objectType")
        if mapping.plugin_id is not None:
            self.plugins.get(actor, mapping.plugin_id, Action.EDIT)

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
