"""Versions on the wire: rows of a history, and one with its content."""

from typing import Annotated, Literal

from pydantic import Field

from functions.admin.models.content import ContentInput
from shared.domain.config_object import CreatedVia, Json, Version
from shared.domain.content import FileEntry
from shared.http.answers import Mutation
from shared.http.models import DiagnosticRead, Input, Moment, Output
from shared.services.config_objects import VersionContent


class VersionCreate(Input):
    input: ContentInput
    reason: Annotated[str | None, Field(max_length=512)] = None


class FileRead(Output):
    """`mode` is git's, in octal: 100644, or 100755 for what may be executed."""

    path: str
    sha256: str
    size: int
    mode: str

    @classmethod
    def of(cls, file: FileEntry) -> "FileRead":
        return cls(path=file.path, sha256=file.sha256, size=file.size, mode=f"{file.mode:o}")


class VersionRead(Output):
    id: str
    config_object_id: str
    digest: str
    entry_path: str | None
    parser_mode: str | None
    schema_version: int
    created_via: CreatedVia
    created_at: Moment
    created_by: str
    reason: str | None
    sync_event_id: str | None
    source_revision: str | None
    is_deletion: bool


class VersionDetail(VersionRead):
    """`rawSourceText` is the entry file's text, with literal secrets masked for who may not edit the object."""

    files: list[FileRead]
    raw_source_text: str | None
    payload: Json
    diagnostics: list[DiagnosticRead]

    @classmethod
    def of(cls, content: VersionContent) -> "VersionDetail":
        version = content.version
        return cls(
            **_row(version),
            files=[FileRead.of(file) for file in version.files],
            raw_source_text=content.source_text,
            payload=content.payload,
            diagnostics=[DiagnosticRead.of(one) for one in version.diagnostics],
        )


class VersionMutation(Mutation[VersionRead]):
    """`unchanged`: the content equals the head's, nothing was written, and `item` is the head."""

    ok: Literal[True] = True
    unchanged: bool


def _row(version: Version) -> dict[str, Json]:
    return {name: getattr(version, name) for name in VersionRead.model_fields}
