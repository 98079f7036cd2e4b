"""YAML of strangers is bounded before it is built, and keeps every scalar's spelling."""

import pytest

from shared.domain.config_types.codes import Code
from shared.domain.config_types.yaml_guard import NotYaml, YamlRefused, load


@pytest.mark.parametrize("written", ["1.10", "no", "yes", "2024-01-02", "0x1F", "1e3", "012", ".inf"])
def test_a_scalar_keeps_its_spelling(written: str) -> None:
    assert load(f"value: {written}").value == {"value": written}


@pytest.mark.parametrize(("written", "value"), [("~", None), ("null", None), ("", None), ('"null"', "null")])
def test_only_a_plain_null_is_none(written: str, value: str | None) -> None:
    assert load(f"value: {written}").value == {"value": value}


def test_a_tag_builds_nothing_but_the_text() -> None:
    assert load("value: !!python/name:os.system x").value == {"value": "x"}


def test_a_repeated_key_is_noted_with_its_line_and_the_last_one_counts() -> None:
    loaded = load("name: a\nname: b")

    assert loaded.value == {"name": "b"}
    assert loaded.duplicates == (("name", 2),)


@pytest.mark.parametrize(
    ("bomb", "code"),
    [
        ("a: &a [x, x]\nb: [*a, *a]", Code.YAML_ALIAS),
        ("a: " + "[" * 17 + "]" * 17, Code.YAML_TOO_DEEP),
        ("a: " + "[" * 30_000, Code.YAML_TOO_DEEP),
        ("a:\n" + "- x\n" * 2_000, Code.YAML_TOO_MANY_EVENTS),
        ("a: " + "x" * 64 * 1024, Code.YAML_TOO_LARGE),
    ],
)
def test_a_bomb_is_refused(bomb: str, code: Code) -> None:
    with pytest.raises(YamlRefused) as refused:
        load(bomb)

    assert refused.value.code is code


def test_sixteen_levels_are_allowed() -> None:
    assert load("a: " + "[" * 15 + "]" * 15).value is not None


@pytest.mark.parametrize("text", ["a: b: c", "a: *bold* text", "a: [b] | c", "\tx: y", "a: \x07", "{{ a }}: b"])
def test_what_is_no_yaml_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotYaml):
        load(text)
