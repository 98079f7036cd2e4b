"""Commands that start local MCP servers: launchers that fetch a package first, and what needs which runtime."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Launcher:
    """`options` take a value; what is behind them is no package. `naming` are options that name the package."""

    runtime: str
    registry: str
    options: frozenset[str] = frozenset()
    naming: frozenset[str] = frozenset()


_NPM: Final = Launcher("node", "npm", frozenset({"-c", "--call", "--registry"}), frozenset({"-p", "--package"}))
_UV: Final = Launcher(
    "uv", "pypi", frozenset({"-p", "--python", "--with", "--index-url", "--index", "-i"}), frozenset({"--from"})
)
_PIPX: Final = Launcher(
    "python", "pypi", frozenset({"--python", "--pip-args", "--index-url", "-i"}), frozenset({"--spec"})
)
LAUNCHERS: Final[Mapping[tuple[str, ...], Launcher]] = MappingProxyType(
    {
        ("npx",): _NPM,
        ("npm", "exec"): _NPM,
        ("npm", "x"): _NPM,
        ("pnpm", "dlx"): _NPM,
        ("pnpx",): _NPM,
        ("yarn", "dlx"): _NPM,
        ("bunx",): Launcher("bun", "npm", naming=frozenset({"-p", "--package"})),
        ("bun", "x"): Launcher("bun", "npm", naming=frozenset({"-p", "--package"})),
        ("uvx",): _UV,
        ("uv", "tool", "run"): _UV,
        ("pipx", "run"): _PIPX,
    }
)
RUNTIMES: Final = MappingProxyType(
    {
        **dict.fromkeys(("node", "nodejs", "npm", "npx", "pnpm", "yarn", "tsx", "ts-node"), "node"),
        **dict.fromkeys(("python", "python3", "py", "pipx"), "python"),
        **dict.fromkeys(("uv", "uvx"), "uv"),
        **dict.fromkeys(("sh", "bash", "zsh", "powershell", "pwsh"), "shell"),
        **{name: name for name in ("bun", "deno", "docker", "podman")},
    }
)
