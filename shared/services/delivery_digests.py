"""The digest of each plugin's content: found out once per content, noted on the plugin, read from it ever after."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from shared.domain.errors import Retryable, Stale
from shared.domain.git.objects import build_commit
from shared.domain.git.pack import write_pack
from shared.domain.kept_content import KEPT, KeptContent
from shared.domain.plugin import Plugin
from shared.domain.rendering.claude_code import plugin_tree, unwritable_paths
from shared.domain.rendering.format import FORMAT
from shared.domain.rendering.manifest import Manifest
from shared.domain.rendering.marketplace import MAX_PACK
from shared.repositories.kept_contents import KeptContentRepository
from shared.repositories.plugins import PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.delivery_contents import DeliveryContents
from shared.services.mint import Mint

MAX_RENDERED: Final = 64 * 1024 * 1024
"""Bytes of files that one process takes in hand to render: they are held several times over in its memory."""


@dataclass(frozen=True, slots=True)
class DeliveryDigests:
    plugins: PluginRepository
    kept: KeptContentRepository
    contents: DeliveryContents
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def known(self, plugins: Sequence[Plugin]) -> list[Plugin]:
        """The plugins with their digests; those whose content changed since it was last asked for are rendered."""
        changed = [plugin for plugin in plugins if plugin.current_digest is None]
        if not changed:
            return list(plugins)
        manifests = self.contents.manifests(changed[0].org_id, changed)
        return [self.note(each, manifests[each.id]) if each.id in manifests else each for each in plugins]

    def note(self, plugin: Plugin, manifest: Manifest) -> Plugin:
        """The plugin with this manifest's digest, written down unless it was known; what it was before expires.

        What is told to somebody is kept, also if another content is delivered by now: they will ask for it.
        """
        if plugin.current_digest == manifest.digest:
            return plugin
        found = {"digest": manifest.digest, "digest_of": plugin.content_version, "digest_format": FORMAT}
        noted = replace(plugin, **found, undeliverable=self._why_undeliverable(manifest))  # type: ignore[arg-type]  # Plugin's fields
        content = KeptContent.of_manifest(noted, manifest)
        try:
            with self.begin().as_upkeep() as work:
                self.plugins.record_digest(noted, work)
                self.kept.keep(content, work)
                if plugin.digest not in (None, manifest.digest):
                    self.kept.replace(plugin.org_id, plugin.id, plugin.digest or "", self._until(), work)
        except Stale:
            # It changed again meanwhile: whoever asks next finds out about that content.
            with suppress(Stale), self.begin().as_upkeep() as work:
                self.kept.keep_replaced(content, self._until(), work)
        except Retryable:
            # After a push everybody asks at once, and all who find it out write the same.
            found_out = self.plugins.find(plugin.org_id, plugin.id)
            if found_out is None or found_out.current_digest != manifest.digest:
                raise
        return noted

    def _until(self) -> datetime:
        return self.mint.now() + KEPT

    def _why_undeliverable(self, manifest: Manifest) -> str | None:
        """Why no git client could be given the plugin; None, as for nearly all, when it can."""
        if reason := unwritable_paths(manifest):
            return reason
        if manifest.size <= MAX_PACK // 2:
            return None
        if manifest.size > MAX_RENDERED:
            return f"Its files have {manifest.size:,} bytes; a git answer takes {MAX_PACK:,}, compressed."
        files = self.contents.read(manifest.org_id, manifest.items)
        pack = write_pack(build_commit(plugin_tree(manifest, manifest.name, "", files)).objects)
        if len(pack) > MAX_PACK:
            return f"It has {len(pack):,} bytes compressed; a git answer takes {MAX_PACK:,}."
        return None
