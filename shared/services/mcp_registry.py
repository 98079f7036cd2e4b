"""The MCP servers of a caller's plugins, as a registry that clients install from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from shared.domain.access import Actor
from shared.domain.config_types.values import JSON
from shared.domain.errors import NotFound
from shared.domain.paging import Page, PageRequest, cut
from shared.domain.plugin import Plugin
from shared.domain.rendering.mcp_registry import Offer, Registry, registry, servers_of
from shared.services.caller_views import CallerViews
from shared.services.delivery_access import DeliveryAccess
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_memory import Memory
from shared.services.renderings import Renderings

LATEST: Final = "latest"
_OFFERS_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class ServerFilter:
    """`words` are looked for in names, as one text; `version` is exact or `latest`; all are None to take everything."""

    words: str | None = None
    updated_since: datetime | None = None
    version: str | None = None

    def takes(self, offer: Offer) -> bool:
        return (
            (self.words or "").casefold() in offer.name.casefold()
            and (self.updated_since is None or offer.updated_at >= self.updated_since)
            and self.version in (None, LATEST, offer.version)
        )


@dataclass(frozen=True, slots=True)
class McpRegistry:
    access: DeliveryAccess
    contents: DeliveryContents
    renderings: Renderings
    views: Memory[Registry] = field(
        default_factory=lambda: Memory(_OFFERS_KEPT, lambda one: 1 + len(one.offers)), repr=False
    )

    def open(self, actor: Actor, namespace: str) -> Registry:
        """What the caller may have now; rendered only for content that nobody asked for before."""
        plugins = self.access.list_all(actor)
        views = CallerViews("mcp-registry", self.renderings, self.views, _write, _read)
        return views.open(actor.org_id, plugins, lambda: self._render(actor, namespace, plugins), [namespace])

    def get(self, actor: Actor, namespace: str, name: str, version: str = LATEST) -> Offer:
        """One server; there is one version of each, the one that is delivered. Raises: NotFound."""
        found = self.open(actor, namespace).find(name)
        if found is None or version not in (LATEST, found.version):
            raise NotFound("server")
        return found

    def _render(self, actor: Actor, namespace: str, plugins: Sequence[Plugin]) -> Registry:
        servers = servers_of(self.contents.manifests(actor.org_id, plugins).values())
        contents = self.contents.read(actor.org_id, [item for item, _ in servers.values()])
        return registry(namespace, servers, contents)


def choose(found: Registry, wanted: ServerFilter, page: PageRequest) -> Page[Offer]:
    """One page of those that are wanted, by name."""
    return cut(filter(wanted.takes, found.offers), page, lambda offer: offer.name)


def _write(view: Registry) -> JSON:
    written: dict[str, JSON] = asdict(view)
    return written


def _read(stored: Any) -> Registry:
    return Registry(tuple(Offer(**one) for one in stored["offers"]), stored["left_out"])
