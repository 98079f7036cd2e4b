"""Rows are read as botocore reads them, only sooner."""

import base64
import json
from typing import Any

import botocore.session
import pytest
from botocore.parsers import JSONParser

from shared.repositories.row_parser import RowParserFactory

ROW = {
    "pk": {"S": "PLG#org_0#plg_0"},
    "revision": {"N": "3"},
    "packed_files": {"B": base64.b64encode(b"\x00\xff").decode()},
    "projection": {"M": {"tools": {"L": [{"S": "Read"}, {"BOOL": True}, {"NULL": True}]}}},
    "plugin_ids": {"SS": ["plg_0"]},
}
KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}


@pytest.fixture(scope="module")
def model() -> Any:
    return botocore.session.get_session().get_service_model("dynamodb")


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("GetItem", {"Item": ROW}),
        ("GetItem", {}),
        ("Query", {"Items": [ROW, ROW], "Count": 2, "ScannedCount": 2, "LastEvaluatedKey": KEY}),
        (
            "BatchGetItem",
            {"Responses": {"t": [ROW]}, "UnprocessedKeys": {"t": {"Keys": [KEY], "ConsistentRead": True}}},
        ),
        ("UpdateItem", {}),
    ],
)
def test_an_answer_reads_as_botocore_reads_it(model: Any, operation: str, body: dict[str, Any]) -> None:
    shape = model.operation_model(operation).output_shape
    answer = {"body": json.dumps(body).encode(), "headers": {}, "status_code": 200}

    parsed = RowParserFactory().create_parser("json").parse(answer, shape)

    assert parsed == JSONParser().parse(answer, shape)


def test_a_refusal_keeps_its_reasons(model: Any) -> None:
    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "cancelled",
        "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed"}],
    }
    answer = {"body": json.dumps(body).encode(), "headers": {}, "status_code": 400}
    shape = model.operation_model("TransactWriteItems").output_shape

    parsed = RowParserFactory().create_parser("json").parse(answer, shape)

    assert parsed["Error"]["Code"] == "TransactionCanceledException"


def test_other_protocols_keep_botocores_parsers() -> None:
    parser = RowParserFactory().create_parser("rest-xml")

    assert type(parser).__module__ == "botocore.parsers"
