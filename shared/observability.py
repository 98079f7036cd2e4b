"""Logs of every function: one JSON line per request, its request id in each, and its metrics in the same line.

Nothing that callers send (headers, bodies, tokens, paths below capability URLs) is logged unless a line names it.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


NAMESPACE = "PluginDepot"
"""Of all metrics in CloudWatch; every one has the dimension `Stage`."""


class Metric(NamedTuple):
    """One value; `by` are dimensions beside the stage, whose values must be few."""

    name: str
    value: float
    unit: str = "Count"
    by: Mapping[str, str] = {}


@cache
def logger() -> "Logger":
    """The function's structured logger; its level comes from Powertools' own environment variables."""
    from aws_lambda_powertools import Logger

    return Logger(service="plugin-depot", log_uncaught_exceptions=False, serialize_stacktrace=False)


def log_line(message: str, **fields: object) -> None:
    """One line of the same form for the public function, whose start cannot afford a logging library."""
    line = {"level": "INFO", "message": message, "service": "plugin-depot", **fields}
    sys.stdout.write(json.dumps(line, default=str) + "\n")


def log_metrics(message: str, stage: str, at: datetime, metrics: Iterable[Metric], **fields: object) -> None:
    """One line that CloudWatch reads metrics out of: no call, and nothing to wait for.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    directives: dict[tuple[str, ...], list[dict[str, str]]] = {}
    values: dict[str, object] = {"Stage": stage}
    for metric in metrics:
        named = directives.setdefault(("Stage", *metric.by), [])
        named.append({"Name": metric.name, "Unit": metric.unit})
        values |= {metric.name: metric.value, **metric.by}
    told = [
        {"Namespace": NAMESPACE, "Dimensions": [list(dimensions)], "Metrics": named}
        for dimensions, named in directives.items()
    ]
    embedded = {"_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": told}} if told else {}
    log_line(message, **fields, **values, **embedded)
