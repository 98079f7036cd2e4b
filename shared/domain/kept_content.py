"""What a plugin delivered under a digest: enough to render it again, byte for byte, for as long as it is promised."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.plugin import DeliveryMode, Plugin
from shared.domain.release import PromotedRelease, ReleaseContents, ReleaseItem
from shared.domain.rendering.manifest import Manifest

KEPT: Final = timedelta(days=30)
"""How long content can be had by its digest once the plugin delivers another."""


@dataclass(frozen=True, slots=True)
class KeptContent:
    """Ids of versions and no content: what was delivered with literal secrets is not rendered so again.

    `expires_at` is None while the plugin delivers it.
    """

    org_id: str
    plugin_id: str
    digest: str
    content_version: int
    contents: ReleaseContents = field(repr=False)
    promoted: PromotedRelease | None = None
    expires_at: datetime | None = None

    @classmethod
    def of_manifest(cls, plugin: Plugin, manifest: Manifest) -> "KeptContent":
        contents = ReleaseContents(manifest.description, release_items(manifest))
        version, release = plugin.content_version, plugin.release
        return cls(plugin.org_id, plugin.id, manifest.digest, version, contents, release)

    def restored(self, plugin: Plugin) -> Plugin:
        """The plugin as it was when it delivered this; a rolling one with the version that it had then."""
        mode = DeliveryMode.RELEASED if self.promoted is not None else DeliveryMode.ROLLING
        then = replace(plugin, delivery_mode=mode, promoted=self.promoted, content_version=self.content_version)
        return then.delivering(self.digest)


def release_items(manifest: Manifest) -> Sequence[ReleaseItem]:
    return [
        ReleaseItem(one.config_object_id, one.type, one.title, one.slug, one.delivered.version_id, one.digest)
        for one in manifest.items
    ]
