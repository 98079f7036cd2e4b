"""Whether each client would load a unit, concluded from its diagnostics."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from shared.domain.config_types.codes import Code
from shared.domain.diagnostics import Diagnostic, Severity

CLIENTS = ("claude-code", "opencode", "codex", "copilot", "vscode")
_CODES = {code.value: code for code in Code}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` are sentences: which diagnostics make the client refuse the unit."""

    client: str
    loads: bool
    reasons: tuple[str, ...]


def verdicts(diagnostics: Iterable[Diagnostic]) -> tuple[Verdict, ...]:
    """One verdict per client; an error is refused by all."""
    notes = tuple(diagnostics)
    return tuple(_verdict(client, notes) for client in CLIENTS)


def refusals(diagnostics: Iterable[Diagnostic], mended: Container[str]) -> dict[str, str]:
    """Why clients would not load a unit as it is delivered, by client; `mended` are codes of what delivery repairs."""
    notes = tuple(note for note in diagnostics if note.code not in mended)
    return {verdict.client: "; ".join(verdict.reasons) for verdict in verdicts(notes) if not verdict.loads}


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
