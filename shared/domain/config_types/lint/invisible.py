"""Characters that a reader does not see and a model reads: the means of hidden instructions.

Legitimate uses stay unmentioned: joiners in emoji and in scripts that need them, a word break where a script writes
no spaces, directional marks beside right-to-left letters, tags in the flags of regions.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.lint.linear import linear
from shared.domain.config_types.lint.look import Finding, TextFile

# The UTF-8 beginnings of what the pattern below matches: most texts hold none and are not decoded.
_MAYBE: Final = (
    rb"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xf3\xa0|\xef\xbb\xbf|\xef\xbe\xa0|\xe1\x85[\x9f\xa0]"
    rb"|\xe1\xa0\x8e|\xe3\x85\xa4|(?:\xef\xb8[\x80-\x8f]){2}"
)
_SUSPECT: Final = re.compile(
    "(?P<hidden>[\U000e0000-\U000e007f]+|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,})"
    "|(?P<bidi>[\u202a-\u202e\u2066-\u2069]+)"
    "|(?P<zero>[\u200b-\u200f\u2060-\u2064\ufeff\uffa0\u115f\u1160\u180e\u3164]+)"
)
_CODES = {"hidden": Code.HIDDEN_TEXT, "bidi": Code.BIDI_CONTROL, "zero": Code.ZERO_WIDTH}
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f"
_SPACE = "\u200b"
_BLACK_FLAG = "\U0001f3f4"
# Arabic to Sinhala, then Myanmar, Khmer and Mongolian, then the presentation forms.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff]")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_EMOJI = {"So", "Sk", "Mn", "Sm", "Me"}


def look(file: TextFile) -> Iterator[Finding]:
    if file.data.isascii() or not linear(_MAYBE).search(file.data):
        return
    text = file.data.decode("utf-8", "replace")
    at, seen = 0, 0
    for found in _SUSPECT.finditer(text):
        if _is_usual(text, found):
            continue
        at += len(text[seen : found.start()].encode("utf-8", "replace"))
        seen = found.start()
        kind = found.lastgroup or "zero"
        yield Finding(_CODES[kind], at, _shown(found[0]))


def _is_usual(text: str, found: re.Match[str]) -> bool:
    before, after = text[max(found.start() - 1, 0) : found.start()], text[found.end() : found.end() + 1]
    run = found[0]
    if found.lastgroup == "hidden":
        return before == _BLACK_FLAG and run[-1] == "\U000e007f"
    if found.lastgroup == "bidi" or len(run) > 1:
        return False
    if run == "\ufeff":
        return found.start() == 0
    if run in _JOINERS:
        return bool(_JOINING.match(before)) or (_is_emoji(before) and _is_emoji(after))
    if run in _MARKS:
        return any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in before + after)
    return run == _SPACE and bool(_WITHOUT_SPACES.match(before) or _WITHOUT_SPACES.match(after))


def _is_emoji(char: str) -> bool:
    return bool(char) and unicodedata.category(char) in _EMOJI


def _shown(run: str) -> str:
    names = " ".join(f"U+{ord(char):04X}" for char in run[:4])
    return names if len(run) <= 4 else f"{names} and {len(run) - 4} more"
