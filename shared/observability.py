"""Logs of every function: one JSON line per request, its request id in each.

Nothing that callers send (headers, bodies, tokens, paths below capability URLs) is logged unless a line names it.
"""

import json
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@cache
def logger() -> "Logger":
    """The function's structured logger; its level comes from Powertools' own environment variables."""
    from aws_lambda_powertools import Logger

    return Logger(service="plugin-depot", log_uncaught_exceptions=False, serialize_stacktrace=False)


def log_line(message: str, **fields: object) -> None:
    """One line of the same form for the public function, whose start cannot afford a logging library."""
    line = {"level": "INFO", "message": message, "service": "plugin-depot", **fields}
    sys.stdout.write(json.dumps(line, default=str) + "\n")
