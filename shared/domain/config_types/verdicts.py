"""Whether each client would load a unit, concluded from its diagnostics."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.codes import Code
from shared.domain.diagnostics import Diagnostic, Severity

CLIENTS = ("claude-code", "opencode", "codex", "copilot", "vscode")
_RENDERED_FOR = ("claude-code", "opencode", "codex")
_CODES = {code.value: code for code in Code}


_BY_COPILOT = frozenset({"skill", "command", "mcp"})
"""What Copilot CLI 1.0.102 was seen to load from a plugin: `copilot skill list`, `copilot mcp list`. It lists no agents
and no hooks, and VS Code lists nothing at all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`loads` is None where nobody has seen the client load such a unit, or refuse one; `reasons` are sentences."""

    client: str
    loads: bool | None
    reasons: tuple[str, ...]


def verdicts(diagnostics: Iterable[Diagnostic]) -> tuple[Verdict, ...]:
    """One verdict per client, by what is known of the unit's flaws; an error is refused by all."""
    notes = tuple(diagnostics)
    return tuple(_verdict(client, notes) for client in CLIENTS)


def verdicts_on(declared: ConfigType, entry_path: str, diagnostics: Iterable[Diagnostic]) -> tuple[Verdict, ...]:
    """The same, of a unit in a plugin: some clients take none of its type from there."""
    placed = declared.install_paths(declared.name, entry_path)
    return tuple(_in_a_plugin(one, declared.name, placed) for one in verdicts(diagnostics))


def _in_a_plugin(verdict: Verdict, type_name: str, placed: Container[str]) -> Verdict:
    if not verdict.loads:
        return verdict
    if verdict.client in _RENDERED_FOR:
        takes = verdict.client in placed
        return verdict if takes else Verdict(verdict.client, loads=False, reasons=(_takes_none(verdict, type_name),))
    if verdict.client == "copilot" and type_name in _BY_COPILOT:
        return verdict
    unseen = f"whether {verdict.client} loads an object of type {type_name} from a plugin is not known"
    return Verdict(verdict.client, loads=None, reasons=(unseen,))


def _takes_none(verdict: Verdict, type_name: str) -> str:
    return f"{verdict.client} takes no such {type_name} from a plugin"


def refusals(diagnostics: Iterable[Diagnostic], mended: Container[str]) -> dict[str, str]:
    """Why clients would not load a unit as it is delivered, by client; `mended` are codes of what delivery repairs."""
    notes = tuple(note for note in diagnostics if note.code not in mended)
    return {verdict.client: "; ".join(verdict.reasons) for verdict in verdicts(notes) if verdict.loads is False}


def _verdict(client: str, notes: tuple[Diagnostic, ...]) -> Verdict:
    reasons = tuple(f"{client} refuses this because {_cause(note)}" for note in notes if _refuses(client, note))
    return Verdict(client, not reasons, reasons)


def _cause(note: Diagnostic) -> str:
    """The message without its list of clients: the sentence names the one."""
    code = _CODES.get(note.code)
    return note.message.removesuffix(code.refusal) if code else note.message


def _refuses(client: str, note: Diagnostic) -> bool:
    code = _CODES.get(note.code)
    return note.severity is Severity.ERROR or (code is not None and client in code.refused_by)
