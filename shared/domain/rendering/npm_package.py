"""The code of a plugin (tools and code hooks) as an npm package that OpenCode loads as one of its plugins.

A package's version names its bytes; its entry brings every module in by itself, so that one that fails stops no other.
Checked with OpenCode 1.18 and npm 11. Source: https://opencode.ai/docs/plugins
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.json_guard import render
from shared.domain.config_types.text import decode
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile, sha256_hex
from shared.domain.rendering.archive import write_tar_gz
from shared.domain.rendering.folder import delivered_files
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.npm_entry import TOOLS, entry_module
from shared.domain.rendering.opencode import CLIENT
from shared.domain.rendering.opencode_remote import Unsupported
from shared.domain.rendering.tree import TreeFile

ENTRY: Final = "index.js"
_PLACE: Final = ".opencode/"
_CODE: Final = (TOOLS, "plugins/")
_BROUGHT: Final = ("@opencode-ai/plugin", "@opencode-ai/sdk", "zod")
"""What OpenCode's own folders have at hand, and a package has to name. Nothing else is named: what only a company's own
registry knows would be looked for in the public one, where anybody may have taken its name."""
_BUILT_IN: Final = frozenset(
    "assert async_hooks buffer bun child_process cluster console constants crypto dgram diagnostics_channel dns domain "
    "events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl "
    "stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib".split()
)
_NAMED: Final = r"""["']([^"'\n]{1,300})["']"""
_CLAUSE: Final = r"(?:(?!\b(?:import|export)\b)[\w$\s{},*]){0,5000}?"
_IMPORT: Final = re.compile(
    rf"""(?:^|[;}}])[ \t]{{0,99}}(?:import|export)\b{_CLAUSE}\bfrom\s{{0,9}}{_NAMED}
    |(?:^|[;}}])[ \t]{{0,99}}import\s{{0,9}}{_NAMED}
    |\b(?:require|import)\s{{0,9}}\(\s{{0,9}}{_NAMED}""",
    re.MULTILINE | re.VERBOSE,
)
"""`from "…"` is found in texts, too, such as queries of a database."""
_UNPORTABLE: Final = re.compile(r"[^a-z0-9._-]+")
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class CodePackage:
    """One plugin's package, by the name below the org's scope; `about` is its package.json, `sha256` of its tarball."""

    name: str
    plugin_id: str
    about: Mapping[str, JSON]
    sha256: str
    sha512: str
    sha1: str

    @property
    def full_name(self) -> str:
        return str(self.about["name"])

    @property
    def version(self) -> str:
        return str(self.about["version"])

    def packument(self, tarball: str) -> dict[str, JSON]:
        """What a registry answers for the package: the one version that is delivered. `tarball` is its URL."""
        dist: dict[str, JSON] = {"tarball": tarball, "integrity": f"sha512-{self.sha512}", "shasum": self.sha1}
        version: dict[str, JSON] = {**self.about, "_id": f"{self.full_name}@{self.version}", "dist": dist}
        described = {key: self.about[key] for key in ("description",) if key in self.about}
        return {
            "_id": self.full_name,
            "name": self.full_name,
            **described,
            "dist-tags": {"latest": self.version},
            "versions": {self.version: version},
        }


def is_code(item: Item) -> bool:
    """Whether OpenCode keeps the item as a module of its own."""
    return _module(item).startswith(_CODE) and bool(item.delivered.files)


def package_name(plugin_name: str) -> str:
    """What npm takes for a name, of a plugin's name."""
    return _UNPORTABLE.sub("-", plugin_name.lower()).strip("-._")[:_LONGEST_NAME] or "plugin"


def pack(
    manifest: Manifest, scope: str, name: str, version: str, contents: Mapping[str, bytes]
) -> tuple[CodePackage | None, bytes, list[Unsupported]]:
    """The package, its tarball, and the modules that cannot be in it; None where no module can.

    `version` is the plugin's; what follows its `+` does not count for npm, and the rest tells contents apart as well.
    """
    modules, left_out = _modules(manifest, contents)
    if not modules:
        return None, b"", left_out
    about = _about(manifest, f"@{scope}/{name}", version.partition("+")[0], modules.values())
    files = {**modules, ENTRY: entry_module(str(about["name"]), sorted(modules)), "package.json": render(about)}
    data = write_tar_gz({f"package/{path}": TreeFile(content) for path, content in files.items()})
    integrity = base64.b64encode(hashlib.sha512(data).digest()).decode()
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return CodePackage(name, manifest.plugin_id, about, sha256_hex(data), integrity, sha1), data, left_out


def _modules(manifest: Manifest, contents: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Unsupported]]:
    modules: dict[str, bytes] = {}
    left_out = []
    for item in filter(is_code, manifest.items):
        file = delivered_files(item, contents)[0]
        if reason := _why_alone(file):
            left_out.append(Unsupported(manifest.name, item.type, item.install_name, reason))
        else:
            modules[_module(item)] = file.data
    return modules, left_out


def _module(item: Item) -> str:
    return item.install.get(CLIENT, "").removeprefix(_PLACE)


def _imports(data: bytes) -> set[str]:
    found = _IMPORT.finditer(decode(data, "").text)
    return {name for match in found for name in match.groups() if name is not None}


def _why_alone(file: SourceFile) -> str | None:
    """Why a module would not load from a package that has it and nothing else of its repository."""
    for name in sorted(_imports(file.data)):
        if name.startswith((".", "/")):
            return f"it imports {name}, which lies beside it in its repository"
        if not name.startswith(("node:", "bun:")) and name.split("/")[0] not in _BUILT_IN and not _brought(name):
            return f"it imports {name}, which does not come with OpenCode"
    return None


def _brought(name: str) -> str | None:
    return next((each for each in _BROUGHT if name == each or name.startswith(f"{each}/")), None)


def _about(manifest: Manifest, name: str, version: str, modules: Iterable[bytes]) -> dict[str, JSON]:
    needed = {found for data in modules for each in _imports(data) if (found := _brought(each))}
    dependencies: dict[str, JSON] = dict.fromkeys(sorted(needed), "*")
    return {
        "name": name,
        "version": version,
        **({"description": manifest.description} if manifest.description else {}),
        "type": "module",
        "main": ENTRY,
        "exports": {".": f"./{ENTRY}", "./server": f"./{ENTRY}"},
        **({"dependencies": dependencies} if dependencies else {}),
    }
