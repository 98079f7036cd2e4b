"""MCP servers on the wire: the answers of their checks."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.domain.config_types.mcp_install import InstallNeeds
from shared.domain.mcp_connection import ConnectionTest
from shared.http.models import Input, Output, example


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


VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
VariableValue = Annotated[str, StringConstraints(max_length=8192)]


class ConnectionTestRequest(Input):
    """`variables` by name, for this one test: they are not stored."""

    model_config = example(variables={"SEARCH_TOKEN": "…"})

    variables: Annotated[dict[VariableName, VariableValue], Field(max_length=50, default_factory=dict)]


class ServerInfoRead(Output):
    name: str
    version: str


class ToolRead(Output):
    name: str
    description: str | None


class ProblemRead(Output):
    """`code`: address_refused, header_refused, http_error, not_mcp, port_refused, redirected, refused,
    scheme_refused, timeout, tls_failed, too_large, transport_unsupported, unauthorized, unreachable, unresolvable,
    url_refused, userinfo_refused, or variables_missing with the `variables` that have no value.
    """

    code: str
    message: str
    variables: list[str]


class ConnectionTestRead(Output):
    """What the server said of itself, or why nothing came of it. `moreTools`: there are more than `tools`."""

    reachable: bool
    protocol_version: str | None
    server_info: ServerInfoRead | None
    tools: list[ToolRead]
    more_tools: bool
    duration_ms: int
    problem: ProblemRead | None

    @classmethod
    def of(cls, test: ConnectionTest) -> "ConnectionTestRead":
        return cls.model_validate(test)
