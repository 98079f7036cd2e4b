"""What a client has installed, as it reports it: plugins, their items, and what became of those."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.access import Actor
from shared.domain.errors import Invalid

MAX_INSTALLED: Final = 100
"""Plugins in one report."""
MAX_ITEMS: Final = 2_000
"""Items of all its plugins together: they are kept in one row."""
MAX_CLIENTS: Final = 500
"""Clients of one holder that still report."""
RETAINED: Final = timedelta(days=90)
"""How long a client that reports nothing more is remembered."""


class ClientKind(StrEnum):
    """Closed, so that what is counted by kind stays bounded whatever clients say."""

    CLAUDE_CODE = "claude-code"
    CODEX = "codex"
    COPILOT = "copilot"
    OPENCODE = "opencode"
    GEMINI = "gemini"
    APM = "apm"
    SKILLS = "skills"
    VSCODE = "vscode"
    DEPOT = "depot"
    OTHER = "other"


class Drift(StrEnum):
    """How an item on the machine differs from what was installed."""

    MODIFIED = "modified"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class InstalledItem:
    """`digest` is the manifest item's, of what was installed."""

    config_object_id: str
    digest: str
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class InstalledPlugin:
    """`digest` is the manifest's; `release_id` is the release that the client keeps it at, whatever is delivered."""

    plugin_id: str
    digest: str
    version: str | None = None
    release_id: str | None = None
    items: Sequence[InstalledItem] = ()

    @property
    def drifted(self) -> int:
        return sum(item.drift is not None for item in self.items)


@dataclass(frozen=True, slots=True)
class ClientState:
    """One client of one holder: a member, or a token that acts for none.

    `kind` never changes. `drifted` counts items, `plugin_count` plugins: lists read them without `installed`.
    """

    id: str
    org_id: str
    holder: str
    kind: ClientKind
    created_at: datetime
    reported_at: datetime
    name: str | None = None
    version: str | None = None
    installed: Sequence[InstalledPlugin] = field(default=(), repr=False)
    plugin_count: int = 0
    drifted: int = 0
    revision: int = 0

    def having(self, installed: Sequence[InstalledPlugin]) -> "ClientState":
        """Its next revision, with these plugins."""
        drifted = sum(one.drifted for one in installed)
        count, revision = len(installed), self.revision + 1
        return replace(self, installed=installed, plugin_count=count, drifted=drifted, revision=revision)

    @property
    def member_id(self) -> str | None:
        return self.holder if self.holder.startswith("mem_") else None

    @property
    def token_id(self) -> str | None:
        return self.holder if self.holder.startswith("tok_") else None

    @property
    def forgotten_at(self) -> datetime:
        """The end of a day, so that frequent reports do not move it each time."""
        day = (self.reported_at + RETAINED).replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one plugin between two reports: `before` or `after` is None for what came or went."""

    plugin_id: str
    before: InstalledPlugin | None
    after: InstalledPlugin | None


@dataclass(frozen=True, slots=True)
class Adoption:
    """How many clients have a plugin's content, of how many members; where an item has drifted; and by kind."""

    digest: str
    version: str | None
    clients: int
    members: int
    drifted: int
    kinds: Mapping[ClientKind, int]


@dataclass(frozen=True, slots=True)
class FoundClient:
    """`plugin` is the one that clients were looked for by; of its items it tells only how many have `drifted`.

    `place` continues a list behind it.
    """

    state: ClientState
    plugin: InstalledPlugin | None
    drifted: int
    place: str


def holder_of(actor: Actor) -> str:
    """Whose clients an actor reports: a member's through any of their tokens, else the token's own."""
    return actor.member_id or actor.id


def changes_between(before: Iterable[InstalledPlugin], after: Iterable[InstalledPlugin]) -> list[Change]:
    old, new = ({one.plugin_id: one for one in each} for each in (before, after))
    changed = (each for each in sorted(old.keys() | new.keys()) if old.get(each) != new.get(each))
    return [Change(each, old.get(each), new.get(each)) for each in changed]


def apply_changes(installed: Iterable[InstalledPlugin], changes: Iterable[Change]) -> tuple[InstalledPlugin, ...]:
    """In the order of the plugins' ids."""
    known = {one.plugin_id: one for one in installed}
    for change in changes:
        if change.after is None:
            known.pop(change.plugin_id, None)
        else:
            known[change.plugin_id] = change.after
    return tuple(known[each] for each in sorted(known))


def require_installed(installed: Sequence[InstalledPlugin]) -> None:
    """Each plugin once, each of its items once, and no more than a row takes. Raises: Invalid."""
    _require_distinct([one.plugin_id for one in installed], "installed", "plugin")
    for number, one in enumerate(installed):
        _require_distinct([item.config_object_id for item in one.items], f"installed.{number}.items", "item")
    count = sum(len(one.items) for one in installed)
    if count > MAX_ITEMS:
        raise Invalid.field(
            "installed", f"names {count:,} items; a client reports at most {MAX_ITEMS:,}: leave out those without drift"
        )


def _require_distinct(ids: Sequence[str], path: str, what: str) -> None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise Invalid.field(path, f"names the {what} {each} twice")
        seen.add(each)
