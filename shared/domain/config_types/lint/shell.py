"""Shell commands that run what comes from elsewhere: a download, or the arguments that a caller gives."""

import re
from collections.abc import Iterator
from typing import Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.lint.look import Finding, TextFile

# Given a program (`python3 -m json.tool`, `node parse.js`), an interpreter reads what it is piped as data.
_INTERPRETER = (
    rb"(?:sudo[ \t]+(?:-\w+[ \t]+)*)?(?:/[\w/]{1,40}/)?"
    rb"(?:(?:ba|z|da|k)?sh\b|(?:python3?|node|perl|ruby)(?=[ \t]*-?[ \t]*(?:[\n|;&)'\"`]|\Z)))"
)
# Bounded repetitions, and a separator that they exclude: each start is left after a few hundred bytes.
_PIPED: Final = re.compile(
    rb"\b(?:curl|wget)[ \t][^\n|;`]{1,300}\|[ \t]*" + _INTERPRETER + rb"|\b(?:ba|z|da|k)?sh[ \t]+(?:-\w+[ \t]+)*"
    rb"(?:<\([ \t]*|[\"']?(?:\$\(|`)[ \t]*)(?:curl|wget)\b"
)
_POWERSHELL: Final = re.compile(
    rb"\b(?:iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b[^\n|;]{1,300}"
    rb"\|[ \t]*(?:iex|invoke-expression)\b"
    rb"|\b(?:iex|invoke-expression)[ \t(&\"'$]{1,8}(?:iwr|irm|invoke-|new-object[ \t]+(?:system\.)?net\.webclient)",
    re.IGNORECASE,
)
_COMMAND: Final = re.compile(rb"!`([^`\n]{1,2000})`")
_ARGUMENTS: Final = re.compile(rb"\$(?:ARGUMENTS\b|\{?[1-9]\b)")


def look(file: TextFile) -> Iterator[Finding]:
    if b"curl" in file.data or b"wget" in file.data:
        yield from (Finding(Code.PIPED_DOWNLOAD, found.start()) for found in _PIPED.finditer(file.data))
    if _may_be_powershell(file.data):
        yield from (Finding(Code.PIPED_DOWNLOAD, found.start()) for found in _POWERSHELL.finditer(file.data))
    if file.is_entry and b"!`" in file.data:
        for found in _COMMAND.finditer(file.data):
            if _ARGUMENTS.search(found[1]):
                yield Finding(Code.SHELL_ARGUMENTS, found.start())


def _may_be_powershell(data: bytes) -> bool:
    return b"iex" in data or b"IEX" in data or b"nvoke-Expression" in data or b"nvoke-expression" in data
