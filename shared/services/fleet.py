"""Who has what installed: the org's clients, and how far each content of a plugin has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.access import Actor, Capability, require_capability
from shared.domain.client_state import Adoption, ClientKind, FoundClient
from shared.domain.errors import Invalid
from shared.domain.paging import MAX_LIMIT, Page, PageRequest
from shared.domain.plugin import Plugin
from shared.repositories.adoption import AdoptionRepository
from shared.repositories.clients import ClientPlaces, ClientRepository
from shared.services.plugins import Plugins

READ: Final = MAX_LIMIT
"""Clients that one page reads where not each of them is what was asked for."""


@dataclass(frozen=True, slots=True)
class FleetFilter:
    """`digest` is of the plugin that is named; `drifted` asks about that plugin, or else about all a client has."""

    plugin_id: str | None = None
    digest: str | None = None
    holder: str | None = None
    kind: ClientKind | None = None
    drifted: bool | None = None

    @property
    def reads_in_vain(self) -> bool:
        """Whether a client that is found may be none that was asked for."""
        by_other = (self.digest, self.kind, self.drifted, self.holder if self.plugin_id else None)
        return any(each is not None for each in by_other)

    def takes(self, found: FoundClient) -> bool:
        state, plugin = found.state, found.plugin
        drifted = found.drifted if plugin is not None else state.drifted
        return (
            self.digest in (None, plugin.digest if plugin else None)
            and self.holder in (None, state.holder)
            and self.kind in (None, state.kind)
            and self.drifted in (None, drifted > 0)
        )


@dataclass(frozen=True, slots=True)
class Fleet:
    clients: ClientRepository
    adoption: AdoptionRepository
    plugins: Plugins

    def list_page(self, actor: Actor, wanted: FleetFilter, page: PageRequest) -> Page[FoundClient]:
        """In id order; a filtered page reads so many clients at most, and may be short and go on.

        Raises: MissingCapability; Invalid for a digest of no plugin.
        """
        require_capability(actor, Capability.FLEET_READ)
        if wanted.digest is not None and wanted.plugin_id is None:
            raise Invalid.field("digest", "is of a plugin: name it with pluginId")
        places = ClientPlaces(actor.org_id, wanted.holder, wanted.plugin_id)
        read = PageRequest(READ, page.after) if wanted.reads_in_vain else page
        found = self.clients.list_page(places, read)
        return _cut([one for one in found.items if wanted.takes(one)], found.next_after, page.limit)

    def list_adoption(self, actor: Actor, plugin_id: str, page: PageRequest) -> tuple[Plugin, Page[Adoption]]:
        """Each content of a plugin that clients have; the plugin says which is current.

        Raises: MissingCapability; NotFound.
        """
        require_capability(actor, Capability.FLEET_READ)
        plugin = self.plugins.get(actor, plugin_id)
        return plugin, self.adoption.list_page(actor.org_id, plugin_id, page)


def _cut(found: Sequence[FoundClient], next_after: str | None, limit: int) -> Page[FoundClient]:
    if len(found) <= limit:
        return Page(found, next_after)
    return Page(found[:limit], found[limit - 1].place)
