"""MCP servers as entries of a registry (MCP Registry API v0.1), for clients that install servers from one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.domain.config_types.json_document import load_document
from shared.domain.config_types.mcp_server_json import Unsayable, server_json
from shared.domain.config_types.values import JSON
from shared.domain.ids import moment_of, time_of
from shared.domain.rendering.folder import delivered_files
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.naming import distinct_names

SCHEMA: Final = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
OFFICIAL: Final = "io.modelcontextprotocol.registry/official"
LEFT_OUT: Final = "plugin-depot/leftOut"
_MCP: Final = "mcp"
_SERVERS: Final = "mcpServers"
_LONGEST_TITLE: Final = 100
_LONGEST_NAME: Final = 60
_UNPORTABLE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Offer:
    """One server that can be installed; `version_id` is the version of its object that `server` is made of."""

    name: str
    version_id: str
    server: Mapping[str, JSON]

    @property
    def version(self) -> str:
        """Grows with every change, and stays while there is none."""
        return f"0.0.{time_of(self.version_id)}"

    @property
    def updated_at(self) -> datetime:
        return moment_of(self.version_id)

    def to_json(self) -> dict[str, JSON]:
        """As every route of the registry answers it."""
        at = self.updated_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        official: dict[str, JSON] = {
            "status": "active",
            "statusChangedAt": at,
            "publishedAt": at,
            "updatedAt": at,
            "isLatest": True,
        }
        server = {"$schema": SCHEMA, "name": self.name, "version": self.version, **self.server}
        return {"server": server, "_meta": {OFFICIAL: official}}


@dataclass(frozen=True, slots=True)
class Registry:
    """`left_out` says, by name, why a server that the reader may have cannot be offered in this form."""

    offers: Sequence[Offer]
    left_out: Mapping[str, str]

    def find(self, name: str) -> Offer | None:
        return next((offer for offer in self.offers if offer.name == name), None)

    def document(self, offers: Iterable[Offer], cursor: str | None) -> dict[str, JSON]:
        """A list of some of its servers."""
        servers: list[JSON] = [offer.to_json() for offer in offers]
        paging: dict[str, JSON] = {"count": len(servers), **({"nextCursor": cursor} if cursor else {})}
        noted: dict[str, JSON] = {"_meta": {LEFT_OUT: {**self.left_out}}} if self.left_out else {}
        return {"servers": servers, "metadata": paging, **noted}


def servers_of(manifests: Iterable[Manifest]) -> dict[str, tuple[Item, Manifest]]:
    """The servers of several plugins by their objects' ids; one that is in several is taken as in the first."""
    found: dict[str, tuple[Item, Manifest]] = {}
    for manifest in sorted(manifests, key=lambda each: each.plugin_id):
        for item in manifest.items:
            if item.type == _MCP and item.delivered.files:
                found.setdefault(item.config_object_id, (item, manifest))
    return found


def registry(namespace: str, servers: Mapping[str, tuple[Item, Manifest]], contents: Mapping[str, bytes]) -> Registry:
    """All of them, named `<namespace>/<server>`, by name; `contents` by SHA-256."""
    names = distinct_names({each: _portable(item.install_name) for each, (item, _) in servers.items()})
    offers, left_out = [], {}
    for object_id, (item, manifest) in servers.items():
        name = f"{namespace}/{names[object_id]}"
        try:
            said = _said(item, manifest, contents)
            offers.append(Offer(name, item.delivered.version_id, said))
        except Unsayable as reason:
            left_out[name] = str(reason)
    return Registry(tuple(sorted(offers, key=lambda offer: offer.name)), dict(sorted(left_out.items())))


def _said(item: Item, manifest: Manifest, contents: Mapping[str, bytes]) -> dict[str, JSON]:
    """Masked whatever delivery allows: who reads a registry shows nothing but its address. Raises: Unsayable."""
    title = " ".join(item.title.split())[:_LONGEST_TITLE] or item.install_name[:_LONGEST_TITLE]
    described = " ".join(f"{title} of {manifest.name}. {manifest.description or ''}".split())
    return {
        "title": title,
        "description": described[:_LONGEST_TITLE].rstrip(),
        **server_json(*_server(item, contents)),
    }


def _server(item: Item, contents: Mapping[str, bytes]) -> tuple[str, Mapping[str, JSON]]:
    for file in delivered_files(item, contents):
        found = load_document(file, file.path).section(_SERVERS)
        for key, server in found.items() if isinstance(found, dict) else ():
            if isinstance(server, dict):
                return key, server
    raise Unsayable("it cannot be read")


def _portable(name: str) -> str:
    return _UNPORTABLE.sub("-", name).strip("-")[:_LONGEST_NAME] or "server"
