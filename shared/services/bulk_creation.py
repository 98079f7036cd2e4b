"""Many new config objects in one request: each is created whole or refused with its own reason."""

from collections.abc import Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.domain.access import Action, Actor
from shared.domain.config_object import ConfigObject, SourceMode
from shared.domain.config_types.limits import MAX_FILES
from shared.domain.errors import DepotError, NotFound, Retryable, TooLarge
from shared.domain.plugin import Plugin
from shared.domain.prepared_unit import PreparedUnit
from shared.services.config_objects import ConfigObjects, ObjectDraft
from shared.services.mint import Mint
from shared.services.side_by_side import for_threads

ENOUGH: Final = timedelta(seconds=20)
"""After this no further item is begun: the gateway gives a request 29 seconds."""

LANES: Final = 8
"""Transactions at a time."""

_LATE: Final = "There was no time left for this item; send it again in another request."

Outcome = ConfigObject | DepotError
Plugins = Mapping[str, Plugin | DepotError]
"""Those that are named, by id: a plugin that takes objects of this actor, or its refusal."""


@dataclass(frozen=True, slots=True)
class BulkCreation:
    config_objects: ConfigObjects
    mint: Mint

    def create_all(self, actor: Actor, drafts: Sequence[ObjectDraft | DepotError]) -> list[Outcome]:
        """One outcome per draft, in order; a draft that could not be read comes as its refusal and stays one.

        Who may create, and the plugins, are looked up once; the content of all is stored at once; then there is one
        transaction per object. Raises: MissingCapability; TooLarge for more files than one object may have.
        """
        objects = self.config_objects
        objects.require_creator(actor)
        good = [one for one in drafts if isinstance(one, ObjectDraft)]
        require_fit(good)
        until = self.mint.now() + ENOUGH
        plugins = self._plugins(actor, {plugin_id for one in good for plugin_id in one.plugin_ids})
        decided = [self._decide(actor, one, plugins, until) for one in drafts]
        ready = {place: one for place, one in enumerate(decided) if isinstance(one, _Ready)}
        objects.ingestion.store(actor.org_id, [one.unit for one in ready.values()])
        written = self._write_all(actor, ready, until)
        return [one if isinstance(one, DepotError) else written[place] for place, one in enumerate(decided)]

    def _decide(
        self, actor: Actor, draft: ObjectDraft | DepotError, plugins: Plugins, until: datetime
    ) -> "_Ready | DepotError":
        if isinstance(draft, DepotError):
            return draft
        try:
            self._require_time(until)
            chosen = [_admitted(plugins.get(one)) for one in dict.fromkeys(draft.plugin_ids)]
            return _Ready(draft.source_mode, self.config_objects.prepare(actor, draft), chosen)
        except DepotError as refusal:
            return refusal

    def _plugins(self, actor: Actor, wanted: Set[str]) -> Plugins:
        if not wanted:
            return {}
        found = self.config_objects.plugin_rows.find_all(actor.org_id, wanted)
        refused = self.config_objects.visibility.refused_plugins(actor, Action.EDIT, list(found.values()))
        return {**found, **refused}

    def _write_all(self, actor: Actor, ready: "Mapping[int, _Ready]", until: datetime) -> dict[int, Outcome]:
        def write(places: Sequence[int]) -> list[tuple[int, Outcome]]:
            return [(place, self._write(actor, ready[place], until)) for place in places]

        with ThreadPoolExecutor(max_workers=LANES) as pool:
            return dict(one for lane in pool.map(for_threads(write), _lanes(ready)) for one in lane)

    def _write(self, actor: Actor, one: "_Ready", until: datetime) -> Outcome:
        try:
            self._require_time(until)
            return self.config_objects.add(actor, one.unit, one.mode, one.plugins)
        except DepotError as refusal:
            return refusal

    def _require_time(self, until: datetime) -> None:
        if self.mint.now() >= until:
            raise Retryable(_LATE)


@dataclass(frozen=True, slots=True)
class _Ready:
    mode: SourceMode
    unit: PreparedUnit
    plugins: Sequence[Plugin] = field(default=())


def _lanes(ready: Mapping[int, _Ready]) -> list[list[int]]:
    """What goes in one row: objects that join plugins, for those would get into each other's way at the plugin."""
    joining = [place for place, one in ready.items() if one.plugins]
    alone = [place for place, one in ready.items() if not one.plugins]
    return [lane for lane in (joining, *(alone[start::LANES] for start in range(LANES))) if lane]


def _admitted(plugin: Plugin | DepotError | None) -> Plugin:
    if isinstance(plugin, Plugin):
        return plugin
    raise plugin or NotFound("plugin")


def require_fit(drafts: Sequence[ObjectDraft]) -> None:
    """Raises: TooLarge for more files than one object may have."""
    files = sum(1 + len(one.content.files) for one in drafts)
    if files > MAX_FILES:
        raise TooLarge(f"A bulk request has at most {MAX_FILES} files in all; this one has {files}.")
