"""Claude Code as its users run it: offline plugin subcommands, an isolated home, no login."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSIONS = ("2.1.330",)
_PACKAGE = "@anthropic-ai/claude-code"
_OTHERS = ("CLAUDE", "ANTHROPIC")
"""Variables of a surrounding client would make this one answer for it."""


@dataclass(frozen=True, slots=True)
class Ran:
    status: int
    output: str


@dataclass(frozen=True, slots=True)
class ClaudeCode:
    program: Path
    home: Path

    def plugin(self, *arguments: str) -> Ran:
        """`claude plugin …`; its standard output and error together."""
        self.home.mkdir(parents=True, exist_ok=True)
        command = [str(self.program), "plugin", *arguments]
        done = subprocess.run(
            command,
            env=self._environment(),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,  # a refusal is something that tests look at
        )
        return Ran(done.returncode, done.stdout + done.stderr)

    def installed(self) -> dict[str, Any]:
        """What the client believes to have, by `plugin@marketplace`."""
        record = json.loads((self.home / ".claude" / "plugins" / "installed_plugins.json").read_text())
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

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
        return kept | {"HOME": str(self.home), "DISABLE_AUTOUPDATER": "1", "GIT_TERMINAL_PROMPT": "0"}


def install_client(folder: Path, version: str) -> Path:
    """The program of one version, installed once from npm."""
    home = folder / f"claude-code-{version}"
    program = home / "node_modules" / ".bin" / "claude"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        command = [
            "npm",
            "install",
            "--silent",
            "--no-fund",
            "--no-audit",
            "--prefix",
            str(home),
            f"{_PACKAGE}@{version}",
        ]
        subprocess.run(command, check=True)
    return program
