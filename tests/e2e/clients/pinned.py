"""Which versions of the real clients the end-to-end tests run, and how they are installed."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / ".local" / "clients"


@dataclass(frozen=True, slots=True)
class Pinned:
    """`package` of npm unless `python`; `program` as it is called; `beside` are packages that it needs to run."""

    package: str
    versions: tuple[str, ...]
    program: str
    beside: tuple[str, ...] = ()
    python: bool = False


PINNED: Mapping[str, Pinned] = {
    "Claude Code": Pinned("@anthropic-ai/claude-code", ("2.1.330", "2.1.224"), "claude"),
    "Codex CLI": Pinned("@openai/codex", ("0.169.0",), "codex"),
    "Copilot CLI": Pinned("@github/copilot", ("1.0.102",), "copilot"),
    "Gemini CLI": Pinned("@google/gemini-cli", ("0.61.0",), "gemini"),
    "npx skills": Pinned("skills", ("1.7.4",), "skills", ("node@22.23.3",)),
    "npm": Pinned("npm", ("11.19.1",), "npm"),
    "OpenCode": Pinned("opencode-ai", ("1.18.33",), "opencode"),
    "APM": Pinned("apm-cli", ("0.35.0",), "apm", python=True),
}


def install(client: str, version: str) -> Path:
    """The program of one version, installed once and kept between runs; a test that cannot have it is skipped."""
    pinned = PINNED[client]
    home = FOLDER / f"{pinned.program}-{version}"
    program = home / ("bin" if pinned.python else "node_modules/.bin") / pinned.program
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        for command in _commands(pinned, version, home):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                pytest.skip(f"{client} {version} cannot be installed: {done.stderr.strip()[-300:]}")
    return program


def _commands(pinned: Pinned, version: str, home: Path) -> list[list[str]]:
    if pinned.python:
        named = f"{pinned.package}=={version}"
        return [[sys.executable, "-m", "venv", str(home)], [str(home / "bin" / "pip"), "install", "--quiet", named]]
    packages = [f"{pinned.package}@{version}", *pinned.beside]
    return [["npm", "install", "--loglevel=error", "--no-fund", "--no-audit", "--prefix", str(home), *packages]]
