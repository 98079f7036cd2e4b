"""Agents with MCP servers of their own: what everybody is shown of them."""

import pytest

from shared.domain.config_types.registry import config_type
from shared.domain.content import SourceFile
from tests.unit.domain.config_types.reading import codes, parse

AGENT = config_type("agent")
CANARY = "canary-Zx81kk20ppQ"


def shown(text: str) -> str:
    (file,) = AGENT.sealer([SourceFile("a.md", text.encode())])
    return file.data.decode()


def test_a_secret_alone_is_replaced() -> None:
    text = f"---\ndescription: x\nmcpServers:\n  db:  # ours\n    env:\n      KEY: '{CANARY}'\n---\nUse {CANARY}.\n"

    assert shown(text) == text.replace(CANARY, "${KEY}")


@pytest.mark.parametrize(
    "servers",
    [
        f"{{db: {{env: {{KEY: {CANARY}}}}}}}",
        f'{{"db": {{"url": "https://h", "headers": {{"Authorization": "Bearer {CANARY}"}}}}}}',
        f"\n  - db:\n      command: x\n      args: [--token, {CANARY}]",
        f"\n  db:\n    env:\n      KEY: |\n        {CANARY}\n        more",
        '{db: {env: {KEY: "canary\\u002dZx81kk20ppQ"}}}',
    ],
)
def test_no_spelling_of_a_secret_is_shown(servers: str) -> None:
    text = f"---\ndescription: x\nmcpServers: {servers}\n---\nBody.\n"

    masked = shown(text)

    assert "Zx81kk20ppQ" not in masked
    assert "description" in masked
    assert masked.endswith("Body.\n")


def test_an_agent_without_secrets_is_shown_as_it_is() -> None:
    text = "---\ndescription: x\nmcpServers:\n  db:\n    env:\n      KEY: ${KEY}\n---\n"

    assert shown(text) == text


def test_a_secret_is_a_variable_to_set_and_a_warning() -> None:
    parsed = parse(
        "agent", f"---\ndescription: x\nmcpServers:\n  db:\n    env:\n      KEY: {CANARY}\n---\n", "agents/a.md"
    )

    assert parsed.payload["variables"] == [{"name": "KEY", "field": "mcpServers.db.environment.KEY", "secret": True}]
    assert "mcp_literal_secret" in codes(parsed)
    assert CANARY not in repr(parsed)
