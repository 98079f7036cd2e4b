"""A manifest on the wire: every file with the digest to check it by, every item with where it belongs."""

from functions.delivery.models.plugin import Channel, DeliveredRelease, Undeliverable, channel_of
from shared.domain.plugin import Plugin
from shared.domain.rendering.manifest import Item, Manifest
from shared.http.models import Output


class ManifestFile(Output):
    """`mode` is git's, in octal: 100644, or 100755 for what may be executed."""

    path: str
    sha256: str
    size: int
    mode: str


class ManifestItem(Output):
    """`install`: target path per client; one that ends in a slash takes the files below it.

    `install_name` is part of what the digest covers. `unsupported`: why each other client is not given the item.
    """

    config_object_id: str
    type: str
    title: str
    install_name: str
    version_id: str
    digest: str
    files: list[ManifestFile]
    install: dict[str, str]
    unsupported: dict[str, str]

    @classmethod
    def of(cls, item: Item) -> "ManifestItem":
        return cls(
            config_object_id=item.config_object_id,
            type=item.type,
            title=item.title,
            install_name=item.install_name,
            version_id=item.delivered.version_id,
            digest=item.digest,
            files=[
                ManifestFile(path=file.path, sha256=file.sha256, size=file.size, mode=f"{file.mode:o}")
                for file in item.delivered.files
            ],
            install=item.install,
            unsupported=item.unsupported,
        )


class ManifestVariable(Output):
    """To be set where the item is installed; `secret` when it stands for a value that the source wrote out."""

    config_object_id: str
    name: str
    field: str
    secret: bool


class ManifestPlugin(Output):
    id: str
    name: str
    description: str | None
    version: str | None


class ManifestRead(Output):
    """`signature`: a compact JWS of a release's digest, by a key of `/.well-known/plugin-depot/keys.json`."""

    plugin: ManifestPlugin
    channel: Channel
    release: DeliveredRelease | None
    digest: str
    signature: str | None
    items: list[ManifestItem]
    variables: list[ManifestVariable]
    undeliverable: list[Undeliverable]

    @classmethod
    def of_plugin(cls, plugin: Plugin, manifest: Manifest) -> "ManifestRead":
        return cls(
            plugin=ManifestPlugin(
                id=plugin.id, name=plugin.name, description=manifest.description, version=plugin.delivered_version
            ),
            channel=channel_of(plugin),
            release=DeliveredRelease.of_plugin(plugin),
            signature=plugin.release.signature if plugin.release else None,
            digest=manifest.digest,
            items=[ManifestItem.of(item) for item in manifest.items],
            variables=[
                ManifestVariable(
                    config_object_id=item.config_object_id, name=one.name, field=one.field, secret=one.secret
                )
                for item in manifest.items
                for one in item.delivered.variables
            ],
            undeliverable=Undeliverable.all_of(plugin),
        )
