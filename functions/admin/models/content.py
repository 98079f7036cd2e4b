"""Content on the way in: the entry's text and the files beside it."""

import base64
import binascii
from typing import Annotated, Final, Literal

from pydantic import Field

from shared.domain.config_types.limits import MAX_ENTRY_BYTES, MAX_FILES
from shared.domain.content import EXECUTABLE, REGULAR, SourceFile
from shared.domain.errors import Invalid, TooLarge
from shared.http.models import Input
from shared.services.drafts import ContentDraft

_MODES: Final = {"100644": REGULAR, "100755": EXECUTABLE}


class FileInput(Input):
    """A file beside the entry; `mode` is git's, in octal."""

    path: Annotated[str, Field(min_length=1, max_length=512)]
    content: str
    encoding: Literal["utf-8", "base64"] = "utf-8"
    mode: Literal["100644", "100755"] = "100644"

    def to_file(self, number: int) -> SourceFile:
        return SourceFile(self.path, self._data(number), _MODES[self.mode])

    def _data(self, number: int) -> bytes:
        if self.encoding == "utf-8":
            return self.content.encode()
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Invalid.field(f"input.files.{number}.content", "is not valid base64") from error


class ContentInput(Input):
    """`fileName` defaults to the type's own: SKILL.md, .mcp.json, or `<name>.md` after the frontmatter's name."""

    raw_source_text: Annotated[str, Field(description=f"At most {MAX_ENTRY_BYTES} bytes of UTF-8.")]
    parser_mode: Annotated[str | None, Field(max_length=32)] = None
    file_name: Annotated[str | None, Field(min_length=1, max_length=512)] = None
    files: tuple[FileInput, ...] = ()

    def to_draft(self) -> ContentDraft:
        """Raises: Invalid for broken base64, TooLarge for too many files."""
        if len(self.files) >= MAX_FILES:
            raise TooLarge(f"input.files: one object has at most {MAX_FILES} files.")
        files = [file.to_file(number) for number, file in enumerate(self.files)]
        return ContentDraft(self.raw_source_text, self.file_name, files, self.parser_mode)
