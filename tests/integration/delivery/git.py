"""The real git command in a home of its own, with nothing of this machine's configuration."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.fixtures.loopback import Loopback
from tests.fixtures.people import Person


@dataclass(frozen=True)
class Git:
    """Runs git in `home`; asks nobody for a password."""

    home: Path

    def __call__(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def fails(self, *arguments: str) -> str:
        """What git tells its user when it cannot."""
        done = self.run(*arguments)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C.UTF-8",
        }
        command = ["git", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.home, env=environment, check=False)

    def clone(self, url: str, folder: str = "clone", *options: str) -> dict[str, bytes]:
        """Clone as the clients do, and give the files that were checked out."""
        self("clone", "-q", *options, url, folder)
        return self.files(folder)

    def update(self, folder: str = "clone") -> dict[str, bytes]:
        self("-C", folder, "fetch", "-q", "--depth", "1", "origin", "main")
        self("-C", folder, "reset", "-q", "--hard", "FETCH_HEAD")
        return self.files(folder)

    def files(self, folder: str) -> dict[str, bytes]:
        root = self.home / folder
        found = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts)
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def marketplace(
    loopback: Loopback, person: Person, *, token: str | None = None, suffix: str = ".git", name: str | None = None
) -> str:
    """The org's catalog, or the marketplace of that name, with the person's token as the URL's password."""
    credential = f"x:{token or person.token}@"
    path = f"{person.org_slug}/{name or person.org_slug}{suffix}"
    return f"http://{credential}{urlsplit(loopback.origin).netloc}/git/{path}"


def without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
