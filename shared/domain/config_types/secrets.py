"""Tells literal secrets from placeholders and other values, and replaces them by variables to set.

`${VAR}`, `${VAR:-default}` and `{env:VAR}` are placeholders: whoever wrote them kept the secret out. In
headers and environments every other value counts as a secret, unless it plainly is none. An example's blank, such
as `<your key>`, is masked like a secret, but is none that was written out: whoever installs it has a value to set.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.domain.config_types.values import JSON

MASK = "********"
_PLACEHOLDER = re.compile(r"\$\{(?P<claude>[^{}]{1,500})\}|\{(?:env|file):(?P<opencode>[^{}]{1,500})\}")
_VARIABLE = re.compile(r"[A-Za-z_]\w*")
_SECRET_NAME = re.compile(
    r"secret|passw|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|cookie"
    r"|token(?!s|izer)|(?:^|[-_])(?:auth|pwd|pat|sig|key)$",
    re.IGNORECASE,
)
_NO_SECRET_NAME = re.compile(r"(?:url|uri|endpoint|file|path|helper|_?id)$", re.IGNORECASE)
# The leading boundary keeps the search linear: a run of letters is tried once, not from each of its letters.
_KNOWN_FORMAT = re.compile(
    r"(?<![\w-])(?:(?:sk|pk|rk)[-_][\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|xox[abeprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|npm_\w{30,}|hf_\w{20,}|lin_api_\w{20,}"
    r"|eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?)"
)
_RUN = re.compile(r"[\w-]{16,}")
_SCHEME = re.compile(r"(?:Bearer|Basic|Token|ApiKey)[ \t]+", re.IGNORECASE)
_BLANK = re.compile(
    r"(?:[a-z]{2,10}[-_])?(?:x{3,}|\.{3,}|…|\*{3,})|<[^<>]{1,100}>|\[[^\[\]]{1,100}\]"
    r"|(?:your|my|insert|enter|paste|add)[-_ ][\w -]{1,80}|(?:change|replace)[-_ ]?(?:me|this)|todo|placeholder",
    re.IGNORECASE,
)
_PLAIN_HEADERS = {"accept", "content-type", "user-agent", "accept-language"}
_PLAIN_VALUES = {"", "true", "false", "null"}
_URL = re.compile(r"[a-z][a-z0-9+.-]{0,20}://", re.IGNORECASE)
_USERINFO = re.compile(r"(://[^/?#:@\s]*:)([^/?#@\s]+)(@)")
_QUERY = re.compile(r"([?&#][\w.-]{1,60}=)([^&#\s]+)")
_FLAG_AND_VALUE = re.compile(
    r"(?<![\w.-])(?P<head>(?:-[\w.-]{0,60}[ \t=]{1,8}|[\w.-]{1,60}=)[\"']?)(?P<value>[^\s\"'-][^\s\"']*)"
)
NOT_TO_SET = {"CLAUDE_PLUGIN_ROOT", "CLAUDE_PLUGIN_DATA", "CLAUDE_PROJECT_DIR", "HOME", "PATH", "PWD", "USER"}
"""Variables that a client or the machine sets itself."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable to set at install time; `secret` when it stands for a secret that was written out."""

    name: str
    field: str
    secret: bool

    def to_json(self) -> dict[str, JSON]:
        return {"name": self.name, "field": self.field, "secret": self.secret}


def is_literal_secret(name: str, value: str) -> bool:
    """Whether the value of a header or environment variable is a secret written out."""
    rest, placeholders = _PLACEHOLDER.subn(_default_of, value)
    if placeholders:
        return bool(_KNOWN_FORMAT.search(rest)) or any(_looks_random(run) for run in _RUN.findall(rest))
    if value.strip().lower() in _PLAIN_VALUES or name.lower() in _PLAIN_HEADERS:
        return False
    return has_secret_name(name) or not (value.isdecimal() and len(value) <= 5)


def is_blank(value: str) -> bool:
    """Whether an example stands where a value belongs: `...`, `xxx`, `<token>`, `YOUR_KEY`, `changeme`."""
    return bool(_BLANK.fullmatch(value.strip()))


def has_secret_name(name: str) -> bool:
    return bool(_SECRET_NAME.search(name)) and not _NO_SECRET_NAME.search(name)


def mask_values(value: JSON, name: str = "") -> JSON:
    """`value` with what looks like a credential, by its name or its form, replaced by asterisks."""
    if isinstance(value, dict):
        return {key: mask_values(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [mask_values(item, name) for item in value]
    if isinstance(value, str):
        secret = has_secret_name(name) and is_literal_secret(name, value)
        return MASK if secret else _KNOWN_FORMAT.sub(MASK, value)
    return value


@dataclass(slots=True)
class Masking:
    """One server's walk: every literal secret becomes `${NAME}`, and `variables` tells which to set.

    An environment variable keeps its name; anything else is named after the server and its field.
    """

    owner: str
    variables: list[Variable] = field(default_factory=list)

    def mask(self, value: JSON, trail: tuple[str, ...] = ()) -> JSON:
        """`value` at the field `trail`, masked; maps keep their keys' order."""
        name = trail[-1] if trail else ""
        if isinstance(value, dict):
            return {key: self.mask(item, (*trail, key)) for key, item in value.items()}
        if isinstance(value, list):
            return self._mask_list(value, trail)
        if value is None or isinstance(value, bool):
            return value
        text = str(value)
        strict = _is_environment(trail) or _is_headers(trail) or has_secret_name(name)
        if strict and is_literal_secret(name, text):
            return self._variable(text, trail)
        if _PLACEHOLDER.search(text):
            self._note_placeholders(text, trail)
        return value if not isinstance(value, str) else self._mask_inside(text, trail)

    def _mask_list(self, items: list[JSON], trail: tuple[str, ...]) -> list[JSON]:
        masked: list[JSON] = []
        before = ""
        for at, item in enumerate(items):
            place = (*trail, str(at))
            flag = before.lstrip("-")
            if isinstance(item, str) and before.startswith("-") and not item.startswith("-"):
                masked.append(self._mask_option(flag, item, place))
            else:
                masked.append(self.mask(item, place))
            before = item if isinstance(item, str) and "=" not in item else ""
        return masked

    def _mask_option(self, flag: str, value: str, trail: tuple[str, ...]) -> JSON:
        """The value after a flag: `--token x`, `-e NAME=x`, `--header "Name: x"`."""
        for flags, mark, kind in ((("e", "env"), "=", "environment"), (("H", "header"), ":", "headers")):
            name, found, rest = value.partition(mark)
            if flag in flags and found:
                kept = rest[: len(rest) - len(rest.lstrip())]
                return f"{name}{mark}{kept}{self.mask(rest.strip(), (kind, name.strip()))}"
        if has_secret_name(flag) and is_literal_secret(flag, value):
            return self._variable(value, (*trail[:-1], flag))
        return self.mask(value, trail)

    def _mask_inside(self, text: str, trail: tuple[str, ...]) -> str:
        """Credentials inside a longer text: in a URL, after a flag, or in a format that is known."""
        if _URL.match(text):
            text = self._mask_url(text, trail)
        else:
            text = _FLAG_AND_VALUE.sub(lambda found: self._mask_flag(found, trail), text)
        return _KNOWN_FORMAT.sub(lambda found: self._variable(found[0], trail), text)

    def _mask_flag(self, found: re.Match[str], trail: tuple[str, ...]) -> str:
        name = found["head"].strip(" \t=-\"'")
        if has_secret_name(name) and is_literal_secret(name, found["value"]):
            return found["head"] + self._variable(found["value"], (*trail, name))
        return found[0]

    def _mask_url(self, url: str, trail: tuple[str, ...]) -> str:
        url = _USERINFO.sub(lambda found: self._keep_outer(found, (*trail, "password")), url, count=1)
        url = _QUERY.sub(lambda found: self._mask_query(found, trail), url)
        parts = url.split("/")
        return "/".join(
            [*parts[:3], *(self._mask_segment(part, trail) for part in parts[3:])] if len(parts) > 3 else parts
        )

    def _mask_query(self, found: re.Match[str], trail: tuple[str, ...]) -> str:
        name = found[1][1:-1]
        hidden = has_secret_name(name) or any(_looks_random(run) for run in _RUN.findall(found[2]))
        if not hidden or not is_literal_secret(name, found[2]):
            return found[0]
        return found[1] + self._variable(found[2], (*trail, name))

    def _mask_segment(self, part: str, trail: tuple[str, ...]) -> str:
        if "?" in part or _PLACEHOLDER.search(part) or not _looks_random(part):
            return part
        return self._variable(part, (*trail, "token"))

    def _keep_outer(self, found: re.Match[str], trail: tuple[str, ...]) -> str:
        if _PLACEHOLDER.search(found[2]):
            return found[0]
        return found[1] + self._variable(found[2], trail) + found[3]

    def _variable(self, value: str, trail: tuple[str, ...]) -> str:
        scheme = _SCHEME.match(value)
        name = _variable_name(trail[-1] if _is_environment(trail) else "_".join((self.owner, *trail[-1:])))
        self._add(name, trail, secret=not is_blank(value[scheme.end() if scheme else 0 :]))
        return (scheme[0] if scheme else "") + "${" + name + "}"

    def _note_placeholders(self, text: str, trail: tuple[str, ...]) -> None:
        for found in _PLACEHOLDER.finditer(text):
            name = (found["claude"] or found["opencode"]).partition(":-")[0]
            optional = ":-" in found[0] or found[0].startswith("{file:")
            if _VARIABLE.fullmatch(name) and name not in NOT_TO_SET and not optional:
                self._add(name, trail, secret=False)

    def _add(self, name: str, trail: tuple[str, ...], *, secret: bool) -> None:
        place = ".".join("environment" if part == "env" else part for part in trail)
        variable = Variable(name, place, secret)
        if variable not in self.variables:
            self.variables.append(variable)


def to_claude_placeholders(value: JSON) -> JSON:
    """`{env:VAR}` as `${VAR}`, which is what Claude's configuration understands."""
    return each_text(value, lambda text: re.sub(r"\{env:([A-Za-z_]\w*)\}", r"${\1}", text))


def each_text(value: JSON, change: Callable[[str], str]) -> JSON:
    """`value` with every text in it changed, but for the keys of maps."""
    if isinstance(value, dict):
        return {key: each_text(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [each_text(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def _default_of(found: re.Match[str]) -> str:
    return (found["claude"] or "").partition(":-")[2]


def _is_environment(trail: tuple[str, ...]) -> bool:
    return "env" in trail[:-1] or "environment" in trail[:-1]


def _is_headers(trail: tuple[str, ...]) -> bool:
    return "headers" in trail[:-1]


def _looks_random(run: str) -> bool:
    """Long, with letters and digits mixed inside its words, as generated tokens and UUIDs are."""
    mixed = [word for word in re.split("[-_]", run) if re.search(r"\d[A-Za-z]|[A-Za-z]\d", word)]
    return len(run) >= 16 and sum(map(len, mixed)) >= 10


def _variable_name(text: str) -> str:
    name = re.sub(r"\W+|(?<=[a-z0-9])(?=[A-Z])", "_", text[:120], flags=re.ASCII).strip("_").upper()
    return name if name[:1].isalpha() else f"VALUE_{name}".rstrip("_")
