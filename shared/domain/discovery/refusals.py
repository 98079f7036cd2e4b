"""What the official client refuses a whole plugin for; everything else it tolerates.

Seen on Claude Code 2.1.330, rule by rule: `tests/unit/domain/discovery/oddities.py`, and the end-to-end test that
holds them against the client.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from shared.domain.config_types.values import JSON
from shared.domain.discovery.declarations import FIELDS, declarations, misshapen
from shared.domain.discovery.documents import Document, Documents
from shared.domain.discovery.tree import join

_ENTRY_SHAPES: Final[Mapping[str, type]] = {"author": dict, "keywords": list, "category": str}
"""A marketplace is read more strictly than a plugin.json, which may be wrong in these."""


def refusals_of_manifest(path: str, document: Document) -> Iterator[str]:
    """Why the client refuses a plugin for its plugin.json."""
    if document.problem or not document.strict:
        yield f"{path} is no valid JSON: {document.problem or 'it has comments or trailing commas'}"
    elif not isinstance(document.value, dict):
        yield f"{path} is no object"
    else:
        yield from (f"{path}: {problem}" for problem in _in_manifest(document.members))


def refusals_of_entry(entry: Mapping[str, JSON]) -> Iterator[str]:
    """Why the client refuses a plugin for its entry in marketplace.json."""
    wrong = (
        f"{name}: is of a wrong type"
        for name, kind in _ENTRY_SHAPES.items()
        if not isinstance(entry.get(name, kind()), kind)
    )
    for problem in (*_in_name(entry), *wrong, *_in_components(entry)):
        yield f"the entry in marketplace.json: {problem}"


def refusals_of_hooks(root: str, documents: Documents) -> Iterator[str]:
    """An array under `hooks` refuses the plugin; a broken file, or an array in place of the document, does not."""
    path = join(root, "hooks/hooks.json")
    document = documents.get(path)
    if document is not None and "hooks" in document.members and not isinstance(document.members["hooks"], dict):
        yield f"{path}: hooks must map events to lists of matchers"


def conflict(manifest: Document | None, entry: Mapping[str, JSON] | None) -> Iterator[str]:
    """`strict: false` says that the entry is all there is: it conflicts with a plugin.json where both declare."""
    if manifest is not None and entry is not None and entry.get("strict") is False and declarations(entry):
        yield "both plugin.json and the entry in marketplace.json, which is not strict, say what the plugin holds"


def _in_manifest(manifest: Mapping[str, JSON]) -> Iterator[str]:
    yield from _in_name(manifest)
    if not isinstance(manifest.get("version", ""), str):
        yield "version: is no text"
    yield from _in_components(manifest)


def _in_name(manifest: Mapping[str, JSON]) -> Iterator[str]:
    name = manifest.get("name")
    if not isinstance(name, str) or not name:
        yield "name: is missing"
    elif " " in name:
        yield f'name: "{name[:100]}" has a space in it'


def _in_components(manifest: Mapping[str, JSON]) -> Iterator[str]:
    if not isinstance(manifest.get("dependencies", []), list):
        yield "dependencies: is no list"
    for name, kind in FIELDS.items():
        if name in manifest:
            yield from misshapen(kind, name, manifest[name])
