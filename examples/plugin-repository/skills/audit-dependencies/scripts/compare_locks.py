#!/usr/bin/env python3
"""Prints what changed between two lock files of pinned requirements, one line per package."""

import re
import sys
from pathlib import Path

PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)")


def read_pins(path: str) -> dict[str, str]:
    """Package names, spelled as the index spells them, with their pinned versions."""
    pins = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if match := PINNED.match(line):
            pins[re.sub(r"[-_.]+", "-", match.group(1)).lower()] = match.group(2)
    return pins


def order(version: str) -> list[tuple[bool, int, str]]:
    """A rough order of versions: numbers by value, everything else as text before them."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"[.+-]", version)]


def describe(before: str | None, after: str | None) -> str:
    if before is None:
        return f"added    {after}"
    if after is None:
        return f"removed  {before}"
    verb = "raised " if order(before) < order(after) else "lowered"
    major = " (major)" if before.split(".")[0] != after.split(".")[0] else ""
    return f"{verb}  {before} -> {after}{major}"


def main(before_path: str, after_path: str) -> None:
    before, after = read_pins(before_path), read_pins(after_path)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            print(f"{name:32} {describe(before.get(name), after.get(name))}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: compare_locks.py BEFORE AFTER")
    main(sys.argv[1], sys.argv[2])
