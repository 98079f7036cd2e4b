"""A catalog of plugins as one JSON document that links to an archive of each, for clients without git."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.json_guard import render
from shared.domain.config_types.values import JSON

SUFFIX: Final = ".zip"


@dataclass(frozen=True, slots=True)
class ArchiveOffer:
    """A plugin by the name in its own manifest; `sha256` is that of its archive's bytes, in hex."""

    name: str
    plugin_id: str
    version: str
    sha256: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where an archive is, and the headers that open it: none where the caller's own have to do."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class JsonCatalog:
    """`left_out` says why a plugin that the reader may have is not offered."""

    offers: Sequence[ArchiveOffer]
    left_out: Mapping[str, str]

    def document(
        self, name: str, owner: str | None, description: str | None, link: Callable[[ArchiveOffer], Link]
    ) -> bytes:
        """What Claude Code (2.1.224 and later) reads; it takes zips alone, and no relative path."""
        described = description or f"The plugins of {name} that you may use."
        if self.left_out:
            listed = "; ".join(f"{plugin}: {reason}" for plugin, reason in sorted(self.left_out.items()))
            described += f" Not offered here: {listed}"
        return render(
            {
                "name": name,
                "owner": {"name": owner or name},
                "metadata": {"description": described},
                "plugins": [_entry(offer, link(offer)) for offer in self.offers],
            }
        )


def _entry(offer: ArchiveOffer, link: Link) -> JSON:
    source: dict[str, JSON] = {"source": "archive", "url": link.url, "sha256": offer.sha256}
    described: dict[str, JSON] = {"description": offer.description} if offer.description else {}
    headers: dict[str, JSON] = {"headers": dict(link.headers)} if link.headers else {}
    return {"name": offer.name, "source": source, **headers, **described, "version": offer.version}
