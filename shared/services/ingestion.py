"""A source becomes a version: the one way in, whether a person, an import or a sync brings it.

Preparing is pure; storing writes content under its own hash, where it harms nobody; only the unit of work makes
it visible, version and projection together. Literal secrets are sealed on the way, and are in nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shared.domain.access import Role
from shared.domain.config_object import (
    PUT_ASIDE,
    ConfigObject,
    CreatedVia,
    ObjectStatus,
    SourceMode,
    Version,
)
from shared.domain.config_types.metadata import kept_metadata, shown
from shared.domain.config_types.registry import config_type
from shared.domain.content import content_digest, sha256_hex
from shared.domain.diagnostics import Diagnostic
from shared.domain.ids import moment_of
from shared.domain.prepared_unit import MAX_DIAGNOSTICS, Origin, PreparedUnit, projected, require_sealed
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.grants import GrantRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.repositories.versions import VersionRepository
from shared.services.mint import Mint
from shared.services.ownership import manager_grant
from shared.services.sealing import Sealing
from shared.storage.content_store import ContentStore

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Ingestion:
    objects: ConfigObjectRepository
    versions: VersionRepository
    grants: GrantRepository
    content: ContentStore
    mint: Mint
    sealing: Sealing

    def seal(self, org_id: str, unit: PreparedUnit, object_id: str | None = None) -> PreparedUnit:
        """The unit, where it holds literal secrets, with its envelope and final digest; a new object gets its id here.

        Raises: Retryable; Unconfigured in a deployment without a key for it.
        """
        if not unit.secret_files or not unit.parsed.loads:
            return unit
        envelope = self.sealing.seal(org_id, object_id or self.mint.new_id("cfg"), unit.secret_files)
        digest = content_digest(unit.entries, envelope.seal.fingerprint)
        return replace(unit, digest=digest, envelope=envelope)

    def store(self, org_id: str, units: Iterable[PreparedUnit]) -> None:
        """Put the content of units that load into storage; before the rows that name it, so that no row dangles."""
        good = [unit for unit in units if unit.parsed.loads]
        for unit in good:
            require_sealed(unit)
            if unit.envelope is not None:
                self.sealing.store(unit.envelope)
        contents = (data for unit in good for data in (unit.payload, *(file.data for file in unit.files)))
        self.content.put_blobs(org_id, contents)

    def create(self, org_id: str, unit: PreparedUnit, origin: Origin, work: UnitOfWork) -> ConfigObject:
        """A new identity with its first version and its owner's manager grant.

        A unit that the clients refuse to load gets the identity alone: its diagnostics are shown, nothing of it
        is delivered, and its next good content becomes the first version.
        """
        at = self.mint.now()
        object_id = unit.object_id or self.mint.new_id("cfg")
        version = self._version(org_id, object_id, unit, origin, previous=None) if unit.parsed.loads else None
        mode = SourceMode(origin.via) if origin.via != CreatedVia.SYSTEM else SourceMode.CLOUD
        created = ConfigObject(
            id=object_id,
            org_id=org_id,
            type=unit.type,
            source_mode=mode,
            status=ObjectStatus.ACTIVE if version else ObjectStatus.INGESTION_ERROR,
            created_at=at,
            updated_at=at,
            created_by=origin.actor_id,
            source=origin.location,
            plugin_ids=origin.plugin_ids,
            grants={origin.owner: Role.MANAGER},
            **projected(unit, origin, version),
        )
        self.objects.add(created, work, listed=origin.listed)
        if version is not None:
            self.versions.add(version, work)
        self.grants.add(manager_grant(self.mint, created, origin.owner), work, listed=origin.listed)
        return created

    def advance(
        self, current: ConfigObject, unit: PreparedUnit, origin: Origin, work: UnitOfWork
    ) -> tuple[ConfigObject, Version]:
        """The next version of an object, projected onto it in the same transaction.

        Raises: Stale, on commit, when another writer was faster.
        """
        version = self._version(current.org_id, current.id, unit, origin, current)
        changed = self._project(current, unit, origin, version)
        self.versions.add(version, work)
        self.objects.replace(changed, current.revision, work)
        return changed, version

    def refresh(self, current: ConfigObject, unit: PreparedUnit, origin: Origin, work: UnitOfWork) -> ConfigObject:
        """Equal content, so no version; but what is said of it (path, diagnostics, health) may have changed."""
        changed = self._project(current, unit, origin, None)
        self.objects.replace(changed, current.revision, work)
        return changed

    def refuse(self, current: ConfigObject, diagnostics: Sequence[Diagnostic], work: UnitOfWork) -> ConfigObject:
        """The source is broken now: say so on the object, and leave its last good version delivered."""
        changed = replace(
            current,
            status=current.status if current.status in PUT_ASIDE else ObjectStatus.INGESTION_ERROR,
            diagnostics=tuple(diagnostics)[:MAX_DIAGNOSTICS],
            updated_at=self.mint.now(),
            revision=current.revision + 1,
        )
        self.objects.replace(changed, current.revision, work)
        return changed

    def delete(self, current: ConfigObject, origin: Origin, work: UnitOfWork) -> ConfigObject:
        """Gone from delivery with this write; memberships, grants and history stay."""
        at = self.mint.now()
        version_id = self.mint.id_after(current.latest_version_id, "ver")
        version = Version(
            id=version_id,
            config_object_id=current.id,
            org_id=current.org_id,
            digest=content_digest([]),
            files=(),
            entry_path=None,
            schema_version=SCHEMA_VERSION,
            created_via=origin.via,
            created_at=moment_of(version_id),
            created_by=origin.actor_id,
            sync_event_id=origin.sync_event_id,
            source_revision=origin.source_revision,
            is_deletion=True,
        )
        changed = replace(
            current,
            status=ObjectStatus.DELETED,
            latest_version_id=version.id,
            updated_at=at,
            deleted_at=at,
            revision=current.revision + 1,
        )
        self.versions.add(version, work)
        self.objects.replace(changed, current.revision, work)
        return changed

    def restore(self, current: ConfigObject, head: Version | None, origin: Origin, work: UnitOfWork) -> ConfigObject:
        """The way back from a deletion: a version with the content of the last good one, the `head`, is delivered."""
        changed = replace(
            current,
            status=current.status_by_content,
            updated_at=self.mint.now(),
            deleted_at=None,
            revision=current.revision + 1,
        )
        if head is not None:
            version = self._again(head, current.latest_version_id, origin)
            self.versions.add(version, work)
            changed = replace(changed, head_version_id=version.id, latest_version_id=version.id)
        self.objects.replace(changed, current.revision, work)
        return changed

    def _again(self, head: Version, latest: str | None, origin: Origin) -> Version:
        version_id = self.mint.id_after(latest, "ver")
        return replace(
            head,
            id=version_id,
            created_via=origin.via,
            created_at=moment_of(version_id),
            created_by=origin.actor_id,
            reason=origin.reason,
            sync_event_id=origin.sync_event_id,
            source_revision=origin.source_revision,
        )

    def _project(
        self, current: ConfigObject, unit: PreparedUnit, origin: Origin, version: Version | None
    ) -> ConfigObject:
        own = kept_metadata(current.own_metadata, unit.parsed, config_type(unit.type).source_defines)
        return replace(
            current,
            status=current.status if current.status in PUT_ASIDE else ObjectStatus.ACTIVE,
            updated_at=self.mint.now(),
            deleted_at=None,
            diverged=origin.via != CreatedVia.CONNECTOR and current.source is not None,
            plugin_ids=current.plugin_ids | origin.plugin_ids,
            revision=current.revision + 1,
            own_metadata=own,
            **{**projected(unit, origin, version), **shown(own)},
        )

    def _version(
        self, org_id: str, object_id: str, unit: PreparedUnit, origin: Origin, previous: ConfigObject | None
    ) -> Version:
        require_sealed(unit)
        version_id = self.mint.id_after(previous.latest_version_id if previous else None, "ver")
        return Version(
            id=version_id,
            config_object_id=object_id,
            org_id=org_id,
            digest=unit.digest,
            files=unit.entries,
            entry_path=unit.entry_path,
            schema_version=SCHEMA_VERSION,
            created_via=origin.via,
            created_at=moment_of(version_id),
            created_by=origin.actor_id,
            parser_mode=unit.parser_mode,
            payload_sha256=sha256_hex(unit.payload),
            sealed=unit.envelope.seal.fingerprint if unit.envelope else None,
            reason=origin.reason,
            sync_event_id=origin.sync_event_id,
            source_revision=origin.source_revision,
            diagnostics=unit.diagnostics,
        )
