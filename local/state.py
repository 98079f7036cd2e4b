"""Where one local stack keeps what it remembers: its ports, its secrets, its processes and its data."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from local.errors import LocalStackError

HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8470


@dataclass(frozen=True, slots=True)
class Ports:
    """The front is what people use; the emulator and the GitHub stand-in follow on the next two ports."""

    front: int
    emulator: int
    github: int
    enforced: bool = False
    """Whether the emulator checks every function's permissions; it then speaks TLS, which the stores insist on."""

    VARIABLES: ClassVar[Mapping[str, str]] = {
        "front": "DEPOT_PORT",
        "emulator": "DEPOT_EMULATOR_PORT",
        "github": "DEPOT_GITHUB_PORT",
    }


@dataclass(frozen=True, slots=True)
class State:
    """The state folder of one stack; two stacks side by side have two folders and two sets of ports."""

    folder: Path

    @property
    def stack_file(self) -> Path:
        return self.folder / "stack.json"

    @property
    def cloud_assembly(self) -> Path:
        return self.folder / "cdk.out"

    @property
    def github(self) -> Path:
        return self.folder / "github"

    @property
    def emulator(self) -> Path:
        return self.folder / "emulator"

    @property
    def certificate(self) -> Path:
        """What to trust when the emulator speaks TLS."""
        return self.folder / "credentials" / "emulator.crt"

    def log(self, process: str) -> Path:
        return self.folder / "logs" / f"{process}.log"

    def read(self, name: str) -> dict[str, Any]:
        """The JSON object kept under `name`; an empty one when nothing was kept yet."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            return {}
        content: dict[str, Any] = json.loads(path.read_text())
        return content

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Keep a JSON object, readable by its owner alone: most of them hold a credential."""
        path = self.folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
        half.replace(path)

    def stack(self) -> dict[str, Any]:
        """What `make up` wrote for scripts; raises LocalStackError when the stack was never brought up."""
        content = self.read("stack")
        if not content:
            raise LocalStackError(f"There is no stack in {self.folder}. Run `make up` first.")
        return content


def choose_ports(state: State, environment: Mapping[str, str]) -> Ports:
    """The ports named by the environment, else those this stack used before, else the defaults."""
    before = state.read("ports")
    named = {name: environment.get(variable, "") for name, variable in Ports.VARIABLES.items()}
    front = _port("DEPOT_PORT", named["front"]) or before.get("front", DEFAULT_PORT)
    moved = front != before.get("front")
    rest = {
        name: _port(Ports.VARIABLES[name], named[name]) or (front + offset if moved else before[name])
        for offset, name in enumerate(("emulator", "github"), start=1)
    }
    return Ports(front, **rest, enforced=environment.get("DEPOT_ENFORCE_IAM", "") not in ("", "0"))


def require_free(port: int, variable: str) -> None:
    """Raise LocalStackError naming the variable to set when something else listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as taken:
            raise LocalStackError(
                f"Port {port} is taken by another program. Set {variable} to a free one, "
                f"for example `make up {variable}={port + 100}`."
            ) from taken


def _port(variable: str, text: str) -> int | None:
    if not text:
        return None
    if not text.isdigit() or not 1024 <= int(text) <= 65_533:
        raise LocalStackError(f"{variable} is {text!r}: it must be a port number from 1024 to 65533.")
    return int(text)
