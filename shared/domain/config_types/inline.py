"""Units inside a file: each gets a locator of its own below the file's, and a small document as its content.

In a file that several types share, a key starts with the section that the unit stands in, so that no two units of
one file are ever called alike: `opencode.json#agent/reviewer`, `opencode.json#mcp/search`, `.mcp.json#search`.
"""

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.config_types import json_guard
from shared.domain.config_types.unit import Unit
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile

MAX_KEY = 128
MAX_UNITS = 200


def inline_unit(container: Unit, name: str, section: str | None, entry_path: str) -> Unit:
    """The unit `name` of a container; its content is the one file `entry_path`."""
    key = name if section is None else f"{section}/{name}"
    return whole_section(container, key, entry_path)


def whole_section(container: Unit, key: str, entry_path: str) -> Unit:
    locator = f"{container.locator}#{key}"
    return replace(container, locator=locator, key=key, entry_path=entry_path, diagnostics=(), container=False)


def name_of(key: str | None, section: str | None) -> str:
    """What a unit is called in the file that holds it; "" for a unit that is a file."""
    return (key or "").removeprefix(f"{section}/" if section else "")


def content(entry_path: str, section: str, value: JSON) -> SourceFile:
    """What an inline unit holds: the section with nothing else in it, exactly as parsed, in one spelling.

    So a change beside a unit, or in the file's layout, changes nothing of it.
    """
    return SourceFile(entry_path, json_guard.render({section: value}))


def entry_of(unit: Unit, files: Sequence[SourceFile]) -> SourceFile | None:
    return next((file for file in files if file.path == unit.entry_path), None)
