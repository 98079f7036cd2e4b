"""Plugins with more than one transaction can hold: written stage by stage, seen at once, or removed without a trace."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Final

from shared.domain.audit import Occasion
from shared.domain.errors import DepotError, Retryable, Stale
from shared.domain.plugin import Plugin
from shared.domain.plugin_preparation import Preparation, Stage
from shared.repositories import keys
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.grants import GrantRepository
from shared.repositories.plugin_preparations import PluginPreparationRepository
from shared.repositories.plugins import PluginRepository
from shared.repositories.unit_of_work import MAX_STEPS, UnitOfWork
from shared.services.decided_anew import decided_anew
from shared.services.mint import Mint

OVERDUE_AFTER: Final = timedelta(minutes=5)
"""No request lives as long (the gateway gives it 29 seconds): past this, its function was stopped."""

PER_SHARD: Final = 20
"""Plugins looked after per shard and sweep; the rest waits for the next one."""

_OWN_STEPS: Final = 3
"""The plugin's row, its name, and its place among those of that name."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something written with a plugin, of so many steps that belong together.

    `write` takes whether lists may find at once what it creates, and gives the id of a config object it creates.
    """

    steps: int
    write: Callable[[UnitOfWork, bool], str | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PluginPreparations:
    rows: PluginPreparationRepository
    plugins: PluginRepository
    objects: ConfigObjectRepository
    grants: GrantRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def write(self, plugin: Plugin, parts: Sequence[Part]) -> None:
        """The plugin and all its parts, or nothing of them. Raises: NameTaken, and what the parts' steps say."""
        if _OWN_STEPS + sum(part.steps for part in parts) > MAX_STEPS:
            self._write_in_stages(plugin, parts)
            return
        with self.begin() as work:
            self.plugins.add(plugin, work)
            self.plugins.reserve_name(plugin, work)
            for part in parts:
                part.write(work, True)

    def withdraw(self, org_id: str, plugin_id: str) -> None:
        """Remove every trace of a plugin that was never finished; a finished one stays. Idempotent."""
        found = self.rows.find(org_id, plugin_id)
        with suppress(Stale):  # it was finished in this very moment, or is removed by somebody else
            if found is not None and found.unfinished is not None:
                self._remove(found)

    def list_created(self, org_id: str, plugin_id: str) -> None:
        """Let lists and searches find the config objects that were created with a plugin. Idempotent."""
        decided_anew(lambda: self._list_created(org_id, plugin_id), "This plugin")

    def sweep(self) -> int:
        """Look after what stopped functions left behind; how many plugins these are."""
        overdue = [
            found for shard in keys.due_shards() for found in self.rows.list_overdue(shard, self.mint.now(), PER_SHARD)
        ]
        for found in overdue:
            with suppress(Retryable):  # it stays due
                self.withdraw(found.org_id, found.id)
                self.list_created(found.org_id, found.id)
        return len(overdue)

    def _write_in_stages(self, plugin: Plugin, parts: Sequence[Part]) -> None:
        with self.begin().as_upkeep() as work:
            self.rows.begin(plugin, self.mint.now() + OVERDUE_AFTER, work)
        try:
            created = [one for stage in _stages(parts) for one in self._prepare(plugin, stage)]
            with self.begin().on(partial(_creating, created)) as work:
                self.rows.finish(plugin, not created, work)
                self.plugins.reserve_name(plugin, work)
        except DepotError:
            with suppress(DepotError):  # the sweep removes it as well
                self.withdraw(plugin.org_id, plugin.id)
            raise
        if created:
            with suppress(DepotError):  # the plugin is whole, and the sweep sees to its objects being listed
                self.list_created(plugin.org_id, plugin.id)

    def _prepare(self, plugin: Plugin, stage: Sequence[Part]) -> list[str]:
        with self.begin().as_upkeep() as work:
            created = [one for part in stage if (one := part.write(work, False)) is not None]
            self.rows.go_on(plugin, created, work)
        return created

    def _remove(self, found: Preparation) -> None:
        if found.unfinished == Stage.PREPARING:
            with self.begin().as_upkeep() as work:
                self.rows.withdraw(found, work)
        self._write_all(self._traces(found))
        with self.begin().as_upkeep() as work:
            self.rows.remove(found, work)

    def _write_all(self, steps: Iterable[Part]) -> None:
        for stage in _stages(steps):
            with self.begin().as_upkeep() as work:
                for one in stage:
                    one.write(work, True)

    def _traces(self, found: Preparation) -> Iterator[Part]:
        prepared = self.rows.find_prepared(found)
        for one, version in prepared.created.items():
            yield plain_part(4, partial(self.rows.remove_created, found, one, version))
        for one in prepared.members - found.unlisted_ids:
            yield plain_part(2, partial(self.rows.remove_member, found, one))
        for one in prepared.marketplaces:
            yield plain_part(2, partial(self.rows.remove_from_marketplace, found, one))
        for one in prepared.principals:
            yield plain_part(1, partial(self.rows.remove_grant, found, one))

    def _list_created(self, org_id: str, plugin_id: str) -> None:
        found = self.rows.find(org_id, plugin_id)
        if found is None or found.unfinished is not None or not found.unlisted_ids:
            return
        held = self.grants.find_of_principal(org_id, sorted(found.unlisted_ids), found.created_by)
        at = self.mint.now()
        steps = [plain_part(1, partial(self.objects.enlist, org_id, one, at)) for one in sorted(found.unlisted_ids)]
        steps += [plain_part(1, partial(self.grants.enlist, one)) for one in held if one.removed_at is None]
        self._write_all(steps)
        with self.begin().as_upkeep() as work:
            self.rows.note_listed(found, work)


def _creating(created: Sequence[str], seen: Occasion) -> Occasion:
    """The one deed of all the stages; what earlier ones created is named with it."""
    return replace(seen, metadata={**seen.metadata, "created": created})


def plain_part(steps: int, write: Callable[[UnitOfWork], None]) -> Part:
    """One that creates no config object."""

    def written(work: UnitOfWork, _listed: bool) -> None:
        write(work)

    return Part(steps, written)


def _stages(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """As many together as one transaction takes, beside one step for the plugin's own row."""
    stage: list[Part] = []
    for part in parts:
        if stage and sum(one.steps for one in stage) + part.steps >= MAX_STEPS:
            yield stage
            stage = []
        stage.append(part)
    if stage:
        yield stage
