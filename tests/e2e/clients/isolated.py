"""A client's program in a home of its own: no login, nothing of this machine's configuration, nobody to ask."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_TIMEOUT_S = 180


@dataclass(frozen=True, slots=True)
class Ran:
    """`output` is standard output and error together."""

    status: int
    output: str


@dataclass(frozen=True, slots=True)
class Isolated:
    """`home` is the client's home, and `work` in it where it runs."""

    program: Path
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        return self.home / "work"

    def run(self, *arguments: str) -> Ran:
        self.work.mkdir(parents=True, exist_ok=True)
        command = [str(self.program), *arguments]
        try:
            done = subprocess.run(
                command,
                env=self._environment(),
                cwd=self.work,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT_S,
                check=False,  # a refusal is something that tests look at
            )
        except subprocess.TimeoutExpired:
            return Ran(-1, f"no answer within {_TIMEOUT_S} s")
        return Ran(done.returncode, done.stdout + done.stderr)

    def write(self, path: str, text: str) -> None:
        """A file of the home that only its owner may read."""
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o600)

    def _environment(self) -> dict[str, str]:
        # A client may need a newer Node than the machine's: its folder has one then.
        path = f"{self.program.parent}{os.pathsep}{os.environ['PATH']}"
        quiet = {"CI": "1", "NO_COLOR": "1", "DISABLE_TELEMETRY": "1", "DISABLE_AUTOUPDATER": "1"}
        own = {"PATH": path, "HOME": str(self.home), "LANG": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0"}
        return {**own, **quiet, **self.environment}


def files_below(folder: Path) -> dict[str, bytes]:
    """What lies there, by path; behind links, too, for some clients keep one copy for several agents."""
    found = (Path(where) / name for where, _, names in os.walk(folder, followlinks=True) for name in names)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
