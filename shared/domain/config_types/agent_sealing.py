"""What everybody is shown of an agent that declares MCP servers of its own: placeholders for their literal secrets."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from shared.domain.config_types import frontmatter, json_guard
from shared.domain.config_types.json_document import load_document
from shared.domain.config_types.mcp_sealing import changes
from shared.domain.config_types.secrets import Masking, Variable
from shared.domain.config_types.text import decode
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile

SERVERS = "mcpServers"
_LONG = 8
"""Characters of a secret that is looked for beyond the frontmatter: a shorter one may well be a word."""


def without_secrets(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """The files as everybody may see them; equal to `files` where they hold no secret."""
    return tuple(_shown_as(PurePosixPath(file.path).suffix.lower(), file) for file in files)


def variables(servers: JSON, owner: str) -> list[Variable]:
    """What to set for the servers of an agent's frontmatter."""
    masking = Masking(owner)
    masking.mask(servers, (SERVERS,))
    return masking.variables


def cleaned(text: str, servers: JSON, owner: str) -> str:
    """A text of the agent's without the secrets of its servers."""
    return _cleaned(text, servers, Masking(owner).mask(servers, (SERVERS,)))


def _shown_as(suffix: str, file: SourceFile) -> SourceFile:
    if suffix in (".json", ".jsonc"):
        return _shown_document(file)
    return _shown(file) if suffix == ".md" else file


def _shown_document(file: SourceFile) -> SourceFile:
    """A file that declares agents: each with its own servers masked, and what repeats their secrets."""
    document = load_document(file, file.path).value
    sections = document if isinstance(document, dict) else {}
    shown: dict[str, JSON] = {
        name: {key: _shown_entry(key, entry) for key, entry in section.items()}
        if isinstance(section, dict)
        else section
        for name, section in sections.items()
    }
    return file if shown == sections else replace(file, data=json_guard.render(shown))


def _shown_entry(name: str, entry: JSON) -> JSON:
    if not isinstance(entry, dict) or SERVERS not in entry:
        return entry
    servers = entry[SERVERS]
    masked = Masking(name).mask(servers, (SERVERS,))
    others = {
        key: _cleaned(value, servers, masked) if isinstance(value, str) else value for key, value in entry.items()
    }
    return {**others, SERVERS: masked}


def _shown(file: SourceFile) -> SourceFile:
    read = frontmatter.read(file.data, file.path)
    servers = read.values.get(SERVERS)
    masked = Masking(PurePosixPath(file.path).stem).mask(servers, (SERVERS,))
    if masked == servers:
        return file
    wanted = {**read.values, SERVERS: masked}
    body = _cleaned(read.body, servers, masked)
    head = decode(file.data, file.path).text.removesuffix(read.body)
    for text in (_replaced(head, servers, masked), _respelled(wanted)):
        shown = replace(file, data=(text + body).encode())
        if frontmatter.read(shown.data, file.path).values == wanted:
            return shown
    return replace(file, data=body.encode())


def _replaced(head: str, servers: JSON, masked: JSON) -> str:
    """The frontmatter with nothing but its secrets replaced."""
    for secret, placeholder in _texts(servers, masked):
        head = head.replace(secret, placeholder)
    return head


def _respelled(wanted: Mapping[str, JSON]) -> str:
    """The frontmatter spelled anew: JSON is YAML, too. Comments may hold anything, and are left out."""
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in wanted.items())
    return f"---\n{''.join(lines)}---\n"


def _cleaned(body: str, servers: JSON, masked: JSON) -> str:
    for secret, placeholder in _texts(servers, masked):
        body = body.replace(secret, placeholder) if len(secret) >= _LONG else body
    return body


def _texts(servers: JSON, masked: JSON) -> Iterator[tuple[str, str]]:
    return ((str(secret), str(placeholder)) for secret, placeholder in changes(servers, masked))
