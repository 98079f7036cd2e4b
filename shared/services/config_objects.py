"""Config objects written by people: create, new version, and reading them back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from shared.domain.access import Action, Actor, Capability
from shared.domain.config_object import ConfigObject, CreatedVia, Json, SourceMode, Version
from shared.domain.errors import Invalid, NotFound, Retryable, Stale
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import MembershipSource, Plugin, PluginMembership
from shared.domain.prepared_unit import Origin, PreparedUnit
from shared.domain.staleness import ShownObject
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.repositories.versions import VersionRepository
from shared.services.drafts import SOURCE_FIELD, ContentDraft, prepare_draft, require_loadable
from shared.services.ingestion import Ingestion
from shared.services.organizations import Capabilities
from shared.services.plugins import Plugins
from shared.services.schemas import Schemas
from shared.services.visibility import Visibility

_RACES = 40
"""How often a version that names no state to replace starts over because another writer was faster."""


@dataclass(frozen=True, slots=True)
class ObjectDraft:
    type: str
    source_mode: SourceMode
    content: ContentDraft
    plugin_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class WrittenVersion:
    """`unchanged`: the content equals the head's, nothing was written, and this is the head."""

    config_object: ConfigObject
    version: Version
    unchanged: bool


@dataclass(frozen=True, slots=True)
class VersionContent:
    """A version with what storage holds of it; `source_text` is the entry file, None where it is no text."""

    version: Version
    source_text: str | None
    payload: Json


@dataclass(frozen=True, slots=True)
class ConfigObjects:
    objects: ConfigObjectRepository
    versions: VersionRepository
    plugin_rows: PluginRepository
    membership_rows: PluginMembershipRepository
    ingestion: Ingestion
    plugins: Plugins
    capabilities: Capabilities
    visibility: Visibility
    schemas: Schemas
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, draft: ObjectDraft) -> ConfigObject:
        """A new object with its first version, in the plugins named; its creator manages it.

        Raises: MissingCapability; Invalid for a connector's source mode, or content that the clients refuse to
            load; NotFound or MissingRole for a plugin.
        """
        self.require_creator(actor)
        plugin_ids = list(dict.fromkeys(draft.plugin_ids))
        plugins = self.plugins.get_all(actor, plugin_ids, Action.EDIT) if plugin_ids else []
        unit = self.prepare(actor, draft)
        self.ingestion.store(actor.org_id, [unit])
        return self.add(actor, unit, draft.source_mode, plugins)

    def require_creator(self, actor: Actor) -> None:
        """Raises: MissingCapability."""
        self.capabilities.require(actor, Capability.CONFIG_OBJECT_CREATE)

    def prepare(self, actor: Actor, draft: ObjectDraft) -> PreparedUnit:
        """What will be stored of a new object; nothing is yet. Raises: Invalid, TooLarge."""
        if draft.source_mode == SourceMode.CONNECTOR:
            raise Invalid.field("sourceMode", "connector objects come from a sync; use cloud or import")
        return self.ingestion.seal(actor.org_id, self._checked(actor, prepare_draft(draft.type, draft.content)))

    def add(
        self,
        actor: Actor,
        unit: PreparedUnit,
        source_mode: SourceMode,
        plugins: Sequence[Plugin],
        relative_path: str | None = None,
    ) -> ConfigObject:
        """Write a unit whose content is stored as a new object, in plugins that the actor may edit."""
        origin = Origin(
            via=CreatedVia(source_mode),
            actor_id=actor.id,
            owner=actor.id,
            relative_path=relative_path,
            plugin_ids=frozenset(plugin.id for plugin in plugins),
        )
        with self.begin() as work:
            created = self.ingestion.create(actor.org_id, unit, origin, work)
            for plugin in plugins:
                self._join(actor, created, plugin, work)
        return created

    def create_version(
        self,
        actor: Actor,
        object_id: str,
        content: ContentDraft,
        reason: str | None,
        if_match: int | None,
        of_type: str | None = None,
    ) -> WrittenVersion:
        """The next version of an object, or its head when the content equals it.

        Raises: NotFound, MissingRole, Invalid; Conflict for a deleted object; Stale when `if_match` names an
            older state. Without it racing writers are put in a row: every one gets a version, or Retryable.
        """
        current = self.get(actor, object_id, Action.EDIT, of_type)
        if if_match is not None and if_match != current.revision:
            raise Stale
        current.require_not_deleted()
        draft = self._checked(actor, prepare_draft(current.type, self._named(current, content)))
        unit = self.ingestion.seal(current.org_id, draft, current.id)
        for attempt in range(_RACES):
            if (head := self._head_equal_to(unit, current)) is not None:
                return WrittenVersion(current, head, unchanged=True)
            if attempt == 0:
                self.ingestion.store(current.org_id, [unit])
            try:
                return self._advance(actor, current, unit, reason)
            except Stale:
                if if_match is not None:
                    raise
            current = self.get(actor, object_id, Action.EDIT)
            current.require_not_deleted()
        raise Retryable("This object keeps changing; repeat the request in a moment.")

    def get(
        self, actor: Actor, object_id: str, action: Action = Action.VIEW, of_type: str | None = None
    ) -> ConfigObject:
        """Raises: NotFound for unknown, foreign, hidden, and, where `of_type` is given, other ones alike; MissingRole
        for what may be seen only.
        """
        return self.get_shown(actor, object_id, action, of_type).config_object

    def get_shown(
        self, actor: Actor, object_id: str, action: Action = Action.VIEW, of_type: str | None = None
    ) -> ShownObject:
        """The same, with whether it is stale: that is in the same read."""
        found, stopped = self.objects.find_shown(actor.org_id, [object_id])
        entity = found.get(object_id)
        if entity is None or of_type not in (None, entity.type):
            raise NotFound("config object")
        self.visibility.require(actor, action, entity)
        return stopped.shown(entity)

    def list_versions(self, actor: Actor, object_id: str, page: PageRequest) -> Page[Version]:
        """Newest first, without content."""
        entity = self.get(actor, object_id)
        return self.versions.list_page(actor.org_id, entity.id, page)

    def get_version(self, actor: Actor, object_id: str, version_id: str | None) -> VersionContent:
        """One version with its entry's text and payload; None asks for the latest."""
        entity = self.get(actor, object_id)
        wanted = version_id or entity.latest_version_id
        version = self.versions.find(actor.org_id, entity.id, wanted) if wanted else None
        if version is None:
            raise NotFound("version")
        return self._content(actor, entity, version)

    def _content(self, actor: Actor, entity: ConfigObject, version: Version) -> VersionContent:
        entry = next((file for file in version.files if file.path == version.entry_path), None)
        if entry is None or version.payload_sha256 is None:
            return VersionContent(version, None, {})
        content = self.ingestion.content.get_blobs(actor.org_id, [entry.sha256, version.payload_sha256])
        source = content[entry.sha256]
        if version.sealed and self.visibility.may_edit(actor, entity):
            # Only editors see a literal secret that an author left in the source.
            opened = self.ingestion.sealing.open(version)
            source = next(file.data for file in opened if file.path == version.entry_path)
        text = source.decode("utf-8", errors="replace")
        return VersionContent(version, text, json.loads(content[version.payload_sha256]))

    def _checked(self, actor: Actor, unit: PreparedUnit) -> PreparedUnit:
        checked = self.schemas.check(actor, unit)
        require_loadable(checked.parsed, SOURCE_FIELD)
        return checked

    def _named(self, current: ConfigObject, content: ContentDraft) -> ContentDraft:
        """The entry of a new version is called as in the version before, unless it is named."""
        if content.file_name is not None or current.head_version_id is None:
            return content
        head = self.versions.find(current.org_id, current.id, current.head_version_id)
        return replace(content, file_name=head.entry_path if head else None)

    def _head_equal_to(self, unit: PreparedUnit, current: ConfigObject) -> Version | None:
        if unit.digest != current.head_digest or current.head_version_id is None:
            return None
        return self.versions.find(current.org_id, current.id, current.head_version_id)

    def _advance(self, actor: Actor, current: ConfigObject, unit: PreparedUnit, reason: str | None) -> WrittenVersion:
        origin = Origin(CreatedVia.CLOUD, actor.id, actor.id, current.source, current.relative_path, reason)
        with self.begin() as work:
            changed, version = self.ingestion.advance(current, unit, origin, work)
            for plugin_id in sorted(current.plugin_ids):
                self.plugin_rows.touch(current.org_id, plugin_id, work)
        return WrittenVersion(changed, version, unchanged=False)

    def _join(self, actor: Actor, created: ConfigObject, plugin: Plugin, work: UnitOfWork) -> None:
        at = created.created_at
        source = MembershipSource.API
        membership = PluginMembership(actor.org_id, plugin.id, created.id, source, at, actor.id)
        self.membership_rows.put(membership, work)
        self.plugin_rows.touch(actor.org_id, plugin.id, work)
