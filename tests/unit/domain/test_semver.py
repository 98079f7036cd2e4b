"""Versions of releases: how they are spelled, ordered and counted on."""

import pytest

from shared.domain.errors import Invalid
from shared.domain.semver import next_patch, precedence, require_semver, without_build


@pytest.mark.parametrize("version", ["0.0.0", "1.2.3", "1.0.0-rc.1", "1.0.0-0a.x-y", "1.0.0+build.5", "10.20.30-a+b"])
def test_semantic_versions_are_taken(version: str) -> None:
    assert require_semver(version) == version


@pytest.mark.parametrize(
    "version",
    ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "1.2.3 ", "1.2.x", "1.2.3-" + "a" * 64],
)
def test_anything_else_is_refused(version: str) -> None:
    with pytest.raises(Invalid) as refusal:
        require_semver(version)
    assert [one.path for one in refusal.value.errors] == ["version"]


def test_they_are_ordered_as_the_standard_says() -> None:
    labels = ["alpha", "alpha.1", "alpha.beta", "beta.2", "beta.11", "rc.1"]
    ordered = [*(f"1.0.0-{label}" for label in labels), "1.0.0", "1.0.1", "1.9.0", "1.10.0"]

    assert sorted(sorted(ordered), key=precedence) == ordered
    assert precedence("1.0.0+a") == precedence("1.0.0+b")
    assert without_build("1.0.0-rc.1+a") == "1.0.0-rc.1"


@pytest.mark.parametrize(
    ("version", "following"), [(None, "0.1.0"), ("0.1.0", "0.1.1"), ("2.0.0-rc.1", "2.0.0"), ("1.2.3+build", "1.2.4")]
)
def test_the_next_patch(version: str | None, following: str) -> None:
    assert next_patch(version) == following
