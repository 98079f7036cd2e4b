"""What must never stay in the table: rows that name what is not there, and work that nobody finished."""

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]

_WORK = ("unfinished", "unlisted_ids")


def require_nothing_unfinished(rows: Iterable[Row]) -> None:
    left = [(row["pk"]["S"], row["sk"]["S"]) for row in rows if not row.keys().isdisjoint(_WORK)]
    assert left == []


def require_nothing_dangles(rows: Iterable[Row]) -> None:
    """Memberships, grants, names and versions name what exists, and rows agree with the memberships on them."""
    held = list(rows)
    ids = {row["id"]["S"] for row in held if "id" in row and row["sk"]["S"] in ("OBJECT", "PLUGIN", "MARKETPLACE")}
    members = {
        (row["pk"]["S"].rpartition("#")[2], row["sk"]["S"].removeprefix("MEMBER#"))
        for row in held
        if row["pk"]["S"][:4] in ("PLG#", "MKT#") and row["sk"]["S"].startswith("MEMBER#")
    }
    for row in held:
        pk, sk = row["pk"]["S"], row["sk"]["S"]
        if pk.startswith(("CFG#", "PLG#", "MKT#")):
            assert pk.rpartition("#")[2] in ids, (pk, sk)
        if pk.startswith("NAME#"):
            assert row["resource_id"]["S"] in ids, (pk, sk)
        if sk == "OBJECT":
            assert {(plugin, row["id"]["S"]) for plugin in _set(row, "plugin_ids")} <= members, pk
        if sk == "MARKETPLACE":
            assert {(row["id"]["S"], plugin) for plugin in _set(row, "plugin_ids")} <= members, pk
    assert {one for pair in members for one in pair} <= ids


def _set(row: Row, name: str) -> list[str]:
    return list(row[name]["SS"]) if name in row else []
