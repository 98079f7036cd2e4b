"""Logs and metrics of every function: one JSON line per request, its request id in each.

Nothing that callers send (headers, bodies, tokens, paths below capability URLs) is logged unless a line names it.
"""

import logging
from functools import cache

from aws_lambda_powertools import Logger

logging.getLogger("botocore").setLevel(logging.WARNING)


@cache
def logger() -> Logger:
    """The function's structured logger; level and service come from Powertools' own environment variables."""
    return Logger(service="plugin-depot", log_uncaught_exceptions=False)
