"""Frontmatter is read as leniently as the clients read it."""

import pytest

from shared.domain.config_types.frontmatter import Frontmatter, read


def _read(text: str | bytes) -> Frontmatter:
    return read(text.encode() if isinstance(text, str) else text, "x.md")


def _notes(page: Frontmatter) -> list[tuple[str, int | None]]:
    return [(note.code, note.line) for note in page.diagnostics]


def test_frontmatter_and_body_are_told_apart() -> None:
    page = _read("---\nname: a\n---\nBody\n---\nmore")

    assert page == Frontmatter({"name": "a"}, "Body\n---\nmore")


@pytest.mark.parametrize(
    "text", ["---\r\nname: a\r\n---\r\nBody", "---\rname: a\r---\rBody", "--- \nname: a\n---\t\nBody"]
)
def test_line_endings_and_trailing_blanks_do_not_matter(text: str) -> None:
    assert _read(text) == Frontmatter({"name": "a"}, "Body")


def test_a_byte_order_mark_is_no_text() -> None:
    page = _read(b"\xef\xbb\xbf---\nname: a\n---\n")

    assert page.values == {"name": "a"}
    assert _notes(page) == [("byte_order_mark", None)]


def test_bytes_that_are_not_utf8_are_shown_as_such_and_located() -> None:
    page = _read(b"---\nname: caf\xe9\n---\nBody")

    assert page.values == {"name": "caf�"}
    assert _notes(page) == [("not_utf8", 2)]


def test_utf16_is_read_as_what_it_is() -> None:
    page = _read("---\nname: a\n---\nBody".encode("utf-16"))

    assert page.values == {"name": "a"}
    assert _notes(page) == [("not_utf8", None)]


def test_an_unquoted_colon_falls_back_to_lines_with_a_warning() -> None:
    page = _read("---\nname: a\ndescription: Use this: always\n---\n")

    assert page.values == {"name": "a", "description": "Use this: always"}
    assert _notes(page) == [("frontmatter_not_yaml", 3)]


def test_the_line_parser_reads_what_the_corpus_holds() -> None:
    page = _read(
        "---\nargument-hint: [a] | --x\nquoted: 'it: is'\nfolded: >\n  one\n  two\nkept: |\n  one\n  two\n"
        'items:\n  - a\n  - "b"\ncontinued: one\n  two\nempty:\n---\n'
    )

    assert page.values == {
        "argument-hint": "[a] | --x",
        "quoted": "it: is",
        "folded": "one two",
        "kept": "one\ntwo",
        "items": ["a", "b"],
        "continued": "one two",
        "empty": None,
    }


def test_tabs_and_repeated_keys_survive_the_fallback() -> None:
    page = _read("---\nname:\ta: b\nname:\tc: d\n---\n")

    assert page.values == {"name": "c: d"}
    assert ("duplicate_key", 3) in _notes(page)


def test_what_neither_reads_is_an_error() -> None:
    page = _read("---\n[unclosed\n---\nBody")

    assert _notes(page) == [("frontmatter_unreadable", 3)]
    assert page.body == "Body"


def test_a_bomb_is_an_error_at_its_line_and_the_body_is_still_there() -> None:
    page = _read("---\na: &a [x]\nb: *a\n---\nBody")

    assert _notes(page) == [("yaml_alias", 3)]
    assert page.body == "Body"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Only text", "no_frontmatter"),
        ("", "empty_file"),
        (" \n\n", "empty_file"),
        ("---\nname: a\n", "frontmatter_unclosed"),
        ("---\n- a\n- b\n---\n", "frontmatter_not_a_map"),
        ("---\n---\nBody", "frontmatter_not_a_map"),
    ],
)
def test_what_is_missing_is_a_warning(text: str, code: str) -> None:
    page = _read(text)

    assert page.values == {}
    assert [note.code for note in page.diagnostics] == [code]


def test_frontmatter_below_a_comment_is_read_with_a_warning() -> None:
    page = _read("<!-- licence -->\n\n---\nname: a\n---\nBody")

    assert page.values == {"name": "a"}
    assert [note.code for note in page.diagnostics] == ["text_before_frontmatter"]


def test_a_rule_in_prose_is_no_frontmatter() -> None:
    text = "# Title\n---\nNote: this is prose\n---\nmore"

    assert _read(text).values == {}
    assert _read(text).body == text
