"""The codec: what is written is what is read, for every kind of row."""

import re
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config_object import ConfigObject, Version
from shared.domain.connector import (
    Binding,
    ConnectorAccount,
    ConnectorInstance,
    ConnectorTarget,
    Mapping,
    Tombstone,
)
from shared.domain.grant import Grant
from shared.domain.organization import Member, Organization, Team
from shared.domain.plugin import Plugin, PluginMembership
from shared.domain.sync_event import SyncEvent
from shared.domain.token import Token
from shared.repositories.codec import attribute_value, attribute_values, decode, encode, plain, timestamp
from shared.repositories.keys import Key

KEY = Key("PK", "SK")
ATTRIBUTE_VALUE = get_session().get_service_model("dynamodb").shape_for("AttributeValue")
KINDS: list[Any] = [
    Organization,
    Member,
    Team,
    Token,
    ConfigObject,
    Version,
    Plugin,
    PluginMembership,
    Grant,
    ConnectorAccount,
    ConnectorInstance,
    ConnectorTarget,
    Mapping,
    Binding,
    Tombstone,
    SyncEvent,
]

TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
WORDS = st.text(max_size=20)
WHOLE = st.integers(-(10**30), 10**30)
BROKEN = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30).filter(
    lambda number: not number.is_integer() and abs(number) > 1e-30
)
JSON = st.recursive(
    st.none() | st.booleans() | WORDS | WHOLE | BROKEN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type; sequences as lists, which is how rows give them back."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of([values_of(one) for one in arguments])
    if origin is frozenset:
        elements = st.text(min_size=1, max_size=8) if arguments == (str,) else values_of(arguments[0])
        return st.frozensets(elements, max_size=3)  # DynamoDB's string sets take no empty string
    if origin is not None and len(arguments) == 2:
        return st.dictionaries(values_of(arguments[0]), values_of(arguments[1]), max_size=3)
    if origin is not None:
        return st.lists(values_of(arguments[0]), max_size=3)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        datetime: TIMES, str: WORDS, int: WHOLE, bool: st.booleans(), NoneType: st.none(), Any: JSON,
    }  # fmt: skip
    if hint in simple:
        return simple[hint]
    return entities(hint) if hasattr(hint, "__dataclass_fields__") else st.sampled_from(list(hint))


def entities(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in fields(kind)})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_entity_reads_back_as_it_was_written(kind: Any, data: st.DataObject) -> None:
    entity = data.draw(entities(kind))

    read = decode(kind, encode(KEY, entity, {"list_pk": "o#plg", "list_sk": "plg_1"}))

    assert read == entity


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_may_be_absent_in_a_row_has_a_default(kind: Any) -> None:
    hints = get_type_hints(kind)

    needed = [
        field.name
        for field in fields(kind)
        if (NoneType in get_args(hints[field.name]) or get_origin(hints[field.name]) is frozenset)
        and field.default is field.default_factory is MISSING
    ]

    assert needed == []


@given(st.dictionaries(WORDS, JSON, max_size=5))
def test_dynamodb_takes_every_projection(projection: dict[str, Any]) -> None:
    report = ParamValidator().validate(attribute_value(projection), ATTRIBUTE_VALUE)

    assert not report.has_errors(), report.generate_report()


def test_a_row_of_a_newer_deployment_is_read_by_an_older_one() -> None:
    member = Member.__name__
    row = encode(KEY, Binding("cfg_1", "ctg_1", "cmp_1", "a/SKILL.md", "f", "r"), {"colour": "green", "kind": member})

    assert decode(Binding, row).locator == "a/SKILL.md"


def test_what_is_none_or_an_empty_set_takes_no_place() -> None:
    row = attribute_values({"a": None, "b": frozenset(), "c": "", "d": [], "e": {}, "f": 0, "g": False})

    assert sorted(row) == ["c", "d", "e", "f", "g"]


def test_times_are_stored_in_utc_with_milliseconds_and_sort_as_text() -> None:
    east = datetime(2026, 1, 1, 1, 30, 0, 123_000, tzinfo=timezone(timedelta(hours=1)))

    assert timestamp(east) == "2026-01-01T00:30:00.123Z"


@given(TIMES, TIMES)
def test_stored_times_sort_as_they_passed(one: datetime, other: datetime) -> None:
    assert (timestamp(one) < timestamp(other)) == (one < other)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", timestamp(one))


@given(JSON)
def test_json_values_survive_inside_a_row(value: Any) -> None:
    assert plain(attribute_value(value)) == value


def test_what_has_no_form_in_a_row_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot store object"):
        attribute_value(object())
