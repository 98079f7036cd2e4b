"""A catalog of plugins as git clients take it: one marketplace file, and the plugins' folders or repositories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.json_guard import render
from shared.domain.config_types.values import JSON
from shared.domain.rendering.tree import FileTree, TreeFile

MARKETPLACE_FILE: Final = ".claude-plugin/marketplace.json"
MAX_PACK: Final = 4_300_000
"""Bytes of a pack that fit one answer: a Lambda answer holds 6 MiB, of which base64 takes a quarter."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A plugin in a catalog: its name is the one in its own manifest, its version unique to its content."""

    name: str
    version: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A plugin's own repository: `url` without credentials, `commit` pinned, so that what is offered is what comes."""

    url: str
    commit: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """`left_out` says why a plugin that the reader may have is not offered.

    `owner` is whom clients show as its publisher: the catalog itself, unless somebody is named.
    """

    name: str
    offers: Sequence[Offer]
    left_out: Mapping[str, str]
    owner: str | None = None
    description: str | None = None


def catalog_tree(catalog: Catalog, folders: Mapping[str, FileTree]) -> FileTree:
    """Everything in one repository, `folders` by plugin name.

    Relative paths only: one entry of another kind makes Copilot CLI 1.0.102 reject the whole marketplace.
    """
    sources: dict[str, JSON] = {offer.name: f"./plugins/{offer.name}" for offer in catalog.offers}
    files = {f"plugins/{name}/{path}": file for name, folder in folders.items() for path, file in folder.items()}
    return {**_front(catalog, sources), **files}


def linking_tree(catalog: Catalog, repositories: Mapping[str, Elsewhere]) -> FileTree:
    """The marketplace file alone, naming each plugin's own repository: for what is too large in one piece."""
    sources: dict[str, JSON] = {
        name: {"source": "url", "url": at.url, "sha": at.commit} for name, at in repositories.items()
    }
    return _front(catalog, sources)


def _front(catalog: Catalog, sources: Mapping[str, JSON]) -> dict[str, TreeFile]:
    document: JSON = {
        "name": catalog.name,
        "owner": {"name": catalog.owner or catalog.name},
        "metadata": {"description": catalog.description or f"The plugins of {catalog.name} that you may use."},
        "plugins": [_entry(offer, sources[offer.name]) for offer in catalog.offers],
    }
    files = {MARKETPLACE_FILE: TreeFile(render(document))}
    if catalog.left_out:
        files["README.md"] = TreeFile(_notice(catalog.left_out))
    return files


def _entry(offer: Offer, source: JSON) -> JSON:
    described: dict[str, JSON] = {"description": offer.description} if offer.description else {}
    return {"name": offer.name, "source": source, **described, "version": offer.version}


def _notice(left_out: Mapping[str, str]) -> bytes:
    lines = [f"- {name}: {reason}" for name, reason in sorted(left_out.items())]
    return "\n".join(["# Not offered here", "", *lines, ""]).encode()
