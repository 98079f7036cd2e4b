"""Reads YAML that strangers wrote: bounded before it is built, and every scalar stays the string it was.

One pass over libyaml's events both counts and builds, so that nothing is expanded, tagged or converted:
`1.10`, `no` and dates keep their spelling, and only a plain empty or null scalar becomes None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.domain.config_types.codes import Code
from shared.domain.config_types.values import JSON

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16
MAX_EVENTS = 2_000
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}|0x[0-9a-fA-F]{1,15}|0o[0-7]{1,20}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,30}|[0-9]{1,30}(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,3})?")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = {"", "~", "null", "Null", "NULL"}


class NotYaml(Exception):
    """The text is no YAML; `line` counts from 1 where the parser gave up."""

    def __init__(self, problem: str, line: int | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


class YamlRefused(Exception):
    """The text may be YAML, but is larger or more tangled than any real frontmatter."""

    def __init__(self, code: Code, line: int | None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Loaded:
    """`value` of the first document, and the (key, line) pairs that were written again."""

    value: JSON
    duplicates: tuple[tuple[str, int], ...]


def load(text: str, *, typed: bool = False) -> Loaded:
    """Read the first document of `text`; `typed` resolves plain scalars as YAML 1.2's core schema does.

    Raises NotYaml or YamlRefused.
    """
    if len(text.encode()) > MAX_BYTES:
        raise YamlRefused(Code.YAML_TOO_LARGE, None)
    # Most functions never parse: they should not pay for the import at start.
    import yaml

    try:
        builder = _Builder(_bounded(yaml.parse(text, Loader=yaml.CBaseLoader)), _typed if typed else _scalar)
        return Loaded(builder.document(), tuple(builder.duplicates))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise NotYaml(error.problem or "not YAML", line) from error
    except yaml.YAMLError as error:
        raise NotYaml("a character that YAML does not allow", None) from error


def _bounded(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    for count, event in enumerate(events, start=1):
        if count > MAX_EVENTS:
            raise YamlRefused(Code.YAML_TOO_MANY_EVENTS, _line(event))
        yield event


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


@dataclass(slots=True)
class _Builder:
    events: Iterator[yaml.Event]
    scalar: Callable[[yaml.Event], JSON]
    anchors: set[str] = field(default_factory=set)
    duplicates: list[tuple[str, int]] = field(default_factory=list)

    def document(self) -> JSON:
        import yaml

        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                return self._node(event, depth=1)
        return None

    def _node(self, event: yaml.Event, depth: int) -> JSON:
        import yaml

        if isinstance(event, yaml.AliasEvent):
            if event.anchor in self.anchors:
                raise YamlRefused(Code.YAML_ALIAS, _line(event))
            raise NotYaml(f"found undefined alias *{event.anchor}", _line(event))
        if depth > MAX_DEPTH:
            raise YamlRefused(Code.YAML_TOO_DEEP, _line(event))
        if anchor := getattr(event, "anchor", None):
            self.anchors.add(anchor)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(depth)
        return self.scalar(event)

    def _list(self, depth: int) -> list[JSON]:
        import yaml

        items: list[JSON] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _map(self, depth: int) -> dict[str, JSON]:
        import yaml

        entries: dict[str, JSON] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                # `{{ name }}` is a template in prose far more often than a map used as a key.
                raise NotYaml("found a key that is not text", _line(event))
            if event.value in entries:
                self.duplicates.append((event.value, _line(event)))
            entries[event.value] = self._node(next(self.events), depth + 1)
        return entries


def _scalar(event: yaml.Event) -> str | None:
    value: str = event.value  # type: ignore[attr-defined]  # every other kind of node was handled before
    return None if not event.style and value in _NULLS else value  # type: ignore[attr-defined]  # as above


def _typed(event: yaml.Event) -> JSON:
    value = _scalar(event)
    if value is None or event.style:  # type: ignore[attr-defined]  # as above
        return value
    if value in _BOOLEANS:
        return _BOOLEANS[value]
    if _INTEGER.fullmatch(value):
        return int(value, 0 if value.startswith("0") and value[1:2] in ("x", "o") else 10)
    if _FLOAT.fullmatch(value):
        number = float(value)
        return number if math.isfinite(number) else value
    return value
