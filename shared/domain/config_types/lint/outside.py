"""References to files that do not come with the plugin: above its root, or somewhere on the caller's machine."""

import re
from collections.abc import Iterator
from typing import Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.lint.look import Finding, TextFile
from shared.domain.config_types.values import one_line

_COLLECTIONS = {"skills", "skill", "agents", "agent", "commands", "command", "hooks", "tools", "tool"}
_SETTINGS = {".claude", ".opencode", ".agents", ".github", ".cursor"}
_TEXT = (".md", ".mdc", ".markdown", ".txt")
# A link's target or a file that the client fills in; `@/x` alone is an alias of module paths in most projects.
_REFERENCE: Final = re.compile(
    rb"(?:\]\(<?|(?<![\w`@/.])@|\$\{CLAUDE_PLUGIN_ROOT\}/)"
    rb"(?P<path>(?:\./)?(?:[\w.-]{1,60}/){0,8}?(?:\.\./)+[\w./~-]{0,200}"
    rb"|(?<=@)(?:~|/(?:etc|home|root|Users|var|usr|tmp|proc|opt|private))/[\w./~-]{0,200})"
)
_FROM_THE_ROOT = b"${CLAUDE_PLUGIN_ROOT}/"


def look(file: TextFile) -> Iterator[Finding]:
    if not file.path.lower().endswith(_TEXT) or not (b"../" in file.data or b"@~/" in file.data or b"@/" in file.data):
        return
    depth = _depth(file.path)
    for found in _REFERENCE.finditer(file.data):
        path = found["path"].decode("ascii", "replace")
        below = 0 if found[0].startswith(_FROM_THE_ROOT) else depth
        if path.startswith(("/", "~")) or _climbs(path) > below:
            yield Finding(Code.OUTSIDE_REFERENCE, found.start(), one_line(path, 80))


def _depth(path: str) -> int:
    """How many folders deep in its plugin a file lies, as far as its path tells where the plugin starts."""
    folders = path.split("/")[:-1]
    starts = [at for at, folder in enumerate(folders) if folder in _COLLECTIONS]
    start = starts[-1] if starts else 0
    if start and folders[start - 1] in _SETTINGS:
        start -= 1
    return len(folders) - start


def _climbs(path: str) -> int:
    """How far above its start a relative path reaches at its highest."""
    level = highest = 0
    for part in path.split("/"):
        level += -1 if part == ".." else part not in ("", ".")
        highest = min(highest, level)
    return -highest
