"""Spells a markdown file with frontmatter: each field as JSON on one line, so that nothing in it is taken for YAML."""

import json
import re
from collections.abc import Mapping

from shared.domain.config_types.values import JSON

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
# JSON may hold these as they are, YAML only escaped.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def page(fields: Mapping[str, JSON], body: JSON) -> bytes:
    lines = [f"{_key(name)}: {_yaml(value)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", str(body or "").strip("\n"), ""]).encode()


def _key(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) else _yaml(name)


def _yaml(value: JSON) -> str:
    """JSON is YAML too, on one line, but for a few characters."""
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
