"""How one change becomes rows: object, version, binding, membership and tombstone, in one unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from shared.domain.config_object import ConfigObject, CreatedVia, ObjectStatus, SourceLocation
from shared.domain.connector import Binding, Refusal, Tombstone
from shared.domain.connector import Mapping as PathMapping
from shared.domain.plugin import MembershipSource, PluginMembership
from shared.domain.prepared_unit import Origin, PreparedUnit
from shared.domain.reconciliation.plan import Create, Update
from shared.domain.reconciliation.wanted import Wanted
from shared.repositories.bindings import BindingRepository
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.ingestion import Ingestion
from shared.services.mint import Mint
from shared.services.reconciliation.run import Run

CONNECTOR: Final = "connector"
"""The actor under which a sync writes."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The repositories that a reconciliation writes to."""

    objects: ConfigObjectRepository
    bindings: BindingRepository
    plugins: PluginRepository
    memberships: PluginMembershipRepository
    ingestion: Ingestion
    mint: Mint


class ChangeWriter:
    """Adds the steps of changes to one unit of work; `known` are the changed objects as they are now."""

    def __init__(self, rows: Rows, run: Run, work: UnitOfWork, known: Mapping[str, ConfigObject]) -> None:
        self._rows, self._run, self._work, self._known = rows, run, work, known
        self._org_id = run.target.org_id
        self._touched: set[str] = set()
        self._fed: set[str] = set()
        self._filled: set[str] = set()
        self._mapped = {_joined(mapping) for mapping in run.mappings}

    def write(self, change: Create | Update, unit: PreparedUnit) -> None:
        if isinstance(change, Create):
            self._create(change, unit)
        else:
            self._update(change, unit)

    def rebind(self, change: Update) -> None:
        """Another mapping wants the same content, or the mapping has changed: nothing is fetched.

        The plugin that a mapping brought it into before is left, the one it brings it into now is joined.
        """
        self._replace_binding(change, change.binding.refusal)
        current = self._known.get(change.binding.config_object_id)
        if current is None:
            return
        plugin_id = _joined(self._run.mapping(change.wanted.mapping_id))
        left = self._left(current, change, plugin_id)
        plugins = (current.plugin_ids - left) | ({plugin_id} if plugin_id else set())
        if plugins == current.plugin_ids:
            return
        if plugin_id is not None and plugin_id not in current.plugin_ids:
            self._join(current, plugin_id, change.wanted)
        moved = replace(current, plugin_ids=plugins, revision=current.revision + 1)
        self._rows.objects.replace(moved, current.revision, self._work)

    def _left(self, current: ConfigObject, change: Update, wanted: str | None) -> frozenset[str]:
        """Plugins that a mapping alone has brought the object into, and that none brings it into any more."""
        others = current.plugin_ids - {wanted}
        rows = self._rows.memberships.find_each(self._org_id, others, current.id) if others else []
        mappings = {change.binding.mapping_id, change.wanted.mapping_id}
        brought = [one for one in rows if one.source is MembershipSource.CONNECTOR and one.mapping_id in mappings]
        for one in brought:
            self._rows.memberships.put(replace(one, removed_at=self._rows.mint.now()), self._work)
            self._touched.add(one.plugin_id)
        return frozenset(one.plugin_id for one in brought)

    def prune(self, binding: Binding) -> None:
        self._rows.bindings.bury(self._org_id, binding, self._tombstone(binding), self._work)
        self._delete(binding)

    def touch_plugins(self) -> None:
        """Once for all changes: one transaction takes one step per row.

        A plugin that this target's objects only left, and that none of its mappings names, is fed by others alone;
        unless people put them into it, who may have put more.
        """
        target_id = self._run.target.id
        for plugin_id in sorted(self._touched):
            if plugin_id in self._mapped or plugin_id in self._fed | self._filled:
                self._rows.plugins.touch(self._org_id, plugin_id, self._work, fed_by=[target_id])
            else:
                self._rows.plugins.touch(self._org_id, plugin_id, self._work, left_by=target_id)

    def _create(self, change: Create, unit: PreparedUnit) -> None:
        mapping = self._run.mapping(change.wanted.mapping_id)
        plugin_id = _joined(mapping)
        origin = self._origin(change.wanted, frozenset({plugin_id} if plugin_id else ()))
        created = self._rows.ingestion.create(self._org_id, unit, origin, self._work)
        if plugin_id is not None:
            self._join(created, plugin_id, change.wanted)
        binding = self._binding(change.wanted, created.id, self._refusal(unit))
        if change.replaces is None:
            self._rows.bindings.add(self._org_id, binding, self._work)
        else:
            # The path holds another type now: the old identity ends here, the new one takes its place.
            self._rows.bindings.replace(self._org_id, binding, change.replaces, self._work)
            self._rows.bindings.remember(self._org_id, self._tombstone(change.replaces), self._work)
            self._delete(change.replaces)

    def _update(self, change: Update, unit: PreparedUnit) -> None:
        self._replace_binding(change, self._refusal(unit))
        current = self._known.get(change.binding.config_object_id)
        if current is None:
            return
        origin = self._origin(change.wanted, current.plugin_ids)
        if not unit.parsed.loads:
            self._rows.ingestion.refuse(current, unit.diagnostics, self._work)
        elif unit.digest == current.head_digest:
            self._rows.ingestion.refresh(current, unit, origin, self._work)
        else:
            self._rows.ingestion.advance(current, unit, origin, self._work)
            self._touched |= current.plugin_ids
            self._fed |= current.plugin_ids

    def _delete(self, binding: Binding) -> None:
        current = self._known.get(binding.config_object_id)
        if current is not None and current.status != ObjectStatus.DELETED:
            self._rows.ingestion.delete(current, self._end(), self._work)
            self._touched |= current.plugin_ids
            others = current.plugin_ids - self._mapped
            rows = self._rows.memberships.find_each(self._org_id, others, current.id) if others else []
            self._filled |= {one.plugin_id for one in rows if one.source is not MembershipSource.CONNECTOR}

    def _join(self, entity: ConfigObject, plugin_id: str, wanted: Wanted) -> None:
        at = self._rows.mint.now()
        source = MembershipSource.CONNECTOR
        row = PluginMembership(self._org_id, plugin_id, entity.id, source, at, CONNECTOR, wanted.mapping_id)
        self._rows.memberships.put(row, self._work)
        self._touched.add(plugin_id)

    def _replace_binding(self, change: Update, refusal: Refusal | None) -> None:
        binding = self._binding(change.wanted, change.binding.config_object_id, refusal)
        binding = replace(binding, status=change.binding.status)
        self._rows.bindings.replace(self._org_id, binding, change.binding, self._work)

    def _refusal(self, unit: PreparedUnit) -> Refusal | None:
        note, event = unit.parsed.refused_for, self._run.event
        return Refusal(note.code, note.message, event.id, event.asked_at) if note else None

    def _binding(self, wanted: Wanted, object_id: str, refusal: Refusal | None) -> Binding:
        return Binding(
            config_object_id=object_id,
            target_id=self._run.target.id,
            mapping_id=wanted.mapping_id,
            locator=wanted.locator,
            fingerprint=wanted.fingerprint,
            last_seen_revision=self._run.head,
            refusal=refusal,
        )

    def _tombstone(self, binding: Binding) -> Tombstone:
        return Tombstone(
            target_id=binding.target_id,
            mapping_id=binding.mapping_id,
            locator=binding.locator,
            former_config_object_id=binding.config_object_id,
            sync_event_id=self._run.event.id,
            revision=self._run.head,
            created_at=self._rows.mint.now(),
        )

    def _origin(self, wanted: Wanted, plugin_ids: frozenset[str]) -> Origin:
        """Connector objects belong to whoever configured the mapping."""
        target = self._run.target
        location = SourceLocation(target.instance_id, target.id, wanted.locator)
        owner = self._run.mapping(wanted.mapping_id).created_by
        return replace(
            self._end(), owner=owner, location=location, relative_path=wanted.unit.origin, plugin_ids=plugin_ids
        )

    def _end(self) -> Origin:
        event = self._run.event
        return Origin(
            CreatedVia.CONNECTOR, CONNECTOR, CONNECTOR, sync_event_id=event.id, source_revision=self._run.head
        )


def _joined(mapping: PathMapping) -> str | None:
    return mapping.plugin_id if mapping.auto_add_to_plugin else None
