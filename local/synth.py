"""Synthesizes the CDK app for the laptop: the same app, with the emulator's interpreter and loopback addresses."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from local.emulator import endpoint
from local.errors import LocalStackError
from local.state import HOST, Ports, State

ROOT: Final = Path(__file__).resolve().parent.parent
GITHUB_APP_ID: Final = "424242"
# The API keeps this id on the emulator, so its address does not change when the stack is made again.
API_ID: Final = "de907000"
_SOURCES: Final = ("shared", "functions", "infra", "requirements")
_FILES: Final = ("cdk.json", "pyproject.toml")


def base_url(ports: Ports) -> str:
    return f"http://{HOST}:{ports.front}"


def github_url(ports: Ports) -> str:
    return f"http://{HOST}:{ports.github}"


def synthesize(state: State, ports: Ports, python: Path) -> bool:
    """Write the cloud assembly; return False when the one that is there was made from the same input.

    Synthesizing takes far longer than everything else together, so an unchanged app is not made again.
    """
    context = _context(ports, python)
    input_digest = _digest(context)
    if state.read("synth").get("input") == input_digest and (state.cloud_assembly / "manifest.json").exists():
        return False
    shutil.rmtree(state.cloud_assembly, ignore_errors=True)
    _run(context, state.cloud_assembly, state.log("synth"))
    state.write("synth", {"input": input_digest})
    return True


def _context(ports: Ports, python: Path) -> dict[str, str]:
    return {
        "stage": "local",
        "bundle": "local",
        "localPython": str(python),
        "localApiId": API_ID,
        "publicUrl": base_url(ports),
        "githubApiUrl": github_url(ports),
        "githubAppId": GITHUB_APP_ID,
        # Nobody signs in on the laptop: people there use tokens, and every JWT is refused.
        "oidcIssuer": endpoint(ports),
        "oidcAudience": "plugin-depot",
        "removalPolicy": "destroy",
        "deletionProtection": "false",
    }


def _run(context: Mapping[str, str], output: Path, log: Path) -> None:
    if shutil.which("node") is None:
        raise LocalStackError("The CDK needs Node.js: install version 20 or newer, so that `node` is on the PATH.")
    command = [sys.executable, "-m", "infra.app", "--output", str(output)]
    for name, value in context.items():
        command += ["-c", f"{name}={value}"]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as written:
        ended = subprocess.run(command, cwd=ROOT, stdout=written, stderr=subprocess.STDOUT, check=False)
    if ended.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
        raise LocalStackError(f"The CDK app could not be synthesized. The end of {log}:\n{tail}")


def _digest(context: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(context, sort_keys=True).encode())
    for file in _inputs():
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    yield from (ROOT / name for name in _FILES)
    for folder in _SOURCES:
        files = (ROOT / folder).rglob("*")
        yield from sorted(file for file in files if file.is_file() and "__pycache__" not in file.parts)
