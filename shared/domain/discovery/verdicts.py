"""What each client would make of a candidate: the official one by its own rules, the others by what they can load."""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.domain.config_types.registry import CONFIG_TYPES
from shared.domain.discovery.candidate import Verdict
from shared.domain.discovery.components import Components
from shared.domain.discovery.places import TYPES, Kind

CLAUDE_CODE: Final = "claude-code"
_CLIENTS: Final = tuple(dict.fromkeys(client for declared in CONFIG_TYPES.values() for client in declared.targets))


def verdicts(components: Components, refusals: Sequence[str], remarks: Sequence[str] = ()) -> Mapping[str, Verdict]:
    """By client. `refusals` are the official client's, for the whole plugin; `remarks` what it only complains about."""
    found = {client: _by_what_it_takes(client, components) for client in _CLIENTS}
    own = found[CLAUDE_CODE].reasons if not refusals else ()
    return found | {CLAUDE_CODE: Verdict(not refusals, (*refusals, *remarks, *own))}


def _by_what_it_takes(client: str, components: Components) -> Verdict:
    left_out = [kind for kind in components.held if kind in TYPES and client not in _takers(kind)]
    taken = [kind for kind in components.held if kind in TYPES and kind not in left_out]
    reasons = tuple(f"{kind} are not loaded by {client}" for kind in left_out)
    return Verdict(bool(taken) or not components.held, reasons)


def _takers(kind: Kind) -> set[str]:
    """Clients that some form of the type can be installed into."""
    declared = CONFIG_TYPES[TYPES[kind]]
    special = (client for targets in declared.special_targets.values() for client in targets)
    return {*declared.targets, *special}
