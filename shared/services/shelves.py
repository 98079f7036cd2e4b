"""What is served at one address: everything a caller may have, or one marketplace, whatever the protocol."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.errors import NotFound
from shared.domain.marketplace import Marketplace
from shared.domain.plugin import Plugin
from shared.domain.rendering.naming import distinct_names
from shared.services.delivery_access import DeliveryAccess


@dataclass(frozen=True, slots=True)
class Shelf:
    """The org's catalog, everything the caller may have, or one `marketplace`; clients know it by `name`.

    `url` is where what belongs to it is served, without `.git` and without credentials.
    """

    name: str
    url: str
    marketplace: Marketplace | None = None

    @property
    def owner(self) -> str | None:
        return self.marketplace.owner if self.marketplace else None

    @property
    def description(self) -> str | None:
        return self.marketplace.description if self.marketplace else None


@dataclass(frozen=True, slots=True)
class Shelves:
    access: DeliveryAccess

    def open(self, actor: Actor, name: str, url: str, *, is_org: bool) -> Shelf:
        """Under the org's own slug everything that the caller may have; under any other that marketplace.

        Raises: NotFound unless it is open to the caller.
        """
        return Shelf(name, url, None if is_org else self.access.get_marketplace_at(actor, name))

    def plugins(self, actor: Actor, shelf: Shelf) -> list[Plugin]:
        if shelf.marketplace is None:
            return self.access.list_all(actor)
        return self.access.list_held(actor, shelf.marketplace)

    def plugin_called(self, actor: Actor, shelf: Shelf, name: str) -> Plugin:
        """By the name that the caller's catalog gives it. Raises: NotFound."""
        plugins = {plugin.id: plugin for plugin in self.plugins(actor, shelf)}
        found = next((plugins[each] for each, called in names_of(plugins.values()).items() if called == name), None)
        if found is None:
            raise NotFound("plugin")
        return found


def names_of(plugins: Iterable[Plugin]) -> dict[str, str]:
    """What a catalog of these plugins calls each, by id."""
    return distinct_names({plugin.id: plugin.name for plugin in plugins})
