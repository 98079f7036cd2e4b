"""Installs locked dependencies for a target, wheels only, each checked against its hash."""

import subprocess
from pathlib import Path

from uv import find_uv_bin

from infra.bundling.target import Target

# Whoever calls webhooks waits for a cold start, so that function carries only what it imports; parsers and linters
# go where content comes in.
_GROUPS = {"admin": "authoring", "sync": "authoring", "webhook": "webhook"}


class InstallError(Exception):
    """The locked dependencies could not be installed for a target."""


def lock_file(root: Path, function: str) -> Path:
    """The lock file of a function's dependency group, in the project at `root`."""
    return root / "requirements" / f"{_GROUPS.get(function, 'runtime')}.txt"


def install(lock: Path, target: Target, into: Path) -> None:
    """Install everything in `lock` below `into`.

    uv rather than pip, since pip judges a lock's environment markers by the interpreter that runs it
    and not by the one that the wheels are for. Raises InstallError with uv's own words.
    """
    command = [
        *(find_uv_bin(), "pip", "install", "--quiet", "--no-config", "--no-deps", "--require-hashes"),
        *("--only-binary", ":all:", "--link-mode", "copy", "--target", str(into)),
        *target.install_arguments,
        *("--requirements", str(lock)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InstallError(f"{lock.name} could not be installed for {target.name}:\n{done.stderr}")
