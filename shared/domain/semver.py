"""Versions of releases, as Semantic Versioning 2.0.0 spells and orders them."""

import re
from typing import Final

from shared.domain.errors import Invalid

FIRST: Final = "0.1.0"
"""Above every version of a rolling plugin, so that clients take a first release for the newer one."""

_PART: Final = r"(?:0|[1-9][0-9]{0,8})"
_LABEL: Final = r"(?:0|[1-9][0-9]{0,8}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SHAPE: Final = re.compile(
    rf"({_PART})\.({_PART})\.({_PART})(?:-({_LABEL}(?:\.{_LABEL})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_LONGEST: Final = 64

Precedence = tuple[int, int, int, bool, tuple[tuple[bool, int, str], ...]]


def require_semver(text: str) -> str:
    """Raises: Invalid."""
    if len(text) > _LONGEST or not _SHAPE.fullmatch(text):
        raise Invalid.field("version", f"use a semantic version such as 1.4.0, of at most {_LONGEST} characters")
    return text


def precedence(version: str) -> Precedence:
    """What sorts versions (section 11): a pre-release comes before its release, and build metadata says nothing."""
    major, minor, patch, labels = _parts(version)
    return major, minor, patch, labels is None, tuple(map(_rank, (labels or "").split(".") if labels else ()))


def without_build(version: str) -> str:
    """Versions that differ in build metadata alone are the same one to every client that orders them."""
    return version.partition("+")[0]


def next_patch(version: str | None) -> str:
    """The version after this one: a pre-release becomes its release. None asks for the first."""
    if version is None:
        return FIRST
    major, minor, patch, labels = _parts(version)
    return f"{major}.{minor}.{patch if labels else patch + 1}"


def _parts(version: str) -> tuple[int, int, int, str | None]:
    match = _SHAPE.fullmatch(version)
    if match is None:
        raise ValueError(f"{version!r} was stored and is no semantic version")
    major, minor, patch, labels = match.groups()
    return int(major), int(minor), int(patch), labels


def _rank(label: str) -> tuple[bool, int, str]:
    return (False, int(label), "") if label.isdigit() else (True, 0, label)
