"""The whole table, to be compared; and bodies whose ids are filled in."""

from collections.abc import Mapping
from typing import Any

from shared.bootstrap import Services


def rows_of(depot: Services) -> list[str]:
    """Everything in the table, but for what a caller's own org is told of refusals."""
    pages = depot.table.client.get_paginator("scan").paginate(TableName=depot.table.name)
    return sorted(repr(item) for page in pages for item in page["Items"] if not _is_refusal(item))


def _is_refusal(item: Mapping[str, Any]) -> bool:
    return item["pk"]["S"].startswith("REFUSED#") or item.get("outcome") == {"S": "refused"}


def filled(node: Any, ids: Mapping[str, str]) -> Any:
    """A body with the ids that its `{placeholders}` name."""
    if isinstance(node, str):
        return ids.get(node.strip("{}"), node)
    if isinstance(node, dict):
        return {name: filled(value, ids) for name, value in node.items()}
    return [filled(one, ids) for one in node] if isinstance(node, list) else node
