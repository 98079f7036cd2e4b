"""A normalized MCP server as the clients beside Claude Code write it, and why one of them could not use it.

Checked with OpenCode 1.18, which refuses to start over a field of another shape, and with Codex CLI 0.169, which
fills in no `${VAR}`: it passes variables on by name, and overlooks what it does not know.
"""

import json
import re
from collections.abc import Iterator, Mapping

from shared.domain.config_types.secrets import NOT_TO_SET, each_text
from shared.domain.config_types.values import JSON

_VARIABLE = re.compile(r"\$\{([^{}]{1,500})\}")
_WHOLE = re.compile(r"\$\{([A-Za-z_]\w*)\}")
_FILLED_BY_OPENCODE = re.compile(r"\{(?:env|file):")
_BEARER = re.compile(r"Bearer \$\{([A-Za-z_]\w*)\}")
_OAUTH_TEXTS = ("clientId", "clientSecret", "scope", "redirectUri")


def to_opencode(shape: Mapping[str, JSON]) -> dict[str, JSON]:
    """An entry below `mcp` of opencode.json, variables as `{env:VAR}`."""
    entry: dict[str, JSON]
    if shape["connection"] == "local":
        command = [shape["command"], *_list(shape["args"])]
        entry = {"type": "local", "command": command, "environment": shape["environment"], "cwd": shape["cwd"]}
    else:
        headers, oauth = shape["headers"], _opencode_oauth(shape["oauth"])
        entry = {"type": "remote", "url": shape["url"], "headers": headers, "oauth": oauth}
    found = each_text(_present(entry), lambda text: _VARIABLE.sub(r"{env:\1}", text))
    milliseconds = shape["timeout"]
    waits = {"timeout": milliseconds} if isinstance(milliseconds, int) and milliseconds > 0 else {}
    return {**(found if isinstance(found, dict) else {}), "enabled": shape["enabled"], **waits}


def unfit_for_opencode(shape: Mapping[str, JSON]) -> str | None:
    """Why OpenCode could not use it, in words; None when it can."""
    if shape.get("transport") == "ws":
        return "it does not connect to WebSockets"
    if marked := _FILLED_BY_OPENCODE.search(json.dumps({**shape}, ensure_ascii=False)):
        return f"it would put something else in the place of {marked[0]}…"
    return next((f"it has no value for {name}" for name in _unfilled(shape, everywhere=True)), None)


def to_codex(shape: Mapping[str, JSON]) -> dict[str, JSON]:
    """An entry of a Codex plugin's servers, variables by their names."""
    entry: dict[str, JSON]
    if shape["connection"] == "local":
        values = _texts(shape["environment"])
        passed = sorted(name for name, value in values.items() if value == f"${{{name}}}")
        set_here = {name: value for name, value in values.items() if name not in passed}
        entry = {"command": shape["command"], "args": shape["args"], "env": {**set_here}, "env_vars": [*passed]}
        entry |= {"cwd": shape["cwd"]}
    else:
        entry = {"url": shape["url"], **_codex_headers(_texts(shape["headers"]))}
    kept = _present(entry)
    return kept if shape["enabled"] else {**kept, "enabled": False}


def unfit_for_codex(shape: Mapping[str, JSON]) -> str | None:
    """Why Codex could not use it, in words; None when it can."""
    if shape.get("transport") not in ("stdio", "http"):
        return f"it does not connect over {shape.get('transport')}"
    return next((f"it would not fill in {name}" for name in _unfilled(shape, everywhere=False)), None)


def _present(entry: Mapping[str, JSON]) -> dict[str, JSON]:
    return {key: value for key, value in entry.items() if value not in (None, {}, [])}


def _opencode_oauth(oauth: JSON) -> JSON:
    if not isinstance(oauth, dict):
        return False if oauth is False else None
    return {key: value for key in _OAUTH_TEXTS if isinstance(value := oauth.get(key), str)}


def _codex_headers(headers: Mapping[str, str]) -> dict[str, JSON]:
    plain = {name: value for name, value in headers.items() if not _VARIABLE.search(value)}
    named = {name: found[1] for name, value in headers.items() if (found := _WHOLE.fullmatch(value))}
    bearers = [found[1] for name, value in headers.items() if (found := _bearer(name, value))]
    bearer = bearers[0] if bearers else None
    return {"bearer_token_env_var": bearer, "http_headers": {**plain}, "env_http_headers": {**named}}


def _unfilled(shape: Mapping[str, JSON], *, everywhere: bool) -> Iterator[str]:
    """Placeholders that stay as they are written, where a client fills in plain variables `everywhere`, or only
    in a header's whole value, as a bearer token, and in an environment variable of the same name."""
    for field, value in shape.items():
        for name, text in _named_texts(field, value):
            if not everywhere and _is_passed_by_name(field, name, text):
                continue
            for found in _VARIABLE.finditer(text):
                plain = _WHOLE.fullmatch(found[0]) and found[1] not in NOT_TO_SET
                if not (everywhere and plain):
                    yield found[0][:80]


def _is_passed_by_name(field: str, name: str, text: str) -> bool:
    if field == "headers":
        return bool(_WHOLE.fullmatch(text) or _bearer(name, text))
    return field == "environment" and text == f"${{{name}}}" and name not in NOT_TO_SET


def _bearer(name: str, text: str) -> re.Match[str] | None:
    return _BEARER.fullmatch(text) if name.lower() == "authorization" else None


def _named_texts(name: str, value: JSON) -> Iterator[tuple[str, str]]:
    """Every text of a field, with the name nearest to it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for item in value:
            yield from _named_texts(name, item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _named_texts(key, item)


def _texts(value: JSON) -> dict[str, str]:
    return {key: str(item) for key, item in value.items()} if isinstance(value, dict) else {}


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []
