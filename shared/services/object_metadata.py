"""What people write about an object because its source does not say it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.domain.access import Action, Actor
from shared.domain.config_object import ConfigObject
from shared.domain.config_types.metadata import changed_metadata, shown
from shared.domain.config_types.registry import config_type
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.object_changes import ObjectChanges


@dataclass(frozen=True, slots=True)
class ObjectMetadata:
    changes: ObjectChanges
    objects: ConfigObjectRepository
    mint: Mint

    def update(
        self, actor: Actor, object_id: str, changes: Mapping[str, str | None], if_match: int | None = None
    ) -> ConfigObject:
        """`changes`: title and description; None takes away what was written here.

        Raises: NotFound, MissingRole; Invalid for a field that the object's source defines; Conflict for a deleted
            object; Stale when `if_match` names an older state.
        """

        def decide(current: ConfigObject, work: UnitOfWork) -> ConfigObject:
            current.require_not_deleted()
            own = changed_metadata(current.own_metadata, changes, config_type(current.type).source_defines)
            if own == current.own_metadata:
                return current
            gone = dict.fromkeys(current.own_metadata.keys() - own.keys())
            changed = replace(
                current,
                own_metadata=own,
                updated_at=self.mint.now(),
                revision=current.revision + 1,
                **{**gone, **shown(own)},
            )
            self.objects.replace(changed, current.revision, work)
            return changed

        return self.changes.change(actor, object_id, Action.EDIT, decide, if_match)
