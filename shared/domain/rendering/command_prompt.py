"""The prompt that a command becomes when somebody calls it with arguments, in the way of each client.

Both clients put arguments in first and look for shell blocks and files in the result. Here those are listed and
stay in the text as they are written: nothing is run, no file is read.
"""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.domain.errors import TooLarge

MAX_PROMPT: Final = 2 * 1024 * 1024
"""Characters of a rendered prompt: a small template may name a long argument many times."""

# Claude Code 2.1: counts from 0; `\\$` is a plain `$`; a number that ends in a letter is no number.
_CLAUDE_PLACE = re.compile(
    r"\\\$(?=\d|ARGUMENTS)|(?<!\\)\$(?:ARGUMENTS\[(?P<index>\d{1,9})\]|(?P<number>\d{1,9})(?!\w)|(?P<all>ARGUMENTS))"
)
_CLAUDE_SHELL = re.compile(r"```!\s*\n?(?P<block>[^`]+?)\n?```|(?:^|(?<=\s))!`(?P<inline>[^`]+)`", re.MULTILINE)
# OpenCode 1.x: counts from 1, and the highest number takes all that is left.
_OPENCODE_PLACE = re.compile(r"\$(?:(?P<number>\d{1,9})|(?P<all>ARGUMENTS))")
_OPENCODE_ARGUMENT = re.compile(r"\[Image\s+\d+\]|\"[^\"]*\"|'[^']*'|[^\s\"']+", re.IGNORECASE)
_OPENCODE_SHELL = re.compile(r"!`(?P<inline>[^`]+)`")
_FILE = re.compile(r"(?<![\w`@/.])@([\w./~-]{1,300})")
_COUNTS_FROM_ZERO = re.compile(r"\$(?:0(?!\d)|ARGUMENTS\[)")
_COUNTS_FROM_ONE = re.compile(r"\$[1-9]")


@dataclass(frozen=True, slots=True)
class Prompt:
    """`shell` are the commands that the client would run and `files` those it would read, in their order."""

    client: str
    text: str
    shell: tuple[str, ...]
    files: tuple[str, ...]
    uses_arguments: bool


def render_prompts(template: str, arguments: str) -> tuple[Prompt, ...]:
    """One prompt per client; first that of the client whose way of counting the template follows.

    Raises: TooLarge for one beyond `MAX_PROMPT`.
    """
    claude, opencode = _claude_code(template, arguments), _opencode(template, arguments)
    counts_from_one = _COUNTS_FROM_ONE.search(template) and not _COUNTS_FROM_ZERO.search(template)
    return (opencode, claude) if counts_from_one else (claude, opencode)


def _claude_code(template: str, arguments: str) -> Prompt:
    """A missing argument is nothing; arguments that the template does not name follow it."""
    given = _split_like_a_shell(arguments)

    def value(found: re.Match[str]) -> str:
        if found[0].startswith("\\"):
            return "$"
        number = found["index"] or found["number"]
        return arguments if number is None else "".join(given[int(number) : int(number) + 1])

    places = [found for found in _CLAUDE_PLACE.finditer(template) if not found[0].startswith("\\")]
    text = _fill(_CLAUDE_PLACE, template, value)
    if arguments and not places:
        text += f"\n\nARGUMENTS: {arguments}"
    return _prompt("claude-code", text, _CLAUDE_SHELL, uses_arguments=bool(places))


def _opencode(template: str, arguments: str) -> Prompt:
    given = [each.strip("\"'") for each in _OPENCODE_ARGUMENT.findall(arguments)]
    places = list(_OPENCODE_PLACE.finditer(template))
    last = max((int(found["number"]) for found in places if found["number"]), default=0)

    def value(found: re.Match[str]) -> str:
        if found["number"] is None:
            return arguments
        start = int(found["number"]) - 1
        end = None if start + 1 == last else start + 1
        return " ".join(given[start:end]) if start >= 0 else ""

    text = _fill(_OPENCODE_PLACE, template, value)
    if arguments.strip() and not places:
        text += f"\n\n{arguments}"
    return _prompt("opencode", text.strip(), _OPENCODE_SHELL, uses_arguments=bool(places))


def _fill(place: re.Pattern[str], template: str, value: Callable[[re.Match[str]], str]) -> str:
    length = len(template)

    def bounded(found: re.Match[str]) -> str:
        nonlocal length
        text = value(found)
        length += len(text)
        if length > MAX_PROMPT:
            raise TooLarge(f"arguments: the rendered prompt has more than {MAX_PROMPT} characters.")
        return text

    return place.sub(bounded, template)


def _prompt(client: str, text: str, shell: re.Pattern[str], *, uses_arguments: bool) -> Prompt:
    commands = (next(part for part in found.groups() if part) for found in shell.finditer(text))
    files = dict.fromkeys(path.rstrip(".") for path in _FILE.findall(text))
    return Prompt(client, text, tuple(each.strip() for each in commands), tuple(files), uses_arguments)


def _split_like_a_shell(arguments: str) -> list[str]:
    try:
        return shlex.split(arguments)
    except ValueError:  # a quote that is never closed
        return arguments.split()
