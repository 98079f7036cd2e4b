"""A description that is derived: the first sentence that a person would read."""

import pytest

from shared.domain.config_types.prose import first_sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Reviews code. Then more.", "Reviews code."),
        ("# Title\nReviews code", "Reviews code"),
        ("Title\n=====\n\nReviews code.", "Reviews code."),
        ("Two lines\nof one sentence. More", "Two lines of one sentence."),
        ("For files, e.g. `a.md`, only. More", "For files, e.g. a.md, only."),
        ("Needs Node.js v1.2 or later. More", "Needs Node.js v1.2 or later."),
        ("これは例です。次です。", "これは例です。"),
        ("- one thing\n- another", "one thing"),
        ("1. First look. Then act.", "First look."),
        ("- [ ] to do", "to do"),
        ("```sh\nmake\n\nmake test\n```\n\nReviews code.", "Reviews code."),
        ("<!-- written\n\nby a tool -->\nReviews code.", "Reviews code."),
        ("> quoted\n\n| a | b |\n|---|---|\n\nReviews code.", "Reviews code."),
        ("**Reviews** [the code](../x.md), `main` *first*. More", "Reviews the code, main first."),
        ("snake_case_names stay. More", "snake_case_names stay."),
        ("x" * 400, "x" * 300),
    ],
)
def test_the_first_sentence_of_prose_is_found(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


@pytest.mark.parametrize("text", ["", "# Title", "---\n\n***", "```\ncode", "<div>\n</div>", "|a|"])
def test_a_text_without_prose_has_none(text: str) -> None:
    assert first_sentence(text) is None
