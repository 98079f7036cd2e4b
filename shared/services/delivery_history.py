"""What a plugin delivered lately, by the digest that a client was told then."""

from dataclasses import dataclass

from shared.domain.errors import NotFound
from shared.domain.plugin import Plugin
from shared.domain.rendering.manifest import Manifest
from shared.repositories.kept_contents import KeptContentRepository
from shared.services.delivery_contents import DeliveryContents
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class DeliveryHistory:
    """Whether the caller may have the plugin is for whoever asks here to settle, as of now."""

    kept: KeptContentRepository
    contents: DeliveryContents
    mint: Mint

    def get_manifest(self, plugin: Plugin, digest: str) -> tuple[Plugin, Manifest]:
        """The plugin as it was when it delivered a digest, and what that was: the same items in the same versions.

        Raises: NotFound for what it never delivered, or not lately; also for what can no longer be made as it was:
            what was delivered with literal secrets, or in a form that this version does not write any more.
        """
        found = self.kept.find(plugin.org_id, plugin.id, digest)
        if found is None or (found.expires_at is not None and found.expires_at <= self.mint.now()):
            raise _forgotten()
        then = found.restored(plugin)
        manifest = self.contents.stated(then, found.contents)
        if manifest.digest != digest:
            raise _forgotten()
        return then, manifest


def _forgotten() -> NotFound:
    return NotFound("content of this plugin any more; read its manifest again")
