"""A document of hooks in any form that is met: wrapped, bare or a list; and the one form it is delivered in."""

from collections.abc import Iterator
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

_WRAPPER = "hooks"
_FROM_THE_PLUGIN = ("${CLAUDE_PLUGIN_ROOT}", "./", "../")


@dataclass(frozen=True, slots=True)
class Matcher:
    """`entry` as written: the handlers of one event for what its matcher matches."""

    event: str
    entry: dict[str, JSON]

    @property
    def handlers(self) -> list[dict[str, JSON]]:
        handlers = self.entry.get(_WRAPPER)
        return [one for one in handlers if isinstance(one, dict)] if isinstance(handlers, list) else []


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

    def to_json(self) -> list[JSON]:
        return [
            {"event": one.event, "matcher": one.entry.get("matcher"), "handlers": [*one.handlers]}
            for one in self.matchers
        ]

    def to_claude(self) -> dict[str, JSON]:
        """Lists of matchers by event, each as it was written."""
        return {event: [one.entry for one in self.matchers if one.event == event] for event in self.events}


def read_document(value: JSON, path: str) -> HookDocument:
    """Never raises; what is no matcher with handlers is left out and told."""
    notes: list[Diagnostic] = []
    description = value.get("description") if isinstance(value, dict) else None
    if isinstance(value, dict) and isinstance(value.get(_WRAPPER), list):
        notes.append(Code.HOOK_LIST.at(path))
    matchers = []
    for event, entry in _entries(value):
        kept = Matcher(event, entry) if event and isinstance(entry, dict) else None
        if kept is not None and kept.handlers and all(isinstance(one.get("type"), str) for one in kept.handlers):
            matchers.append(kept)
        else:
            notes.append(Code.HOOK_NOT_READ.at(path, event[:40]))
    return HookDocument(tuple(matchers), description if isinstance(description, str) else None, tuple(notes))


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
