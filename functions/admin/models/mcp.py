"""MCP servers on the wire: the answers of their checks."""

from typing import Literal

from shared.domain.config_types.mcp_install import InstallNeeds
from shared.http.models import Output


class PackageRead(Output):
    """`version` is null when the newest is taken."""

    registry: Literal["npm", "pypi", "oci", "jsr"]
    name: str
    version: str | None


class VariableRead(Output):
    """`secret`: it stands for a value that was written out in the source."""

    name: str
    field: str
    secret: bool


class InstallCheckRead(Output):
    kind: Literal["executable", "runtime", "variable"]
    name: str
    hint: str


class InstallNeedsRead(Output):
    """What must be on the machine. `pinned`: the package is the same content whenever it is fetched.

    `needsPluginFiles`: the server runs files of its plugin, so that it works only where those are installed.
    """

    command: str
    args: list[str]
    runtime: Literal["node", "bun", "deno", "python", "uv", "docker", "podman", "shell", "binary"]
    package: PackageRead | None
    pinned: bool
    needs_plugin_files: bool
    variables: list[VariableRead]
    checks: list[InstallCheckRead]

    @classmethod
    def of(cls, needs: InstallNeeds) -> "InstallNeedsRead":
        return cls.model_validate(needs)
