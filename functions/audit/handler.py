"""The table's stream: tells the company's event bus of every audit event that was written."""

from collections.abc import Mapping
from typing import Any

from shared.bootstrap import services
from shared.observability import log_line


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """A batch of stream records in (new audit events), a partial batch response out.

    Lambda goes on from the record that is named. Where already the first one fails, this fails as a whole, so that
    Lambda halves the batch until that record alone is set aside.
    """
    records = [record["dynamodb"] for record in event["Records"]]
    done = services().audit_forwarding.forward([record["NewImage"] for record in records])
    log_line("audit", records=len(records), failed=len(records) - done)
    return {"batchItemFailures": [{"itemIdentifier": each["SequenceNumber"]} for each in records[done : done + 1]]}
