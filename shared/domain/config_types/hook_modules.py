"""What can be told of a code module without running it: its language, and the events whose names stand in it."""

import re
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.layout import extension_of, has_ending

ENDINGS: Final = (".ts", ".mts", ".js", ".mjs")
_FOLDERS = ("plugin", "plugins")
_LANGUAGES = {".ts": "typescript", ".mts": "typescript"}
# A key of the object that the module returns: `"tool.execute.before": async …` or `async "chat.message"(…)`.
_KEY = re.compile(r"""["']([a-z]{1,40}(?:\.[a-z]{1,40}){1,4})["']\s{0,20}[:(]""")
_NAMED = re.compile(
    r"(?<![\w.$])(event|config|auth)\s{0,20}(?::\s{0,20}(?:async\b|\(|function\b|\{)|\(\s{0,20}[{\w][^\n)]{0,200}\)\s{0,20}\{)"
)
_COMPARED = re.compile(r"""\.type\s{0,20}===?\s{0,20}["']([a-z]{1,40}(?:\.[a-z]{1,40}){1,4})["']""")
_IMPORT = re.compile(r"""(?:from|import|require\()\s{0,20}["']\.{1,2}/""")


@dataclass(frozen=True, slots=True)
class Scan:
    """`needs_files` when the module imports others that lie beside it."""

    events: list[str]
    needs_files: bool


def is_module(path: str) -> bool:
    """OpenCode loads modules that lie directly in a folder of plugins."""
    return has_ending(path, ENDINGS) and path.rpartition("/")[0].rpartition("/")[2] in _FOLDERS


def language_of(path: str) -> str:
    return _LANGUAGES.get(extension_of(path).lower(), "javascript")


def scan(text: str) -> Scan:
    """A light look at the text: names that are put together at run time are not found."""
    found = [match for pattern in (_KEY, _NAMED, _COMPARED) for match in pattern.finditer(text)]
    found.sort(key=lambda match: match.start())
    return Scan(list(dict.fromkeys(match[1] for match in found)), bool(_IMPORT.search(text)))
