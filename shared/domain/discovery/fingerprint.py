"""Tells whether the manifests of a repository are the ones that its plugins were imported by."""

import hashlib
from collections.abc import Iterable
from typing import Final

from shared.domain.discovery.marketplace_repo import MARKETPLACE
from shared.domain.discovery.plugins import MANIFEST
from shared.domain.source_tree import TreeEntry

_NAMES: Final = (MARKETPLACE, MANIFEST)


def manifests_fingerprint(entries: Iterable[TreeEntry]) -> str | None:
    """Of every marketplace.json and plugin.json in the tree; None where there is none."""
    lines = sorted(f"{one.sha} {one.path}\n" for one in entries if one.path.endswith(_NAMES))
    return hashlib.sha256("".join(lines).encode(errors="surrogatepass")).hexdigest() if lines else None
