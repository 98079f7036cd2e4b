"""GitHub's own example payloads, from the npm package that Octokit keeps them in."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

PACKAGE: Final = "@octokit/webhooks-examples"
VERSION: Final = "7.6.1"
FOLDER: Final = Path(__file__).parents[3] / ".local" / f"webhooks-examples-{VERSION}"


@dataclass(frozen=True)
class Example:
    """One payload; `source` is where it was recorded: github.com, or a version of Enterprise Server."""

    source: str
    event: str
    number: int
    payload: dict[str, Any]

    @property
    def body(self) -> bytes:
        return json.dumps(self.payload).encode()

    @property
    def name(self) -> str:
        return f"{self.source} {self.event} {self.payload.get('action', '')} {self.number}"


def every_example() -> list[Example]:
    """Installed once and kept between runs; a test that cannot have them is skipped, and says why."""
    package = FOLDER / "node_modules" / PACKAGE
    if not (package / "package.json").exists():
        _install()
    return [one for source in sorted(package.iterdir()) if source.is_dir() for one in _of(source)]


def _of(source: Path) -> Iterator[Example]:
    for event in json.loads((source / "index.json").read_text(encoding="utf-8")):
        for number, payload in enumerate(event["examples"]):
            yield Example(source.name, event["name"], number, payload)


def _install() -> None:
    command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", str(FOLDER)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run([*command, f"{PACKAGE}@{VERSION}"], capture_output=True, check=True, timeout=120)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"{PACKAGE} {VERSION} cannot be installed: {error}")
