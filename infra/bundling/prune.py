"""Takes out of installed dependencies what no function reads, which shortens every cold start."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

from infra.bundling.strip import strip

SERVICES = frozenset({"dynamodb", "events", "kms", "s3", "secretsmanager", "sqs"})

# Read by people, type checkers, installers and test runners, never by a function.
_UNREAD = (
    "bin",
    "**/*.pyi",
    "**/*.pyx",
    "**/*.pxd",
    "**/py.typed",
    "**/tests",
    "**/__pycache__",
    "*.dist-info/RECORD",
    "*.dist-info/WHEEL",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.css",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.js",
    "aws_lambda_powertools/utilities/auth_alpha",
    "aws_lambda_powertools/utilities/circuit_breaker",
    "aws_lambda_powertools/utilities/data_masking",
    "aws_lambda_powertools/utilities/feature_flags",
    "aws_lambda_powertools/utilities/idempotency",
    "aws_lambda_powertools/utilities/kafka",
    "aws_lambda_powertools/utilities/parameters",
    "aws_lambda_powertools/utilities/parser",
    "aws_lambda_powertools/utilities/streaming",
    "botocore/data/**/examples-1.json*",
    "cffi",
    "cffi-*.dist-info",
    "charset_normalizer/cli",
    "dateutil/rrule.py",
    "dateutil/zoneinfo/*.tar.gz",
    "detect_secrets/audit",
    "jsonschema/benchmarks",
    "pydantic/mypy.py",
    "pydantic/v1",
    "pycparser",
    "pycparser-*.dist-info",
    "urllib3/contrib/emscripten",
)


def prune(tree: Path) -> None:
    """Prune what was installed below `tree`; METADATA stays, by which scanners know what is inside."""
    for pattern in _UNREAD:
        for path in list(tree.glob(pattern)):
            _remove(path)
    for library in tree.rglob("*.so"):
        strip(library)
    data = tree / "botocore" / "data"
    if data.is_dir():
        _prune_models(data)


def _prune_models(data: Path) -> None:
    """Keep the models of the services in use, without prose and without a decompression at start."""
    for service in [path for path in data.iterdir() if path.is_dir()]:
        if service.name not in SERVICES:
            _remove(service)
            continue
        for outdated in sorted(service.iterdir())[:-1]:
            _remove(outdated)
    for packed in list(data.rglob("*.json.gz")):
        model = json.loads(gzip.decompress(packed.read_bytes()))
        _write(packed.with_suffix(""), _without_prose(model))
        packed.unlink()
    _keep_endpoints(data / "endpoints.json")


def _keep_endpoints(path: Path) -> None:
    """Every client reads this list of all services in all regions, a quarter of its making."""
    endpoints = json.loads(path.read_text())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in sorted(SERVICES & services.keys())}
    _write(path, endpoints)


def _without_prose(node: Any) -> Any:
    """Empty the documentation strings; a member that happens to be called so is a mapping, and stays.

    The key stays too: botocore reads it of some parameters (S3's context) when it makes a client.
    """
    if isinstance(node, dict):
        return {
            key: "" if key == "documentation" and isinstance(value, str) else _without_prose(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_without_prose(item) for item in node]
    return node


def _write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, separators=(",", ":")))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
