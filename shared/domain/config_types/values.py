"""The JSON-shaped values that parsing gives, and the shapes that titles and search text are held to."""

from collections.abc import Iterable
from typing import TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 4_096


def one_line(text: str, limit: int) -> str:
    """`text` on one line without control characters, cut at `limit` characters."""
    visible = text[: limit * 4]
    if not visible.isprintable():
        visible = "".join(char if char.isprintable() else " " for char in visible)
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def search_text(parts: Iterable[str | None]) -> str:
    """What a search matches: the parts that are there, each once."""
    return " ".join(dict.fromkeys(one_line(part, DESCRIPTION_LENGTH) for part in parts if part))
