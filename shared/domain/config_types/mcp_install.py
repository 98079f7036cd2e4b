"""What a local MCP server needs on the machine that runs it, read off its command; nothing is run or looked up.

A server starts through a launcher that fetches a package (`npx`, `uvx`, `docker run`), through a runtime with a file
(`node server.js`), or as a program of its own.
"""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from shared.domain.config_types.mcp_launchers import LAUNCHERS, RUNTIMES, Launcher
from shared.domain.config_types.secrets import Variable
from shared.domain.config_types.values import JSON

_PLUGIN_ROOT: Final = "${CLAUDE_PLUGIN_ROOT}"
_RELATIVE: Final = ("./", "../")
_EXACT: Final = re.compile(r"v?\d+(?:\.\d+)*(?:[-+.][\w.+-]+)?")
_PYPI: Final = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[\w,. -]*\])?(?:(?:===?|@)(?P<version>[^,;\s]+))?(?P<more>.*)"
)
# Options of `docker run` that stand alone; every other one without `=` is followed by its value.
_ALONE: Final = frozenset({"--rm", "--init", "--interactive", "--tty", "--detach", "--privileged", "--read-only"})
_ALONE_SHORT: Final = re.compile(r"-[itd]+")


@dataclass(frozen=True, slots=True)
class Package:
    """`version` as it is written, None when the newest is taken; `pinned`: the same content whenever it is fetched.

    `at` is the argument that names it and what it runs; None where an option names it, or a part of one.
    """

    registry: str
    name: str
    version: str | None
    pinned: bool
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """`kind`: executable, runtime, or variable; `hint` tells a person what to do about it."""

    kind: str
    name: str
    hint: str


@dataclass(frozen=True, slots=True)
class InstallNeeds:
    """`runtime`: node, bun, deno, python, uv, docker, podman, shell, or binary."""

    command: str
    args: Sequence[str]
    runtime: str
    package: Package | None
    needs_plugin_files: bool
    variables: Sequence[Variable] = ()
    checks: Sequence[Check] = field(default_factory=tuple)

    @property
    def pinned(self) -> bool:
        return self.package is not None and self.package.pinned


_HINTS: Final = MappingProxyType(
    {
        "node": "Install Node.js with npm.",
        "bun": "Install Bun.",
        "deno": "Install Deno.",
        "python": "Install Python 3.",
        "uv": "Install uv, which brings uvx and fetches a Python if there is none.",
        "docker": "Install Docker and have it running.",
        "podman": "Install Podman.",
        "shell": "It runs a command line of its own: read its arguments for what else they start.",
    }
)


def install_needs(payload: Mapping[str, JSON]) -> InstallNeeds:
    """What the local server of a normalized, masked payload needs."""
    words = _words(payload)
    command, args = (words[0], words[1:]) if words else ("", [])
    program = _program(command)
    needs_files = _PLUGIN_ROOT in " ".join(words) or command.startswith(_RELATIVE) or _runs_relative(args)
    runtime, package = _started(program, args)
    variables = tuple(_variables(payload))
    checks = (*_program_checks(program, runtime, bundled=_is_bundled(command)), *map(_variable_check, variables))
    return InstallNeeds(command, args, runtime, package, needs_files, variables, checks)


def _words(payload: Mapping[str, JSON]) -> list[str]:
    """Command and arguments, without what only starts them (`cmd /c`, `env`); a command may hold its arguments."""
    args = payload.get("args")
    words = [*_split(str(payload.get("command") or "")), *(map(str, args) if isinstance(args, list) else ())]
    if len(words) > 2 and _program(words[0]) == "cmd" and words[1].lower() == "/c":
        words = words[2:]
    if words and _program(words[0]) == "env":
        at = next((at for at, word in enumerate(words[1:], 1) if "=" not in word and word[:1] != "-"), len(words))
        words = words[at:]
    return words


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command) if " " in command else [command] if command else []
    except ValueError:
        return command.split()


def _program(command: str) -> str:
    name = command.replace("\\", "/").rpartition("/")[2].lower()
    return name.removesuffix(".exe").removesuffix(".cmd")


def _started(program: str, args: Sequence[str]) -> tuple[str, Package | None]:
    """The runtime and the package that it fetches."""
    for prefix, launcher in LAUNCHERS.items():
        if (program, *args[: len(prefix) - 1]) == prefix:
            return launcher.runtime, _fetched(launcher, args, len(prefix) - 1)
    runtime = RUNTIMES.get(re.sub(r"(?<=python3)\.\d+$", "", program), "binary")
    if runtime in ("docker", "podman"):
        return runtime, _image(args)
    return runtime, _deno_package(args) if runtime == "deno" else None


def _fetched(launcher: Launcher, args: Sequence[str], start: int) -> Package | None:
    read = _READERS[launcher.registry]
    skip = False
    for at, word in enumerate(args[start:], start):
        name, found, value = word.partition("=")
        if skip:
            skip = False
        elif name in launcher.naming:
            return read(value if found else (args[at + 1] if at + 1 < len(args) else ""))
        elif word in launcher.options:
            skip = True
        elif not word.startswith("-"):
            return _named_at(at, read(word))
    return None


def _named_at(at: int, package: Package | None) -> Package | None:
    return replace(package, at=at) if package else None


def _image(args: Sequence[str]) -> Package | None:
    """The image of `docker run [options] image`."""
    start = 2 if args[:1] == ["container"] else 1
    if [*args[start - 1 : start]] != ["run"]:
        return None
    skip = False
    for at, word in enumerate(args[start:], start):
        if skip:
            skip = False
        elif not word.startswith("-"):
            return _named_at(at, _oci(word))
        else:
            skip = not ("=" in word or word in _ALONE or _ALONE_SHORT.fullmatch(word))
    return None


def _deno_package(args: Sequence[str]) -> Package | None:
    for word in args:
        registry, found, name = word.partition(":")
        if found and registry in ("npm", "jsr"):
            return _npm(name, registry)
    return None


def _npm(text: str, registry: str = "npm") -> Package | None:
    """`name`, `@scope/name`, with `@version`; a tag or a range is no exact version."""
    name, _, version = text[1:].partition("@")
    name = text[:1] + name
    if not name or name.startswith(("${", ".", "/")) or "://" in name:
        return None
    exact = re.fullmatch(r"v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?", version)
    return Package(registry, name, version or None, bool(exact))


def _pypi(text: str) -> Package | None:
    found = _PYPI.fullmatch(text)
    if found is None or "://" in text:
        return None
    version = found["version"] or found["more"].strip() or None
    pinned = bool(found["version"] and not found["more"].strip() and _EXACT.fullmatch(found["version"]))
    return Package("pypi", found["name"], version, pinned)


def _oci(text: str) -> Package | None:
    """A tag may be moved to another image, so that a digest alone pins."""
    name, digested, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    if not last:
        return None
    return Package("oci", f"{head}{slash}{last}", digest or tag or None, bool(digested))


_READERS: Final[Mapping[str, Callable[[str], Package | None]]] = MappingProxyType({"npm": _npm, "pypi": _pypi})


def _is_bundled(command: str) -> bool:
    return command.startswith((_PLUGIN_ROOT, *_RELATIVE))


def _runs_relative(args: Sequence[str]) -> bool:
    script = next((word for word in args if not word.startswith("-")), "")
    return script.startswith(_RELATIVE)


def _program_checks(program: str, runtime: str, *, bundled: bool) -> list[Check]:
    hint = _HINTS.get(runtime, f"Install {program}, and have it on the PATH.")
    checks = [Check("runtime", runtime, hint)] if runtime not in ("binary", "shell") else []
    if program and not bundled:
        checks.insert(0, Check("executable", program, hint))
    return checks


def _variables(payload: Mapping[str, JSON]) -> list[Variable]:
    listed = payload.get("variables")
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [Variable(str(one["name"]), str(one["field"]), bool(one["secret"])) for one in found]


def _variable_check(variable: Variable) -> Check:
    what = "the secret" if variable.secret else "the value"
    return Check("variable", variable.name, f"Set {variable.name}: {what} of {variable.field}.")
