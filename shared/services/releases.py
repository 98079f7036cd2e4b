"""Releases: snapshots of what a plugin delivers, and which of them it delivers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.domain.access import Action, Actor
from shared.domain.errors import Conflict, NotFound, TooLarge
from shared.domain.kept_content import release_items
from shared.domain.lifecycle import require_not_deleted
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import Plugin
from shared.domain.release import (
    MAX_ITEMS,
    Comparison,
    Release,
    ReleaseContents,
    ReleaseKind,
    compare,
    statement,
)
from shared.domain.rendering.manifest import Manifest
from shared.domain.semver import next_patch, precedence, require_semver
from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
from shared.repositories.releases import ReleaseRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.decided_anew import decided_anew
from shared.services.delivery_contents import DeliveryContents
from shared.services.mint import Mint
from shared.services.plugins import Plugins
from shared.storage.content_store import ContentStore
from shared.storage.signing_key import SigningKey

_WHAT: Final = "This plugin"


@dataclass(frozen=True, slots=True)
class ReleaseDraft:
    """Without a version, the next patch after the highest there is."""

    version: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Releases:
    plugins: Plugins
    rows: PluginRepository
    memberships: PluginMembershipRepository
    releases: ReleaseRepository
    contents: DeliveryContents
    storage: ContentStore
    key: SigningKey
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, plugin_id: str, draft: ReleaseDraft) -> Release:
        """What the plugin's members are now, numbered and signed. It is delivered once it is promoted.

        Raises: NotFound; MissingRole; Invalid for no semantic version; VersionTaken; Conflict when there is nothing
            to release; TooLarge; Unconfigured without a signing key.
        """
        if draft.version is not None:
            require_semver(draft.version)
        return decided_anew(lambda: self._create(actor, plugin_id, draft), _WHAT)

    def list_page(self, actor: Actor, plugin_id: str, page: PageRequest) -> Page[Release]:
        """Newest first, without their items. Raises: NotFound."""
        return self.releases.list_page(actor.org_id, self.plugins.get(actor, plugin_id).id, page)

    def get(self, actor: Actor, plugin_id: str, release_id: str) -> tuple[Release, ReleaseContents]:
        """Raises: NotFound."""
        plugin = self.plugins.get(actor, plugin_id)
        release = self._find(plugin, release_id)
        return release, self.contents.released(plugin.org_id, release.contents_sha256)

    def compare(self, actor: Actor, plugin_id: str, before: str, after: str) -> Comparison:
        """What became of the items between two releases. Raises: NotFound."""
        plugin = self.plugins.get(actor, plugin_id)
        found = self.releases.find_all(plugin.org_id, plugin.id, before, after)
        if not {before, after} <= found.keys():
            raise NotFound("release of this plugin")
        old, new = (self.contents.released(plugin.org_id, found[each].contents_sha256) for each in (before, after))
        return compare(old.items, new.items)

    def promote(self, actor: Actor, plugin_id: str, release_id: str) -> Release:
        """Make it what the plugin delivers while its mode is `released`; also backwards. Idempotent.

        Raises: NotFound; MissingRole; Conflict for a deleted plugin.
        """
        return decided_anew(lambda: self._promote(actor, plugin_id, release_id), _WHAT)

    def _promote(self, actor: Actor, plugin_id: str, release_id: str) -> Release:
        plugin = self.plugins.get(actor, plugin_id, Action.DISPOSE)
        require_not_deleted(plugin, "plugin")
        release = self._find(plugin, release_id)
        if plugin.promoted == release.promoted:
            return release
        changes = {"promoted": release.promoted, "updated_at": self.mint.now()}
        with self.begin() as work:
            self.rows.update(plugin, changes, plugin.revision, work)
        return release

    def _create(self, actor: Actor, plugin_id: str, draft: ReleaseDraft) -> Release:
        plugin = self.plugins.get(actor, plugin_id, Action.EDIT)
        require_not_deleted(plugin, "plugin")
        manifest = self._manifest(plugin)
        release = self._sign(actor, plugin, manifest, draft)
        highest = max(filter(None, (plugin.highest_version, release.version)), key=precedence)
        with self.begin() as work:
            # First, so that who was overtaken decides anew before its version is found to be taken.
            self.rows.note_release(plugin, release, highest, work)
            self.releases.add(release, work)
        return release

    def _manifest(self, plugin: Plugin) -> Manifest:
        members = self.memberships.list_active(plugin.org_id, [plugin.id])[plugin.id]
        manifest = self.contents.releasable(plugin, members)
        if not manifest.items:
            raise Conflict("This plugin has nothing to release: none of its members is delivered.")
        if len(manifest.items) > MAX_ITEMS:
            raise TooLarge(f"A release holds at most {MAX_ITEMS:,} config objects; this would hold more.")
        return manifest

    def _sign(self, actor: Actor, plugin: Plugin, manifest: Manifest, draft: ReleaseDraft) -> Release:
        number, release_id = plugin.release_count + 1, self.mint.new_id("rel")
        version = draft.version or next_patch(plugin.highest_version)
        items = release_items(manifest)
        stored = self.storage.put_blob(plugin.org_id, ReleaseContents(plugin.description, items).to_json())
        signed = statement(plugin.org_id, plugin.id, release_id, number, version, manifest.digest)
        return Release(
            id=release_id,
            org_id=plugin.org_id,
            plugin_id=plugin.id,
            number=number,
            version=version,
            kind=ReleaseKind.MANUAL,
            digest=manifest.digest,
            item_count=len(items),
            contents_sha256=stored,
            signature=self.key.sign(signed),
            created_at=self.mint.now(),
            created_by=actor.id,
            notes=draft.notes,
        )

    def _find(self, plugin: Plugin, release_id: str) -> Release:
        found = self.releases.find_all(plugin.org_id, plugin.id, release_id).get(release_id)
        if found is None:
            raise NotFound("release of this plugin")
        return found
