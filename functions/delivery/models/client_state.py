"""What clients report, and what they are told to do, on the wire."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from functions.delivery.models.plugin import DeliveredPlugin
from shared.domain.client_state import (
    MAX_INSTALLED,
    MAX_ITEMS,
    ClientKind,
    Drift,
    InstalledItem,
    InstalledPlugin,
)
from shared.http.models import Input, Moment, Output
from shared.http.path_ids import ConfigObjectIdField, PluginIdField, ReleaseIdField
from shared.services.client_states import ClientReport
from shared.services.given_plugins import Way
from shared.services.update_checks import RemovalReason, UpdateReason, Updates

_NO_CONTROLS: Final = r"^[^\x00-\x1f\x7f]+$"

Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class InstalledItemField(Input):
    """`digest` as the manifest's item had it; `drift` where the files on the machine are not those any more."""

    config_object_id: ConfigObjectIdField
    digest: Digest
    drift: Drift | None = None

    def to_item(self) -> InstalledItem:
        return InstalledItem(self.config_object_id, self.digest, self.drift)


class InstalledField(Input):
    """`digest` and `version` as the manifest had them; `releaseId` where the client keeps it at that release."""

    plugin_id: PluginIdField
    digest: Digest
    version: Annotated[str | None, Field(max_length=128, pattern=_NO_CONTROLS)] = None
    release_id: ReleaseIdField | None = None
    items: Annotated[list[InstalledItemField], Field(max_length=MAX_ITEMS)] = Field(default_factory=list)

    def to_plugin(self) -> InstalledPlugin:
        items = tuple(item.to_item() for item in self.items)
        return InstalledPlugin(self.plugin_id, self.digest, self.version, self.release_id, items)


Installed = Annotated[list[InstalledField], Field(max_length=MAX_INSTALLED)]


class ClientReportField(Input):
    """`name` and `version` are the client's own: a machine's name, say, and the version of the tool."""

    kind: ClientKind
    name: Annotated[str | None, Field(max_length=100, pattern=_NO_CONTROLS)] = None
    version: Annotated[str | None, Field(max_length=64, pattern=_NO_CONTROLS)] = None
    installed: Installed

    def to_report(self) -> ClientReport:
        return ClientReport(self.kind, [one.to_plugin() for one in self.installed], self.name, self.version)


class UpdateCheck(Input):
    """Without `installed`, what the client reported last is compared."""

    installed: Installed | None = None

    def to_installed(self) -> Sequence[InstalledPlugin] | None:
        return None if self.installed is None else [one.to_plugin() for one in self.installed]


class InstalledItemRead(Output):
    config_object_id: str
    digest: str
    drift: Drift | None


class InstalledRead(Output):
    """`drifted` counts the items that are not on the machine as they were installed."""

    plugin_id: str
    digest: str
    version: str | None
    release_id: str | None
    drifted: int
    items: list[InstalledItemRead]


class ClientStateRead(Output):
    """It is forgotten at `forgottenAt`, unless the client reports before."""

    id: str
    kind: ClientKind
    name: str | None
    version: str | None
    installed: list[InstalledRead]
    drifted: int
    created_at: Moment
    reported_at: Moment
    forgotten_at: Moment


class PluginToInstall(Output):
    """`reason`: it was granted to the caller, or a marketplace that is open to them holds it."""

    plugin: DeliveredPlugin
    reason: Way


class PluginToUpdate(Output):
    plugin: DeliveredPlugin
    installed_digest: str
    reason: UpdateReason


class PluginToRemove(Output):
    plugin_id: str
    installed_digest: str
    reason: RemovalReason


class UpdatesRead(Output):
    """Every installed plugin is in `update`, in `remove`, or counted in `unchanged`.

    `install` has what was given to the caller and is not installed, a hundred at most; `more` says that it was cut.
    """

    install: list[PluginToInstall]
    update: list[PluginToUpdate]
    remove: list[PluginToRemove]
    unchanged: int
    more: bool

    @classmethod
    def of_updates(cls, found: Updates) -> "UpdatesRead":
        return cls(
            install=[
                PluginToInstall(plugin=DeliveredPlugin.of(one.plugin), reason=one.reason) for one in found.install
            ],
            update=[
                PluginToUpdate(
                    plugin=DeliveredPlugin.of(one.plugin), installed_digest=one.installed.digest, reason=one.reason
                )
                for one in found.update
            ],
            remove=[
                PluginToRemove(
                    plugin_id=one.installed.plugin_id, installed_digest=one.installed.digest, reason=one.reason
                )
                for one in found.remove
            ],
            unchanged=found.unchanged,
            more=found.more,
        )
