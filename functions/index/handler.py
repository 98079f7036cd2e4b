"""The table's stream: brings the postings of written objects up to date, and reports each record's own fate."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from shared.bootstrap import services
from shared.observability import log_line, logger

if TYPE_CHECKING:
    from shared.services.indexing import Indexing

_AT_ONCE: Final = 8


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """A batch of stream records in (new images of unindexed objects), a partial batch response out.

    Lambda goes on from the first record that failed; what comes again because of that has nothing left to do.
    """
    records = event["Records"]
    objects = list(dict.fromkeys(_object_of(record) for record in records))
    indexing = services().indexing
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        done = dict(zip(objects, pool.map(lambda one: _index(indexing, *one), objects), strict=True))
    failed = [record for record in records if not done[_object_of(record)]]
    log_line("index", records=len(records), objects=len(objects), failed=list(done.values()).count(False))
    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in failed]}


def _object_of(record: Mapping[str, Any]) -> tuple[str, str]:
    """Org and id of the object that a record tells of."""
    row = record["dynamodb"]["NewImage"]
    return row["org_id"]["S"], row["id"]["S"]


def _index(indexing: "Indexing", org_id: str, object_id: str) -> bool:
    try:
        indexing.index(org_id, object_id)
    except Exception:  # noqa: BLE001  # the edge: whatever went wrong, only this object's records come again
        logger().exception("index", org_id=org_id, object_id=object_id)
        return False
    return True
