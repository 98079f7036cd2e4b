"""What a local server needs on a machine, read off its command."""

import pytest

from shared.domain.config_types.mcp_install import Package, install_needs
from shared.domain.config_types.values import JSON


@pytest.mark.parametrize(
    ("line", "runtime", "package"),
    [
        ("npx -y @scope/server@1.2.3", "node", Package("npm", "@scope/server", "1.2.3", True)),
        ("npx --yes server", "node", Package("npm", "server", None, False)),
        ("npx -y server@latest stdio", "node", Package("npm", "server", "latest", False)),
        ("npx -y server@^1.2.0", "node", Package("npm", "server", "^1.2.0", False)),
        ("npx --package=@scope/tools@2.0.0 tool", "node", Package("npm", "@scope/tools", "2.0.0", True)),
        ("npx -p tools@2.0.0 tool", "node", Package("npm", "tools", "2.0.0", True)),
        ("cmd /c npx -y server@1.0.0", "node", Package("npm", "server", "1.0.0", True)),
        ("env DEBUG=1 npx server", "node", Package("npm", "server", None, False)),
        ("npm exec -- server@1.0.0", "node", Package("npm", "server", "1.0.0", True)),
        ("pnpm dlx server", "node", Package("npm", "server", None, False)),
        ("bunx server@3.1.0", "bun", Package("npm", "server", "3.1.0", True)),
        ("deno run -A npm:@scope/server@1.0.0", "deno", Package("npm", "@scope/server", "1.0.0", True)),
        ("deno run jsr:@std/server", "deno", Package("jsr", "@std/server", None, False)),
        ("uvx server-git", "uv", Package("pypi", "server-git", None, False)),
        ("uvx server@1.4", "uv", Package("pypi", "server", "1.4", True)),
        ("uvx --from server[all]==1.4.0 run-it", "uv", Package("pypi", "server", "1.4.0", True)),
        ("uvx --python 3.12 server>=1", "uv", Package("pypi", "server", ">=1", False)),
        ("uv tool run server", "uv", Package("pypi", "server", None, False)),
        ("pipx run --spec server==2.0 serve", "python", Package("pypi", "server", "2.0", True)),
        ("uvx --from git+https://example.com/server serve", "uv", None),
        (
            "docker run -i --rm -e TOKEN ghcr.io/acme/server:1.2",
            "docker",
            Package("oci", "ghcr.io/acme/server", "1.2", False),
        ),
        ("docker run -it --name x acme/server", "docker", Package("oci", "acme/server", None, False)),
        (
            "podman run --rm localhost:5000/server@sha256:abc",
            "podman",
            Package("oci", "localhost:5000/server", "sha256:abc", True),
        ),
        ("docker compose up", "docker", None),
        ("node ./server.js", "node", None),
        ("python3.12 -m server", "python", None),
        ("python -m server", "python", None),
        ("bash -c start", "shell", None),
        ("/opt/acme/bin/server --stdio", "binary", None),
        ("", "binary", None),
    ],
)
def test_the_command_tells_runtime_and_package(line: str, runtime: str, package: Package | None) -> None:
    command, *args = line.split(" ")

    needs = install_needs({"command": command, "args": [*args]})

    assert (needs.runtime, needs.package) == (runtime, package)
    assert install_needs({"command": line}) == needs


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("${CLAUDE_PLUGIN_ROOT}/bin/server", True),
        ("node ${CLAUDE_PLUGIN_ROOT}/server.js", True),
        ("./server", True),
        ("node ./server.js", True),
        ("node /opt/server.js", False),
        ("npx -y server", False),
    ],
)
def test_a_server_may_need_the_plugins_files(line: str, needed: bool) -> None:
    assert install_needs({"command": line}).needs_plugin_files is needed


def test_each_need_is_a_check() -> None:
    payload: dict[str, JSON] = {
        "command": "npx",
        "args": ["-y", "server@1.0.0"],
        "variables": [{"name": "TOKEN", "field": "environment.TOKEN", "secret": True}],
    }

    checks = install_needs(payload).checks

    assert [(check.kind, check.name) for check in checks] == [
        ("executable", "npx"),
        ("runtime", "node"),
        ("variable", "TOKEN"),
    ]
    assert "secret of environment.TOKEN" in checks[2].hint


def test_a_program_that_comes_with_the_plugin_has_not_to_be_installed() -> None:
    assert install_needs({"command": "${CLAUDE_PLUGIN_ROOT}/bin/server"}).checks == ()
