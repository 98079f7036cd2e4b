"""Archive, delete, restore: what is put aside leaves delivery at once, and keeps its plugins, grants and history."""

from dataclasses import dataclass, replace
from typing import Final

from shared.domain.access import Action, Actor
from shared.domain.config_object import DELIVERED, ConfigObject, CreatedVia, ObjectStatus, Version
from shared.domain.prepared_unit import Origin
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.repositories.versions import VersionRepository
from shared.services.ingestion import Ingestion
from shared.services.mint import Mint
from shared.services.object_changes import ObjectChanges
from shared.services.source_binding import SourceBinding

RESTORED: Final = "restored"


@dataclass(frozen=True, slots=True)
class ObjectLifecycle:
    """Every verb is idempotent, and takes a manager."""

    changes: ObjectChanges
    objects: ConfigObjectRepository
    versions: VersionRepository
    ingestion: Ingestion
    source: SourceBinding
    mint: Mint

    def archive(self, actor: Actor, object_id: str) -> ConfigObject:
        """Its source still brings versions; none is delivered. Raises: NotFound, MissingRole, Conflict if deleted."""

        def decide(current: ConfigObject, work: UnitOfWork) -> ConfigObject:
            current.require_not_deleted()
            if current.status == ObjectStatus.ARCHIVED:
                return current
            return self._written(current, replace(current, status=ObjectStatus.ARCHIVED), work)

        return self.changes.change(actor, object_id, Action.DISPOSE, decide)

    def delete(self, actor: Actor, object_id: str) -> ConfigObject:
        """A deletion is a version. A sync leaves the object's path alone from now on. Raises: NotFound, MissingRole."""

        def decide(current: ConfigObject, work: UnitOfWork) -> ConfigObject:
            if current.status == ObjectStatus.DELETED:
                return current
            self.source.suppress(current, work)
            return self.ingestion.delete(current, _by(actor), work)

        return self.changes.change(actor, object_id, Action.DISPOSE, decide)

    def restore(self, actor: Actor, object_id: str) -> ConfigObject:
        """Active again, with all that it had. Raises: NotFound, MissingRole.

        A deleted one gets a version with its last good content, so that its history tells of the way back. It
        follows its source again; where the path is gone or another object's by now, it belongs to people alone.
        """

        def decide(current: ConfigObject, work: UnitOfWork) -> ConfigObject:
            if current.status in DELIVERED:
                return current
            if current.status != ObjectStatus.DELETED:
                return self._written(current, replace(current, status=current.status_by_content), work)
            bound = self.source.resume(current, work)
            return self.ingestion.restore(bound, self._head(current), _by(actor, RESTORED), work)

        return self.changes.change(actor, object_id, Action.DISPOSE, decide)

    def _head(self, current: ConfigObject) -> Version | None:
        if current.head_version_id is None:
            return None
        return self.versions.find(current.org_id, current.id, current.head_version_id)

    def _written(self, current: ConfigObject, changed: ConfigObject, work: UnitOfWork) -> ConfigObject:
        written = replace(changed, updated_at=self.mint.now(), revision=current.revision + 1)
        self.objects.replace(written, current.revision, work)
        return written


def _by(actor: Actor, reason: str | None = None) -> Origin:
    return Origin(CreatedVia.CLOUD, actor.id, actor.id, reason=reason)
