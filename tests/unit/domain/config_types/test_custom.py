"""Custom: anything that a mapping names."""

import pytest

from shared.domain.config_types.documents import read
from shared.domain.content import SourceFile
from tests.unit.domain.config_types.reading import codes, parse


@pytest.mark.parametrize(
    ("path", "data", "format_"),
    [
        ("conf/a.json", b'{"a": 1}', "json"),
        ("conf/a.jsonc", b'{"a": 1, // one\n}', "json"),
        ("conf/a.yml", b"a: 1\n", "yaml"),
        ("conf/a.bin", b"\0\xff", "opaque"),
        ("conf/Makefile", b"all:\n", "opaque"),
    ],
)
def test_any_file_is_taken_in_under_its_name(path: str, data: bytes, format_: str) -> None:
    parsed = parse("custom", data, path)

    assert parsed.loads
    assert (parsed.title, parsed.payload["format"]) == (path.removeprefix("conf/"), format_)


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b"\xff\xfe\x00"])
def test_what_is_not_what_its_name_says_is_kept_with_a_warning(data: bytes) -> None:
    parsed = parse("custom", data, "a.json")

    assert parsed.loads
    assert "document_unread" in codes(parsed)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"$schema": "depot:cfg_1", "a": 1}'),
        ("a.json", '{"schemaRef": "cfg_1", "a": 1}'),
        ("a.yaml", "$schema: depot:cfg_1\na: 1"),
    ],
)
def test_a_document_names_its_schema_which_is_no_part_of_it(name: str, text: str) -> None:
    document = read(SourceFile(name, text.encode()), name)

    assert (document.schema_ref, document.value) == ("cfg_1", {"a": 1})


def test_the_schema_of_another_tool_is_no_reference() -> None:
    assert parse("custom", '{"$schema": "https://json.schemastore.org/tsconfig"}', "a.json").schema is None


def test_yaml_values_keep_the_kinds_that_a_schema_asks_for() -> None:
    text = "a: 1\nb: '1'\nc: true\nd: 1.5\ne: 0x1F\nf: yes\ng: 2024-01-01\nh:"

    document = read(SourceFile("a.yaml", text.encode()), "a.yaml")

    assert document.value == {
        "a": 1, "b": "1", "c": True, "d": 1.5, "e": 31, "f": "yes", "g": "2024-01-01", "h": None,
    }  # fmt: skip


def test_values_do_not_leave_the_content() -> None:
    assert "hunter2" not in repr(parse("custom", '{"password": "hunter2"}', "a.json"))
