"""Context: a markdown file of standing instructions, such as CLAUDE.md, AGENTS.md or GEMINI.md.

No plugin can carry one: a client reads it from the project or from the person's own folder. So it is offered
to be downloaded, and placed by whoever wants it.
"""

import re
from collections.abc import Sequence

from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.layout import find_files
from shared.domain.config_types.markdown import document
from shared.domain.config_types.unit import Found, PathEntry, Reading, Source

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*)")
_CLOSING = re.compile(r"[ \t]#+$")
_FENCES = ("```", "~~~")


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    return find_files(type_name, selected, tree, endings=(".md", ".markdown", ".mdc"))


def _read(source: Source) -> Reading:
    page = document(source)
    description, derived = page.description()
    # Frontmatter is the exception in such files, not the rule.
    notes = [note for note in page.diagnostics() if note.code != Code.NO_FRONTMATTER]
    file_name = source.origin.rpartition("/")[2]
    return Reading(
        name=f"{source.folder}-{source.stem}" if source.folder else source.stem,
        title=_heading(page.body) or file_name,
        description=description,
        description_derived=derived,
        payload={"name": file_name, "text": page.body, "description": description},
        search_extras=(file_name, source.folder),
        diagnostics=(*notes, Code.CONTEXT_BY_HAND.at(source.origin)),
    )


def _heading(body: str) -> str | None:
    """The first heading that is not inside a block of code."""
    fence = ""
    for line in body.split("\n"):
        mark = line.lstrip()[:3]
        if mark in _FENCES and fence in ("", mark):
            fence = "" if fence else mark
        elif not fence and (found := _HEADING.match(line)):
            text = _CLOSING.sub("", found[1].rstrip()).strip("# ")
            if text:
                return text
    return None


CONTEXT = ConfigType(
    name="context",
    default_locations=("CLAUDE.md", "AGENTS.md", "GEMINI.md"),
    filters=(),
    targets=targets(),
    finder=_find,
    reader=_read,
    source_defines=frozenset({"title"}),
)
