"""The first sentence of a markdown text, for units that have no description of their own."""

import re
from collections.abc import Iterator
from typing import Final

_LOOKED_AT: Final = 8_192
_LONGEST: Final = 300
_FENCES: Final = ("```", "~~~")
_NOT_PROSE: Final = ("#", "<", "|", "---", "===", "![", ">")
_UNDERLINE: Final = re.compile(r"=+|-+")
_ITEM: Final = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_LINK: Final = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}\)")
_MARKUP: Final = re.compile(r"\*\*|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_END: Final = re.compile(r"[.!?](?=\s|$)|[\u3002\uff01\uff1f]")
_ABBREVIATION: Final = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|Dr|Mr|Ms|No)|\.\.)\.$")


def first_sentence(markdown: str) -> str | None:
    """Of the first paragraph or list item of prose, without its markup; None if there is none."""
    for block in _blocks(markdown[:_LOOKED_AT]):
        prose = _MARKUP.sub("", _LINK.sub(r"\1", " ".join(block))).strip()
        if any(char.isalnum() for char in prose):
            return prose[: _end_of_sentence(prose)][:_LONGEST].rstrip()
    return None


def _blocks(markdown: str) -> Iterator[list[str]]:
    """Lines that belong together: a paragraph or one item of a list, without code, comments and headings."""
    block: list[str] = []
    for line in _outside_code(markdown):
        if block and _UNDERLINE.fullmatch(line):
            block = []
        elif not line or line.startswith(_NOT_PROSE):
            yield block
            block = []
        elif item := _ITEM.match(line):
            yield block
            block = [line[item.end() :]]
        else:
            block.append(line)
    yield block


def _outside_code(markdown: str) -> Iterator[str]:
    until = ""
    for line in map(str.strip, markdown.split("\n")):
        if until:
            until = "" if until in line else until
            yield ""
        elif line.startswith(_FENCES):
            until = line[:3]
            yield ""
        elif line.startswith("<!--"):
            until = "" if "-->" in line else "-->"
            yield ""
        else:
            yield line


def _end_of_sentence(prose: str) -> int | None:
    for end in _END.finditer(prose):
        if not _ABBREVIATION.search(prose, max(end.end() - 8, 0), end.end()):
            return end.end()
    return None
