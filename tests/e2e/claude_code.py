"""Claude Code as its users run it: offline plugin subcommands, an isolated home, no login."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.e2e.clients.isolated import Isolated, Ran
from tests.e2e.clients.pinned import PINNED, install

CLIENT: Final = "Claude Code"
VERSIONS: Final = PINNED[CLIENT].versions[:1]
"""The newest alone: what differs between versions, the journeys of all clients tell."""


@dataclass(frozen=True, slots=True)
class ClaudeCode:
    isolated: Isolated

    @classmethod
    def of(cls, version: str, home: Path) -> "ClaudeCode":
        """One version, installed once; a test that cannot have it is skipped."""
        return cls(Isolated(install(CLIENT, version), home))

    def plugin(self, *arguments: str) -> Ran:
        """`claude plugin …`; its standard output and error together."""
        return self.isolated.run("plugin", *arguments)

    def installed(self) -> dict[str, Any]:
        """What the client believes to have, by `plugin@marketplace`."""
        record = json.loads((self.isolated.home / ".claude" / "plugins" / "installed_plugins.json").read_text())
        plugins: dict[str, Any] = record["plugins"]
        return plugins

    def files(self, plugin: str) -> dict[str, bytes]:
        """An installed plugin's files by path, as they lie on the disk."""
        folder = Path(self._entry(plugin)["installPath"])
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def executables(self, plugin: str) -> set[str]:
        """The paths of an installed plugin's executable files."""
        folder = Path(self._entry(plugin)["installPath"])
        found = (path for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o100)
        return {str(path.relative_to(folder)) for path in found}

    def update(self, plugin: str) -> Ran:
        """Fetch the marketplace anew, then update one plugin from it."""
        fetched = self.plugin("marketplace", "update", plugin.partition("@")[2])
        return self.plugin("update", plugin) if fetched.status == 0 else fetched

    def version(self, plugin: str) -> str:
        return str(self._entry(plugin)["version"])

    def _entry(self, plugin: str) -> dict[str, Any]:
        entries = self.installed()[plugin]
        entry: dict[str, Any] = entries[0] if isinstance(entries, list) else entries
        return entry
