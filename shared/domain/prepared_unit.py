"""What is to be stored of a parsed unit, and by whom and from where it comes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from shared.domain.config_object import (
    CreatedVia,
    Json,
    SourceLocation,
    Version,
)
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import ParsedUnit
from shared.domain.content import FileEntry, SourceFile, content_digest
from shared.domain.diagnostics import Diagnostic
from shared.domain.sealing import Envelope

MAX_DIAGNOSTICS = 100
"""Kept per object: a file that is wrong on every line would otherwise outgrow its row."""


@dataclass(frozen=True, slots=True)
class PreparedUnit:
    """A parsed unit with what is to be stored of it.

    `files` are what everybody is shown. Where they differ from what was handed in, that is `secret_files`, and the
    unit has to be sealed, for the object that it belongs to, before it is stored.
    """

    type: str
    parsed: ParsedUnit
    entry_path: str
    files: Sequence[SourceFile]
    digest: str
    payload: bytes
    parser_mode: str | None = None
    secret_files: Sequence[SourceFile] = field(default=(), repr=False)
    envelope: Envelope | None = None

    @property
    def object_id(self) -> str | None:
        """The identity that the unit was sealed for."""
        return self.envelope.seal.object_id if self.envelope else None

    @property
    def entries(self) -> list[FileEntry]:
        return [file.entry for file in self.files]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.parsed.diagnostics[:MAX_DIAGNOSTICS]


@dataclass(frozen=True, slots=True)
class Origin:
    """By whom and from where a version comes. `owner` receives the manager grant of a new object.

    Unless a new object is `listed`, no list and no search finds it before somebody enlists it.
    """

    via: CreatedVia
    actor_id: str
    owner: str
    location: SourceLocation | None = None
    relative_path: str | None = None
    reason: str | None = None
    sync_event_id: str | None = None
    source_revision: str | None = None
    plugin_ids: frozenset[str] = field(default_factory=frozenset)
    listed: bool = True


def prepare(
    type_name: str, parsed: ParsedUnit, entry_path: str, files: Iterable[SourceFile], parser_mode: str | None = None
) -> PreparedUnit:
    """What will be stored; files that are no content (LFS pointers) are left out."""
    kept = [file for file in files if file.path not in parsed.left_out]
    payload = json.dumps(parsed.payload, ensure_ascii=False, sort_keys=True).encode()
    shown = list(config_type(type_name).sealer(kept))
    secret = kept if shown != kept else []
    digest = content_digest(file.entry for file in shown)
    return PreparedUnit(type_name, parsed, entry_path, shown, digest, payload, parser_mode, secret)


def require_sealed(unit: PreparedUnit) -> None:
    """Raises: ValueError before a literal secret is written as it is."""
    if unit.secret_files and unit.envelope is None:
        raise ValueError("a unit with literal secrets has to be sealed before anything of it is written")


def projected(unit: PreparedUnit, origin: Origin, version: Version | None) -> Mapping[str, Json]:
    """The fields of an object that follow from its newest content; without a new version the heads stay."""
    name = PurePosixPath(origin.relative_path or unit.entry_path)
    heads: dict[str, Json] = {}
    if version is not None:
        heads = {"head_version_id": version.id, "latest_version_id": version.id, "head_digest": version.digest}
    return heads | {
        "title": unit.parsed.title,
        "slug": unit.parsed.install_name,
        "description": unit.parsed.description,
        "description_derived": unit.parsed.description_derived,
        "file_name": name.name,
        "extension": name.suffix.removeprefix(".") or None,
        "relative_path": origin.relative_path,
        "projection": dict(unit.parsed.projection),
        "search_text": unit.parsed.search_text,
        "diagnostics": unit.diagnostics,
    }
