"""One way to change an object that is there: look, decide, write once, and tell its plugins."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.domain.access import Action, Actor
from shared.domain.config_object import ConfigObject
from shared.domain.errors import Stale
from shared.repositories.plugins import PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.config_objects import ConfigObjects
from shared.services.decided_anew import decided_anew

Decide = Callable[[ConfigObject, UnitOfWork], ConfigObject]
"""Adds the steps of a change to a unit of work and gives the object as it is then; itself when nothing changes."""


@dataclass(frozen=True, slots=True)
class ObjectChanges:
    config_objects: ConfigObjects
    plugins: PluginRepository
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def change(
        self, actor: Actor, object_id: str, action: Action, decide: Decide, if_match: int | None = None
    ) -> ConfigObject:
        """Raises: NotFound, MissingRole, what `decide` raises; Stale when `if_match` names an older state."""

        def once() -> ConfigObject:
            current = self.config_objects.get(actor, object_id, action)
            if if_match is not None and if_match != current.revision:
                raise Stale
            with self.begin() as work:
                changed = decide(current, work)
                if changed.head != current.head:
                    self._touch(current, work)
            return changed

        return once() if if_match is not None else decided_anew(once, "This object")

    def _touch(self, current: ConfigObject, work: UnitOfWork) -> None:
        for plugin_id in sorted(current.plugin_ids):
            self.plugins.touch(current.org_id, plugin_id, work)
