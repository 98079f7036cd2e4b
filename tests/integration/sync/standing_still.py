"""AWS for a process that is measured: reads are answered from given rows, writes are taken and forgotten."""

import json
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse

Item = dict[str, Any]


class StandingStill:
    """Answers below botocore, so that its own work counts; `requests` counts them by operation."""

    def __init__(self, rows: list[Item]) -> None:
        self._rows = rows
        self.requests: dict[str, int] = {}
        self._reads = {"GetItem": self._get, "BatchGetItem": self._batch_get, "Query": self._query}

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        """botocore's `before-send`: an answer given here is taken for the far side's."""
        operation = _operation(request)
        self.requests[operation] = self.requests.get(operation, 0) + 1
        body = b""
        if operation != _STORED:
            read = self._reads.get(operation)
            body = json.dumps(read(json.loads(request.body)) if read else {}).encode()
        return AWSResponse(request.url, 200, {"ETag": '"1"'}, _Raw(body))

    def _get(self, asked: Item) -> Item:
        row = self._row(asked["Key"])
        return {"Item": row} if row else {}

    def _batch_get(self, asked: Item) -> Item:
        ((table, wanted),) = asked["RequestItems"].items()
        found = [row for key in wanted["Keys"] if (row := self._row(key))]
        return {"Responses": {table: found}}

    def _query(self, asked: Item) -> Item:
        names, values = asked["ExpressionAttributeNames"], asked["ExpressionAttributeValues"]
        pk, sk = names["#pk"], names.get("#sk", "sk")
        prefix, low, high = (values.get(name, {}).get("S", "") for name in (":prefix", ":low", ":high"))
        found = [
            row
            for row in self._rows
            if row.get(pk) == values[":pk"]
            and row[sk]["S"].startswith(prefix)
            and (not high or low <= row[sk]["S"] <= high)
        ]
        return {"Items": sorted(found, key=lambda row: str(row[sk]["S"]))[: asked.get("Limit")]}

    def _row(self, key: Item) -> Item | None:
        return next((row for row in self._rows if row["pk"] == key["pk"] and row["sk"] == key["sk"]), None)


_STORED = "PUT object"


class _Raw(BytesIO):
    """urllib3's response, as far as botocore reads it."""

    def stream(self, **_: Any) -> Any:
        yield self.read()


def _operation(request: Any) -> str:
    target = request.headers.get("X-Amz-Target", b"")
    name = target.decode() if isinstance(target, bytes) else str(target)
    return name.rpartition(".")[2] or f"{request.method} object"
