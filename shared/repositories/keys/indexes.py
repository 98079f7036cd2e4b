"""Partitions of the indexes that rows of every kind share."""

import zlib
from typing import Final

DUE_SHARDS: Final = 16


def listing(org_id: str, kind: str) -> str:
    """The list index partition of one kind of row (an id prefix) in an org."""
    return f"{org_id}#{kind}"


def instance_listing(org_id: str, instance_id: str) -> str:
    """The list index partition of one instance's targets."""
    return f"{org_id}#cin#{instance_id}"


def due_shard(row_id: str) -> str:
    return f"DUE#{zlib.crc32(row_id.encode()) % DUE_SHARDS:02d}"


def due_shards() -> list[str]:
    return [f"DUE#{shard:02d}" for shard in range(DUE_SHARDS)]
