"""Git as its users run it: the real command in a home of its own, against a served repository."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.unit.domain.git.loopback import HELLO, Repository, served


@dataclass(frozen=True)
class Git:
    """Runs git below `home`, which is also its working folder unless `-C` names another."""

    home: Path
    protocol: int = 2
    variables: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str | Path, stdin: bytes = b"", fails: bool = False) -> str:
        done = self.run(*arguments, stdin=stdin)
        assert (done.returncode != 0) == fails, done.stderr.decode()
        return (done.stderr if fails else done.stdout).decode().strip()

    def run(self, *arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-c", f"protocol.version={self.protocol}", *map(str, arguments)]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C.UTF-8",
            "GIT_PROTOCOL": f"version={self.protocol}",
            **self.variables,
        }
        return subprocess.run(
            command, input=stdin, capture_output=True, cwd=self.home, env=environment, timeout=60, check=False
        )


@pytest.fixture
def repository() -> Repository:
    published = Repository()
    published.publish(HELLO)
    return published


@pytest.fixture
def url(repository: Repository) -> Iterator[str]:
    with served(repository) as address:
        yield address


@pytest.fixture(params=[2, 0], ids=["v2", "v0"])
def git(request: pytest.FixtureRequest, tmp_path: Path) -> Git:
    return Git(tmp_path, request.param)


@pytest.fixture
def any_git(tmp_path: Path) -> Git:
    """For what no protocol version takes part in."""
    return Git(tmp_path)
