"""The safety lint: every text of a unit, each check, and no more notes than a person reads."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from shared.domain.config_types.lint import credentials, invisible, outside, shell
from shared.domain.config_types.lint.look import Finding, TextFile
from shared.domain.diagnostics import Diagnostic

MAX_BYTES: Final = 4 * 1024 * 1024
"""Looked at in one unit, entry first; beyond it lie generated files."""

MAX_NOTES: Final = 5
"""Of one code for one unit: a word list of a thousand zero-width spaces is one piece of news."""

_SNIFFED = 8_192
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_Check = Callable[[TextFile], Iterator[Finding]]
_CHECKS: Final[Sequence[_Check]] = (invisible.look, shell.look, outside.look)


def lint(files: Iterable[tuple[str, bytes]], *, secrets_are_masked: bool, has_lines: bool = True) -> list[Diagnostic]:
    """What is unsafe in a unit's files, given as (path in the source, bytes), the entry first.

    A type that masks literal secrets tells of them itself. Without `has_lines` the text is not what the source
    holds, so that its lines would mislead.
    """
    checks = _CHECKS if secrets_are_masked else (*_CHECKS, credentials.look)
    notes: list[Diagnostic] = []
    counted: Counter[str] = Counter()
    for file in _texts(files):
        for check in checks:
            for found in check(file):
                counted[found.code] += 1
                if counted[found.code] > MAX_NOTES:
                    break
                line = file.line(found.at) if has_lines else None
                notes.append(found.code.at(file.path, found.detail, line))
    return notes


def _texts(files: Iterable[tuple[str, bytes]]) -> Iterator[TextFile]:
    budget = MAX_BYTES
    for number, (path, data) in enumerate(files):
        text = data.decode("utf-16", "replace").encode() if data.startswith(_UTF16) else data
        if budget <= 0 or b"\0" in text[:_SNIFFED]:
            continue
        yield TextFile(path, text[:budget], is_entry=number == 0)
        budget -= len(text)
