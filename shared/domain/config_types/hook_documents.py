"""A document of hooks in any form that is met: wrapped, bare or a list; and the one form it is delivered in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.values import JSON
from shared.domain.diagnostics import Diagnostic

KNOWN_EVENTS: Final = frozenset(
    {
        "PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch", "PermissionRequest", "PermissionDenied",
        "UserPromptSubmit", "UserPromptExpansion", "Notification", "Stop", "StopFailure", "SubagentStart",
        "SubagentStop", "SessionStart", "SessionEnd", "Setup", "PreCompact", "PostCompact", "TeammateIdle",
        "TaskCreated", "TaskCompleted", "InstructionsLoaded", "ConfigChange", "CwdChanged", "FileChanged",
        "WorktreeCreate", "WorktreeRemove", "Elicitation", "ElicitationResult",
    }
)  # fmt: skip
"""Of Claude Code 2.1. Others are delivered all the same: a newer client may know them."""

KNOWN_TYPES: Final = frozenset({"command", "http", "prompt", "agent", "mcp_tool"})
"""Of handlers, as above."""

CODEX_EVENTS: Final = frozenset(
    {
        "PreToolUse", "PostToolUse", "PermissionRequest", "PreCompact", "PostCompact", "SessionStart", "SessionEnd",
        "UserPromptSubmit", "SubagentStart", "SubagentStop", "Stop",
    }
)  # fmt: skip
"""Of Codex CLI 0.169, which overlooks all others."""

_WRAPPER = "hooks"
_BESIDE = frozenset({_WRAPPER, "description", "$schema"})
_FROM_THE_PLUGIN = ("${CLAUDE_PLUGIN_ROOT}", "./", "../")


@dataclass(frozen=True, slots=True)
class Matcher:
    """The handlers of one event for what its matcher matches; `entry` is as written, but for what is no handler."""

    event: str
    entry: dict[str, JSON]

    @property
    def handlers(self) -> list[dict[str, JSON]]:
        return _handlers(self.entry)


@dataclass(frozen=True, slots=True)
class HookDocument:
    matchers: tuple[Matcher, ...]
    description: str | None
    notes: tuple[Diagnostic, ...]

    @property
    def events(self) -> list[str]:
        return list(dict.fromkeys(matcher.event for matcher in self.matchers))

    @property
    def needs_files(self) -> bool:
        """Whether a handler runs what lies in the plugin's folder, which the document does not carry."""
        commands = (str(one.get("command") or "") for matcher in self.matchers for one in matcher.handlers)
        return any(_FROM_THE_PLUGIN[0] in one or one.startswith(_FROM_THE_PLUGIN) for one in commands)

    @property
    def unknown_types(self) -> list[str]:
        types = (str(one["type"]) for matcher in self.matchers for one in matcher.handlers)
        return [one for one in dict.fromkeys(types) if one not in KNOWN_TYPES]

    def to_json(self) -> list[JSON]:
        return [
            {"event": one.event, "matcher": one.entry.get("matcher"), "handlers": [*one.handlers]}
            for one in self.matchers
        ]

    def to_claude(self) -> dict[str, JSON]:
        """Lists of matchers by event, each as it was written but for what is no handler."""
        return {event: [one.entry for one in self.matchers if one.event == event] for event in self.events}


def read_document(value: JSON, path: str, *, inline: bool = False) -> HookDocument:
    """Never raises; what is no matcher with handlers is left out and told. `inline`: it stands in a manifest."""
    document = value if isinstance(value, dict) else {}
    description = document.get("description")
    matchers: list[Matcher] = []
    odd = sorted(document.keys() - _BESIDE) if _WRAPPER in document else []
    for event, entry in _entries(value):
        handlers = _handlers(entry) if event else []
        if handlers and isinstance(entry, dict):
            matchers.append(Matcher(event, {**entry, _WRAPPER: [*handlers]}))
        if len(handlers) < len(_written(entry)):
            odd.append(event)
    notes = [Code.HOOK_NOT_READ.at(path, name[:40]) for name in odd]
    if matchers and not _claude_takes(document.get(_WRAPPER), inline=inline):
        notes.append(Code.HOOK_RESPELLED.at(path))
    return HookDocument(tuple(matchers), description if isinstance(description, str) else None, tuple(notes))


def _claude_takes(hooks: JSON, *, inline: bool) -> bool:
    """Whether Claude Code takes hooks as they are written: a map of lists; in a manifest, also a list of maps."""
    maps = hooks if inline and isinstance(hooks, list) else [hooks]
    return all(isinstance(one, dict) and all(map(_is_list_of_matchers, one.values())) for one in maps)


def _is_list_of_matchers(entries: JSON) -> bool:
    return isinstance(entries, list) and not any(isinstance(one, dict) and _is_bare(one) for one in entries)


def _is_bare(entry: Mapping[str, JSON]) -> bool:
    """Whether its one handler stands there without a list."""
    return isinstance(entry.get(_WRAPPER), dict)


def _handlers(entry: JSON) -> list[dict[str, JSON]]:
    return [one for one in _written(entry) if isinstance(one, dict) and isinstance(one.get("type"), str)]


def _written(entry: JSON) -> list[JSON]:
    """What stands where an entry's handlers belong, in a list or without one."""
    written = entry.get(_WRAPPER) if isinstance(entry, dict) else None
    return written if isinstance(written, list) else [written]


def _entries(value: JSON) -> Iterator[tuple[str, JSON]]:
    """Each event with each of its entries, whatever they are wrapped in."""
    if isinstance(value, dict) and _WRAPPER in value and "matcher" not in value:
        yield from _entries(value[_WRAPPER])
    elif isinstance(value, dict):
        for event, entries in value.items():
            if event not in ("description", "$schema"):
                yield from ((event, entry) for entry in (entries if isinstance(entries, list) else [entries]))
    elif isinstance(value, list):
        for item in value:
            yield from _listed(item)
    elif value is not None:
        yield "", value


def _listed(item: JSON) -> Iterator[tuple[str, JSON]]:
    """An entry of a list names its event itself, or is a document of its own."""
    if isinstance(item, dict) and isinstance(item.get("event"), str):
        yield str(item["event"]), {key: value for key, value in item.items() if key != "event"}
    elif isinstance(item, dict) and "matcher" not in item and not isinstance(item.get(_WRAPPER), list):
        yield from _entries(item)
    else:
        yield "", item
