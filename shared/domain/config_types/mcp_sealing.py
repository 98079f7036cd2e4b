"""What everybody is shown of files that declare MCP servers: the same files, placeholders for literal secrets.

As little as possible is changed: the secrets' own texts, where that gives a document of the same meaning, or else the
document is spelled anew. What was not read as a server's document, comments among it, may hold anything: it is
left out.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.domain.config_types import json_guard
from shared.domain.config_types.lfs import is_pointer
from shared.domain.config_types.secrets import Masking
from shared.domain.config_types.text import decode
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile

WRAPPERS = ("mcpServers", "mcp")


def without_secrets(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """The files as everybody may see them; equal to `files` where they hold no secret."""
    shown = [_shown(file) for file in files]
    return tuple(file for file in shown if file is not None)


def _shown(file: SourceFile) -> SourceFile | None:
    text = decode(file.data, file.path)
    try:
        loaded = json_guard.load(text.text)
    except json_guard.NotJson:
        return file if is_pointer(file) else None
    masked = mask_document(loaded.value)
    unread = loaded.has_comments or loaded.repeated or text.diagnostics
    if masked == loaded.value and not unread:
        return file
    respelled = None if unread else _respelled(text.text, loaded.value, masked)
    return replace(file, data=json_guard.render(masked) if respelled is None else respelled.encode())


def mask_document(document: JSON) -> JSON:
    """A document with each server's secrets masked under its own name, and those beside the servers."""
    if not isinstance(document, dict):
        return Masking("document").mask(document)
    return {key: _mask_entry(key, value) for key, value in document.items()}


def _mask_entry(key: str, value: JSON) -> JSON:
    if not isinstance(value, dict):
        return Masking("document").mask(value, (key,))
    if key not in WRAPPERS:
        return Masking(key).mask(value)
    return {name: Masking(name).mask(server) for name, server in value.items()}


def _respelled(text: str, value: JSON, masked: JSON) -> str | None:
    """`text` with nothing but its secrets replaced; None where that would say something else than `masked`."""
    for secret, placeholder in changes(value, masked):
        text = text.replace(json.dumps(secret, ensure_ascii=False), json.dumps(placeholder, ensure_ascii=False))
    try:
        return text if json_guard.load(text).value == masked else None
    except json_guard.NotJson:
        return None


def changes(value: JSON, masked: JSON) -> Iterator[tuple[JSON, JSON]]:
    """Each value that masking replaced, and what by."""
    if isinstance(value, dict) and isinstance(masked, dict):
        for key, item in value.items():
            yield from changes(item, masked[key])
    elif isinstance(value, list) and isinstance(masked, list):
        for item, other in zip(value, masked, strict=True):
            yield from changes(item, other)
    elif value != masked:
        yield value, masked
