"""Credentials that were left in a text, by the formats that their issuers gave them.

The formats are those of detect-secrets (Yelp). Its plugins cost too much to run over every line, so they see only the
surroundings of what one linear pattern takes for a beginning. None of those that guess by entropy or by a keyword:
in documentation they are wrong far more often than right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.lint.linear import linear
from shared.domain.config_types.lint.look import Finding, TextFile

if TYPE_CHECKING:
    from detect_secrets.plugins.base import RegexBasedDetector

_PLUGINS: Final = (
    "AWSKeyDetector", "AzureStorageKeyDetector", "DiscordBotTokenDetector", "GitHubTokenDetector",
    "GitLabTokenDetector", "JwtTokenDetector", "MailchimpDetector", "NpmDetector", "OpenAIDetector",
    "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "SquareOAuthDetector",
    "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
_MAYBE: Final = (
    rb"AKIA[0-9A-Z]|ASIA[0-9A-Z]|A3T[0-9A-Z]|ABIA[0-9A-Z]|ACCA[0-9A-Z]|AccountKey=|gh[pousr]_[0-9A-Za-z]"
    rb"|(?:glpat|gldt|glft|glsoat|glrt)-|GR1348941|glcbt-|glimt-|glptt-|glagent-|gloas-|eyJ[A-Za-z0-9_-]{10}|-us[0-9]{1,2}"
    rb"|_authToken|sk-[A-Za-z0-9-_]*T3BlbkFJ|PRIVATE KEY|pypi-AgE|SG\.[A-Za-z0-9_-]{22}|xox[a-z]-|hooks\.slack\.com"
    rb"|sq0csp-|[rs]k_live_|[0-9]{8,10}:[0-9A-Za-z_-]{35}|(?:AC|SK)[0-9a-z]{32}"
    rb"|[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\."
)
_PRIVATE_KEY = _PLUGINS.index("PrivateKeyDetector")
_JWT = _PLUGINS.index("JwtTokenDetector")
_BEFORE = 80
_WINDOW = 2_000
_MOST = 40
_EXAMPLE = re.compile(
    r"example|sample|dummy|fake|placeholder|your|redacted|x{4,}|\*{3}|\.\.\.|<[^>]*>|1234567|abcdef", re.I
)
_SIGNED = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{22,}", re.ASCII)
_KEY_BODY = re.compile(rb"PRIVATE KEY(?: BLOCK)?-----(?:\\r)?(?:\\n|\s|[\"'+,])*[A-Za-z0-9+/=]{40}")


def look(file: TextFile) -> Iterator[Finding]:
    """One finding for each place and kind; what it says is the kind alone."""
    known: set[tuple[int, str]] = set()
    for count, found in enumerate(linear(_MAYBE).finditer(file.data)):
        if count >= _MOST:
            return
        kind = _kind(file.data, found.start())
        place = (file.line(found.start()), kind or "")
        if kind is not None and place not in known:
            known.add(place)
            yield Finding(Code.CREDENTIAL, found.start(), kind)


def _kind(data: bytes, at: int) -> str | None:
    """What kind of credential stands around a byte, if it is one and no example of one."""
    start = max(data.rfind(b"\n", 0, at) + 1, at - _BEFORE)
    end = data.find(b"\n", at)
    window = data[start : min(end if end >= 0 else len(data), at + _WINDOW)].decode("utf-8", "replace")
    for plugin in _detectors():
        if not any(plugin.analyze_string(window)):
            continue
        if plugin is _detectors()[_PRIVATE_KEY]:
            real = _KEY_BODY.search(data[start : at + _WINDOW]) is not None
        elif plugin is _detectors()[_JWT]:
            # Nothing accepts a token without its signature: it shows what one looks like.
            real = any(not _is_example(found[0]) for found in _SIGNED.finditer(window))
        else:
            # A plugin gives a group of its match where there is one: the whole match tells an example.
            real = not any(_is_example(found[0]) for found in _matches(plugin, window))
        if real:
            return str(plugin.secret_type)
    return None


def _matches(plugin: RegexBasedDetector, window: str) -> Iterator[re.Match[str]]:
    return (found for regex in plugin.denylist if (found := regex.search(window)) is not None)


def _is_example(secret: str) -> bool:
    """Written in its place to show its form: few different characters, or words that say so."""
    return bool(_EXAMPLE.search(secret)) or len(set(secret)) < 8


@cache
def _detectors() -> tuple[RegexBasedDetector, ...]:
    from detect_secrets.core.plugins.initialize import from_plugin_classname

    return tuple(from_plugin_classname(name) for name in _PLUGINS)
