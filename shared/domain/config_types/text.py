"""From bytes to text, keeping note of what could not be read."""

import codecs
from dataclasses import dataclass

from shared.domain.config_types.codes import Code
from shared.domain.diagnostics import Diagnostic

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Text:
    """Text with line feeds only and no byte order mark; a projection, the bytes stay the source."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


def decode(data: bytes, path: str) -> Text:
    """Read UTF-8, or UTF-16 behind its mark; bytes that are neither become U+FFFD, with a warning."""
    notes: list[Diagnostic] = []
    if data.startswith(_UTF16):
        notes.append(Code.NOT_UTF8.at(path, "read as UTF-16"))
        return Text(_line_feeds(data.decode("utf-16", "replace")), tuple(notes))
    if data.startswith(codecs.BOM_UTF8):
        notes.append(Code.BYTE_ORDER_MARK.at(path))
        data = data[len(codecs.BOM_UTF8) :]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        notes.append(Code.NOT_UTF8.at(path, line=data.count(b"\n", 0, error.start) + 1))
        text = data.decode("utf-8", "replace")
    return Text(_line_feeds(text), tuple(notes))


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
