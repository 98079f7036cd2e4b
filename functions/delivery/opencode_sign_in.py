"""How OpenCode learns where a deployment's configuration is, and how its user's token gets there."""

import json
from typing import Final

from aws_lambda_powertools.event_handler import Response

from functions.delivery.origin import origin
from shared.bootstrap import services
from shared.domain.rendering.opencode_remote import TOKEN_VARIABLE

_ASK: Final = (
    f'[ -n "${TOKEN_VARIABLE}" ] || {{ trap "stty echo </dev/tty" EXIT; stty -echo </dev/tty; '
    f'printf "Delivery token: " >&2; read -r {TOKEN_VARIABLE} </dev/tty; echo >&2; }}; '
    f'[ -n "${TOKEN_VARIABLE}" ] && printf %s "${TOKEN_VARIABLE}"'
)
"""OpenCode gives its command no standard input: what is not in the environment is asked for at the terminal."""


def sign_in_to(configuration: str) -> Response[str]:
    """The document of `opencode auth login`, and of every start: OpenCode does not start without it.

    It is made of the deployment's settings alone, so that no store can be what it waits for. OpenCode runs the command
    unasked: no caller and nothing that is stored has a say in it. `configuration` is a path.
    """
    chosen = services().settings.opencode_auth_command
    command = json.loads(chosen) if chosen else ["sh", "-c", _ASK]
    document = {
        "auth": {"command": command, "env": TOKEN_VARIABLE},
        "remote_config": {
            "url": f"{origin()}{configuration}",
            "headers": {"Authorization": f"Bearer {{env:{TOKEN_VARIABLE}}}"},
        },
    }
    return Response(200, "application/json", json.dumps(document), {"Cache-Control": "public, max-age=300"})
