"""The whole state of a deployment: taken, put back, compared, and checked for what a reader must never see."""

import copy
import re
from typing import Any

import boto3

from shared.domain.config_object import ObjectStatus
from tests.integration.sync.rows import Rows, moto_table

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_MADE = re.compile(r"(?:cfg|ver|grt)_[0-9a-hjkmnp-tv-z]{26}")
_SHARD = re.compile(r"DUE#\d\d")
"""An object's follows from its id, which every run makes anew."""
_EVENT = re.compile(r"aud_[0-9a-hjkmnp-tv-z]{26}")
_VOLATILE = ("timings", "expires_at")
_HISTORY = ("SYN#", "AUD#", "DELIVERIES#")
_COUNTED = {"TARGET": "revision", "INSTANCE": "revision", "PLUGIN": "content_version"}


class Snapshot:
    """Rows and keys as they were."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._items = copy.deepcopy(moto_table(rows.table).items)
        self._keys = set(rows.keys())

    def put_back(self) -> None:
        moto_table(self._rows.table).items = copy.deepcopy(self._items)
        added = [{"Key": key} for key in set(self._rows.keys()) - self._keys]
        for start in range(0, len(added), 1_000):
            boto3.client("s3").delete_objects(
                Bucket=self._rows.bucket, Delete={"Objects": added[start : start + 1_000]}
            )


State = tuple[list[str], list[str]]


def state(rows: Rows) -> State:
    """Every row and key, with times and new ids replaced by what they stand for."""
    items = rows.items()
    return _described(rows, items, items)


def outcome(rows: Rows) -> State:
    """The same without what tells how often something was tried or written: events, and a few numbers of changes."""
    items = rows.items()
    # A row of nothing but its key says what no row says: a set of ids is emptied, not removed.
    kept = [item for item in items if not item["pk"]["S"].startswith(_HISTORY) and len(item) > len(("pk", "sk"))]
    return _described(rows, items, [_without_count(item) for item in kept])


def _described(rows: Rows, items: list[dict[str, Any]], compared: list[dict[str, Any]]) -> State:
    names = _names(items)
    return sorted(_normal(item, names) for item in compared), sorted(rows.keys())


def _without_count(item: dict[str, Any]) -> dict[str, Any]:
    """A run that goes on elsewhere than it stopped writes in other portions."""
    counted = _COUNTED.get(item["sk"]["S"])
    return {name: value for name, value in item.items() if name != counted}


def require_whole_objects(rows: Rows) -> None:
    """What a reader may look at between any two calls: no object without its version, no version without its files."""
    items = rows.items()
    present = {(item["pk"]["S"], item["sk"]["S"]) for item in items}
    keys = {key.rpartition("/")[2] for key in rows.keys()}  # noqa: SIM118  # not a mapping
    for entity in rows.all_objects():
        pk = f"CFG#{entity.org_id}#{entity.id}"
        for version in filter(None, (entity.head_version_id, entity.latest_version_id)):
            assert (pk, f"VERSION#{version}") in present
        for plugin in entity.plugin_ids:
            assert (f"PLG#{entity.org_id}#{plugin}", f"MEMBER#{entity.id}") in present
        assert (pk, f"GRANT#{next(iter(entity.grants))}") in present
    live = {one.id for one in rows.all_objects() if one.status != ObjectStatus.DELETED}
    assert {one.config_object_id for one in rows.bindings().values()} == live
    assert {item["payload_sha256"]["S"] for item in items if "payload_sha256" in item} <= keys


def _names(items: list[dict[str, Any]]) -> dict[str, str]:
    """Ids that a run makes, by what they were made for."""
    names: dict[str, str] = {}
    for item in items:
        if item["sk"]["S"] == "OBJECT":
            names[item["id"]["S"]] = f"<{item['source']['M']['locator']['S']} {item['status']['S']}>"
    for number, item in enumerate(sorted(items, key=lambda one: one["sk"]["S"])):
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        owner = names.get(pk.rpartition("#")[2], pk)
        if sk.startswith("VERSION#"):
            names[item["id"]["S"]] = f"<{owner} version {_rank(items, pk, sk)}>"
        elif sk.startswith("GRANT#"):
            names[item["id"]["S"]] = f"<{owner} {sk}>"
        assert number >= 0
    return names


def _rank(items: list[dict[str, Any]], pk: str, sk: str) -> int:
    versions = sorted(one["sk"]["S"] for one in items if one["pk"]["S"] == pk and one["sk"]["S"].startswith("VERSION#"))
    return versions.index(sk)


def _normal(item: dict[str, Any], names: dict[str, str]) -> str:
    text = repr(sorted((name, value) for name, value in item.items() if name not in _VOLATILE))
    text = _EVENT.sub("<event>", text)
    return _MADE.sub(lambda match: names.get(match[0], match[0]), _SHARD.sub("<shard>", _TIME.sub("<time>", text)))
