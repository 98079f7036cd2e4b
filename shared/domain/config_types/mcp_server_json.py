"""An MCP server as `server.json` of the official MCP registry says it (schema 2025-12-11): packages, or a remote.

The form knows packages that a launcher fetches, and addresses; a program that has to be on the machine, or that comes
with a plugin, cannot be said in it. Values are templates: `{NAME}` is what the reader's client asks a person for.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from shared.domain.config_types.mcp_dialects import normalize, reaches_something
from shared.domain.config_types.mcp_install import InstallNeeds, Package, install_needs
from shared.domain.config_types.secrets import NOT_TO_SET, Masking, has_secret_name
from shared.domain.config_types.values import JSON

_PLACEHOLDER: Final = re.compile(r"\$\{([^{}]{1,500})\}")
_VARIABLE: Final = re.compile(r"[A-Za-z_]\w*")
_URL: Final = re.compile(r"https?://\S+|\{[A-Za-z_]\w*\}\S*", re.IGNORECASE)
_TRANSPORTS: Final = {"http": "streamable-http", "sse": "sse"}
_REGISTRIES: Final = frozenset({"npm", "pypi", "oci"})
_CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})


class Unsayable(Exception):
    """Why a server cannot be said in this form, in words without any of its values."""


def server_json(key: str, server: Mapping[str, JSON]) -> dict[str, JSON]:
    """`packages` or `remotes` of a server in any dialect; a literal secret becomes a variable. Raises: Unsayable."""
    masking = Masking(key)
    masked = masking.mask(dict(server))
    shape = normalize(masked if isinstance(masked, dict) else {})
    if not reaches_something(shape):
        raise Unsayable("it has neither a command nor a url")
    if not shape["enabled"]:
        raise Unsayable("it is switched off")
    written_out = {one.name for one in masking.variables if one.secret}
    template = _Templates(written_out)
    return _packages(shape, template) if shape["connection"] == "local" else _remotes(shape, template)


class _Templates:
    """`${NAME}` of one server as inputs; a variable is a secret when it stands for one that was written out."""

    def __init__(self, secrets: set[str]) -> None:
        self._secrets = secrets

    def text(self, text: str, *, secret: bool = False) -> tuple[str, dict[str, JSON]]:
        """The template and its variables. Raises: Unsayable for what only the plugin's own client fills in."""
        variables: dict[str, JSON] = {}

        def declare(found: re.Match[str]) -> str:
            name, optional, default = found[1].partition(":-")
            if not _VARIABLE.fullmatch(name) or name in NOT_TO_SET:
                raise Unsayable(f"only its own client fills in {found[0].partition(':')[0][:60].rstrip('}')}}}")
            hidden = secret or name in self._secrets or has_secret_name(name)
            known: dict[str, JSON] = {"default": default} if optional and default and not hidden else {}
            variables[name] = {"isRequired": not optional, "isSecret": hidden, **known}
            return f"{{{name}}}"

        return _PLACEHOLDER.sub(declare, text), variables

    def input(self, text: str, *, secret: bool = False) -> dict[str, JSON]:
        value, variables = self.text(text, secret=secret)
        return {"value": value, "variables": variables} if variables else {"value": value}

    def named(self, name: str, text: str) -> dict[str, JSON]:
        """A header or an environment variable; one that only passes on a variable of its own name is asked for."""
        secret = name.lower() in _CREDENTIALS or has_secret_name(name)
        value, variables = self.text(text, secret=secret)
        asked = variables.get(name)
        if value == f"{{{name}}}" and isinstance(asked, dict):
            return {"name": name, **asked}
        return {"name": name, **self.input(text, secret=secret), "isSecret": bool(variables) and secret}


def _packages(shape: Mapping[str, JSON], template: _Templates) -> dict[str, JSON]:
    needs = install_needs(shape)
    package = needs.package
    if shape["cwd"]:
        raise Unsayable("it starts in a folder of its own")
    if needs.needs_plugin_files:
        raise Unsayable("it needs files of its plugin")
    if package is None or package.registry not in _REGISTRIES:
        raise Unsayable("its command fetches no package of npm, PyPI or a container registry")
    if package.at is None:
        raise Unsayable("it runs another program than its package is called")
    entry: dict[str, JSON] = {
        "registryType": package.registry,
        **_identity(package, needs.args[package.at]),
        "runtimeHint": needs.command,
        "transport": {"type": "stdio"},
        **_arguments(needs, package.at, template),
    }
    environment = shape["environment"]
    if isinstance(environment, dict) and environment:
        entry["environmentVariables"] = [template.named(name, str(text)) for name, text in environment.items()]
    return {"packages": [entry]}


def _identity(package: Package, word: str) -> dict[str, JSON]:
    """Name and version; an image's reference is its identifier as a whole. Raises: Unsayable."""
    if _PLACEHOLDER.search(word):
        raise Unsayable("its package is named by a variable")
    if package.registry == "oci":
        return {"identifier": word}
    if "[" in word:
        raise Unsayable("it names extras of its package")
    if package.pinned:
        return {"identifier": package.name, "version": package.version}
    if package.version not in (None, "latest"):
        raise Unsayable("it names a range of versions")
    return {"identifier": package.name}


def _arguments(needs: InstallNeeds, at: int, template: _Templates) -> dict[str, JSON]:
    before, after = _positional(needs.args[:at], template), _positional(needs.args[at + 1 :], template)
    return {name: words for name, words in (("runtimeArguments", before), ("packageArguments", after)) if words}


def _positional(words: Sequence[str], template: _Templates) -> list[JSON]:
    """Options as well: a positional argument is put into the command line as it is, in its place."""
    secrets = (has_secret_name(before.lstrip("-")) for before in ("", *words))
    return [
        {"type": "positional", **template.input(word, secret=secret)}
        for word, secret in zip(words, secrets, strict=False)
    ]


def _remotes(shape: Mapping[str, JSON], template: _Templates) -> dict[str, JSON]:
    kind = _TRANSPORTS.get(str(shape["transport"]))
    if kind is None:
        raise Unsayable("it connects over WebSockets")
    if isinstance(shape["oauth"], dict) and shape["oauth"]:
        raise Unsayable("it names an OAuth client")
    url, variables = template.text(str(shape["url"]))
    if not _URL.fullmatch(url):
        raise Unsayable("its url is no address")
    remote: dict[str, JSON] = {"type": kind, "url": url}
    if variables:
        remote["variables"] = variables
    headers = shape["headers"]
    if isinstance(headers, dict) and headers:
        remote["headers"] = [template.named(name, str(text)) for name, text in headers.items()]
    return {"remotes": [remote]}
