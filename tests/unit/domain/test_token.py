"""Tokens: spelled once, taken apart without a read, recognizable when they leak."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ids import ALPHABET, RANDOM_BITS, make_id
from shared.domain.token import PresentedToken, Token, TokenKind, hash_secret, read_token, spell_token

AT = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN_ID, MEMBER_ID = make_id("tok", 1_000, 5), make_id("mem", 2_000, 6)
SECRETS = st.integers(0, (1 << 160) - 1)
# What a secret scanner would be told to look for.
LEAKED = re.compile(rf"\bdpt_[psd][{ALPHABET}]{{90}}\b")


def presented(text: str) -> PresentedToken:
    found = read_token(text)
    assert found is not None
    return found


def token_of(text: str, **changes: object) -> Token:
    kept = hash_secret(presented(text).secret)
    token = Token(TOKEN_ID, "org_1", TokenKind.PERSONAL, "laptop", kept, AT, member_id=MEMBER_ID)
    return replace(token, **changes)  # type: ignore[arg-type]  # the keys are Token's fields


@given(st.sampled_from(TokenKind), st.integers(1, (1 << RANDOM_BITS) - 1), st.booleans(), SECRETS)
def test_what_was_spelled_reads_back(kind: TokenKind, randomness: int, personal: bool, secret: int) -> None:
    token_id, member_id = make_id("tok", 9, randomness), make_id("mem", 9, randomness) if personal else None

    found = presented(spell_token(token_id, kind, member_id, secret))

    assert (found.token_id, found.member_id) == (token_id, member_id)
    assert len(found.secret) == 32


@given(st.sampled_from(TokenKind), SECRETS)
def test_a_leaked_token_is_found_in_any_text(kind: TokenKind, secret: int) -> None:
    text = spell_token(TOKEN_ID, kind, MEMBER_ID, secret)

    found = LEAKED.findall(f'{{"token": "{text}"}}, https://user:{text}@depot.example/git')

    assert found == [text, text]


@given(SECRETS, st.integers(0, 94), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed_before_any_read(secret: int, place: int, character: str) -> None:
    text = spell_token(TOKEN_ID, TokenKind.PERSONAL, MEMBER_ID, secret)
    broken = text[:place] + character + text[place + 1 :]

    assert (read_token(broken) is None) == (broken != text)


@pytest.mark.parametrize("text", ["", "dpt_", "ghp_" + "0" * 91, "dpt_p" + "0" * 89, "a.b.c"])
def test_what_is_no_token_of_ours_is_not_read(text: str) -> None:
    assert read_token(text) is None


def test_a_token_matches_by_its_secret_alone() -> None:
    mine, other = (spell_token(TOKEN_ID, TokenKind.PERSONAL, MEMBER_ID, secret) for secret in (1, 2))

    assert presented(mine).matches(token_of(mine))
    assert not presented(other).matches(token_of(mine))


def test_a_token_that_names_another_member_does_not_match() -> None:
    text = spell_token(TOKEN_ID, TokenKind.PERSONAL, MEMBER_ID, 1)

    assert not presented(text).matches(token_of(text, member_id=make_id("mem", 2_000, 7)))


def test_neither_the_secret_nor_its_hash_is_shown_by_accident() -> None:
    text = spell_token(TOKEN_ID, TokenKind.PERSONAL, MEMBER_ID, 1)
    token = token_of(text)

    shown = repr(presented(text)) + repr(token)

    assert presented(text).secret not in shown
    assert token.secret_hash not in shown


def test_a_token_ends_at_its_time_and_by_revocation() -> None:
    token = token_of(spell_token(TOKEN_ID, TokenKind.PERSONAL, MEMBER_ID, 1), expires_at=AT)

    assert token.is_usable(AT - timedelta(milliseconds=1))
    assert not token.is_usable(AT)
    assert not replace(token, expires_at=None, revoked_at=AT).is_usable(AT)
