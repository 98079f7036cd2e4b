"""The tie between a connector object and its path, as people cut and mend it; a sync makes and ends it."""

from dataclasses import dataclass, replace

from shared.domain.config_object import ConfigObject
from shared.domain.connector import Binding, BindingStatus
from shared.repositories.bindings import BindingRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class SourceBinding:
    bindings: BindingRepository
    targets: ConnectorTargetRepository
    mint: Mint

    def suppress(self, current: ConfigObject, work: UnitOfWork) -> None:
        """No sync makes anything of the path until it is resumed. Raises: AlreadyBound, on commit."""
        binding = self._own(current)
        if binding is not None and binding.status is BindingStatus.ACTIVE:
            self._set(current, binding, BindingStatus.SUPPRESSED, work)

    def resume(self, current: ConfigObject, work: UnitOfWork) -> ConfigObject:
        """The next sync brings the object up to date, or ends it where the path is gone by then.

        An object whose path was ended or taken by another has no source any more. Raises: AlreadyBound, on commit.
        """
        binding, source = self._own(current), current.source
        target = self.targets.find(current.org_id, source.target_id) if source else None
        if binding is None or target is None:
            return replace(current, source=None, diverged=False)
        if binding.status is not BindingStatus.ACTIVE:
            self._set(current, binding, BindingStatus.ACTIVE, work)
        # Else a sync of a head that was synced already would not look.
        self.targets.update(target, {"mappings_changed_at": self.mint.now()}, work)
        return current

    def _own(self, current: ConfigObject) -> Binding | None:
        if current.source is None:
            return None
        found = self.bindings.find(current.org_id, current.source.target_id, current.source.locator)
        return found if found is not None and found.config_object_id == current.id else None

    def _set(self, current: ConfigObject, seen: Binding, status: BindingStatus, work: UnitOfWork) -> None:
        self.bindings.replace(current.org_id, replace(seen, status=status), seen, work)
