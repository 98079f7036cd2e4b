"""From bytes to text, keeping note of what could not be read, and the first sentence of a text."""

import codecs
import re
from dataclasses import dataclass

from shared.domain.config_types.codes import Code
from shared.domain.diagnostics import Diagnostic

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLOCKS = re.compile(r"\n[ \t]*\n")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_NOT_PROSE = ("#", "```", "~~~", "<", "|", "---", "===", "![", ">")
_LOOKED_AT = 8_192
_SENTENCE_LENGTH = 300


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


def first_sentence(markdown: str) -> str | None:
    """The first sentence of the first paragraph of prose, without its markup; None if there is none."""
    for block in _BLOCKS.split(markdown[:_LOOKED_AT]):
        lines = [line.strip() for line in block.splitlines()]
        prose = " ".join(line for line in lines if line and not line.startswith(_NOT_PROSE))
        prose = prose.lstrip("-*+ ").replace("**", "").replace("`", "").strip()
        if prose and not block.lstrip().startswith(("```", "~~~", "<!--")):
            end = _SENTENCE_END.search(prose)
            return prose[: end.end() if end else None][:_SENTENCE_LENGTH]
    return None


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
