"""A document is held to a stranger's schema, within bounds."""

import json

import pytest

from shared.domain.config_types.schema_check import MAX_ERRORS, check
from shared.domain.config_types.values import JSON

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _codes(value: JSON, schema: JSON) -> list[str]:
    return [note.code for note in check(value, schema, "x.json")]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"a": 1}, {"properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}),
        ({"x-a": 1}, {"patternProperties": {"^x-": True}, "additionalProperties": False}),
        ([1, 2], {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"const": 1}, {"const": 2}]}),
        ({"a": {"a": {}}}, {"$defs": {"n": {"properties": {"a": {"$ref": "#/$defs/n"}}}}, "$ref": "#/$defs/n"}),
        ("anything", True),
    ],
)
def test_a_document_that_meets_its_schema_has_nothing_said_of_it(value: JSON, schema: JSON) -> None:
    assert _codes(value, schema) == []


@pytest.mark.parametrize(
    ("value", "schema", "pointer"),
    [
        (
            {"a": {"b/c": "x"}},
            {"properties": {"a": {"additionalProperties": {"type": "integer"}}}},
            "/a/b~1c breaks type",
        ),
        ({"b": 1}, {"additionalProperties": False}, "/b breaks additionalProperties"),
        (["a", "a"], {"uniqueItems": True}, "/ breaks uniqueItems"),
        ("b", {"pattern": "^a"}, "/ breaks pattern"),
        ({"xa": "s"}, {"patternProperties": {"^x": {"type": "null"}}}, "/xa breaks type"),
    ],
)
def test_what_breaks_a_schema_is_told_by_its_pointer(value: JSON, schema: JSON, pointer: str) -> None:
    [note] = check(value, schema, "x.json")

    assert (note.code, note.severity) == ("schema_mismatch", "error")
    assert pointer in note.message


def test_a_value_is_never_repeated() -> None:
    notes = check({"token": "s3cr3t"}, {"properties": {"token": {"type": "integer"}}}, "x.json")

    assert "s3cr3t" not in repr(notes)


def test_few_of_many_mistakes_are_told() -> None:
    assert len(_codes([1] * 100, {"items": {"type": "string"}})) == MAX_ERRORS


@pytest.mark.parametrize(
    "schema",
    [
        5,
        {"type": "martian"},
        {"$ref": "https://example.com/schema.json"},
        {"$ref": DRAFT},
        {"$ref": "#/nowhere"},
        {"pattern": "(?=a)"},
        {"minLength": "two"},
        {"$schema": "http://json-schema.org/draft-04/schema#"},
    ],
)
def test_a_schema_that_cannot_be_used_refuses_nothing(schema: JSON) -> None:
    assert _codes("text", schema) == ["schema_unusable"]


def test_a_schema_without_an_end_is_given_up() -> None:
    assert _codes({}, {"$ref": "#"}) == ["schema_too_costly"]


# Each takes hours without bounds: alternatives of alternatives, backtracking, each with each; all in disguise, too.
@pytest.mark.parametrize("draft", [{}, {"$schema": DRAFT}])
def test_a_hostile_schema_is_given_up_or_checked_in_time(draft: dict[str, JSON]) -> None:
    doubling: dict[str, JSON] = {
        f"d{n}": {**draft, "anyOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]} for n in range(40)
    }
    bomb: JSON = {**draft, "$defs": {**doubling, "d40": False}, "$ref": "#/$defs/d0"}

    assert _codes({}, bomb) == ["schema_too_costly"]
    assert _codes("a" * 50_000 + "!", {"allOf": [{**draft, "pattern": "^(a+)+$"}]}) == ["schema_mismatch"]
    assert _codes([{"a": n} for n in range(50_000)], {"allOf": [{**draft, "uniqueItems": True}]}) == [
        "schema_too_costly"
    ]


def test_a_large_document_of_an_ordinary_schema_is_checked() -> None:
    value = json.loads(json.dumps([{"name": f"n{n}", "size": n} for n in range(2_000)]))

    assert _codes(value, {"items": {"properties": {"name": {"type": "string"}, "size": {"minimum": 0}}}}) == []
