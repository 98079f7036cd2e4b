"""What a candidate is called: in its source, and as a plugin that every client accepts."""

import re
from collections.abc import Mapping
from typing import Final

from shared.domain.config_types.values import JSON
from shared.domain.errors import Invalid
from shared.domain.plugin import require_plugin_name

_REFUSED: Final = re.compile(r"[^A-Za-z0-9._-]+")
_MAX_NAME: Final = 100
_MAX_DESCRIPTION: Final = 1_000


def plugin_name(display_name: str) -> str:
    """The name with what clients refuse replaced; a reserved one gets a suffix."""
    name = _REFUSED.sub("-", display_name.strip())[:_MAX_NAME].strip("._-") or "plugin"
    try:
        return require_plugin_name(name)
    except Invalid:
        return f"{name}-plugin"


def folder_name(root: str, repository: str) -> str:
    """The last folder of a path; the repository's own name for its root."""
    return (root or repository).rpartition("/")[2]


def first_text(name: str, *manifests: Mapping[str, JSON]) -> str | None:
    """The first manifest's value that is text: they come in the order in which they count."""
    found = (value.strip() for manifest in manifests if isinstance(value := manifest.get(name), str) and value.strip())
    return next(found, None)


def description_in(*manifests: Mapping[str, JSON]) -> str | None:
    found = first_text("description", *manifests)
    return " ".join(found.split())[:_MAX_DESCRIPTION] if found else None
