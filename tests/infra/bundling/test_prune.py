"""Pruning takes prose and strangers away, and nothing that a client reads."""

import gzip
import json
from pathlib import Path

import pytest

from infra.bundling.prune import prune


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small installation that has one of everything that pruning looks at."""
    model = {"documentation": "<p>prose</p>", "shapes": {"A": {"members": {"documentation": {"shape": "S"}}}}}
    files = {
        "botocore/data/sqs/2011-01-01/service-2.json": b"{}",
        "botocore/data/sqs/2012-11-05/service-2.json.gz": gzip.compress(json.dumps(model).encode()),
        "botocore/data/sqs/2012-11-05/examples-1.json": b"{}",
        "botocore/data/ec2/2016-11-15/service-2.json": b"{}",
        "botocore/data/_retry.json": b"{}",
        "botocore/data/endpoints.json": b'{"partitions": [{"services": {"sqs": {}, "ec2": {}}}]}',
        "pydantic/main.py": b"",
        "pydantic/main.pyi": b"",
        "pydantic-2.0.dist-info/METADATA": b"Name: pydantic",
        "pydantic-2.0.dist-info/RECORD": b"",
        "bin/jp.py": b"",
        "aws_lambda_powertools/event_handler/openapi/swagger_ui/html.py": b"",
        "aws_lambda_powertools/event_handler/openapi/swagger_ui/swagger-ui-bundle.min.js": b"",
        "aws_lambda_powertools/utilities/parser/models.py": b"",
        "aws_lambda_powertools/utilities/data_classes/common.py": b"",
        "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz": b"",
    }
    for place, content in files.items():
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path


def test_only_what_a_function_reads_is_left(tree: Path) -> None:
    prune(tree)

    left = {file.relative_to(tree).as_posix() for file in tree.rglob("*") if file.is_file()}
    assert left == {
        "aws_lambda_powertools/event_handler/openapi/swagger_ui/html.py",
        "aws_lambda_powertools/utilities/data_classes/common.py",
        "botocore/data/_retry.json",
        "botocore/data/endpoints.json",
        "botocore/data/sqs/2012-11-05/service-2.json",
        "pydantic/main.py",
        "pydantic-2.0.dist-info/METADATA",
    }


def test_a_model_loses_its_prose_but_no_member_of_that_name(tree: Path) -> None:
    prune(tree)

    model = json.loads((tree / "botocore/data/sqs/2012-11-05/service-2.json").read_text())
    assert model == {"documentation": "", "shapes": {"A": {"members": {"documentation": {"shape": "S"}}}}}


def test_endpoints_of_other_services_are_not_read_at_every_start(tree: Path) -> None:
    prune(tree)

    endpoints = json.loads((tree / "botocore/data/endpoints.json").read_text())
    assert endpoints == {"partitions": [{"services": {"sqs": {}}}]}
