"""Tickets: derived from a token, good at one place, for as long as they say."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.ids import ALPHABET
from shared.domain.ticket import Ticket, is_ticket, read_ticket
from shared.domain.token import TokenKind, read_token, spell_token

KEY = b"k" * 32
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
TICKET = Ticket("tok_" + "1" * 26, "mem_" + "2" * 26, "/git/acme/acme/reviews.git", NOW + timedelta(hours=1))
ENDLESS = Ticket("tok_" + "1" * 26, None, "agent-skills")


@pytest.mark.parametrize("ticket", [TICKET, ENDLESS])
def test_a_ticket_is_read_as_it_was_spelled(ticket: Ticket) -> None:
    text = ticket.spell(KEY)

    assert is_ticket(text)
    assert read_ticket(text, ticket.place, KEY, NOW) == ticket


def test_a_ticket_is_over_at_its_time() -> None:
    text = TICKET.spell(KEY)

    assert read_ticket(text, TICKET.place, KEY, NOW + timedelta(hours=1)) is None


def test_a_ticket_is_good_at_its_place_alone_and_under_its_key_alone() -> None:
    text = TICKET.spell(KEY)

    assert read_ticket(text, "/git/acme/acme/other.git", KEY, NOW) is None
    assert read_ticket(text, TICKET.place, b"j" * 32, NOW) is None


@pytest.mark.parametrize("at", range(4, 4 + 1 + 26 + 26 + 7 + 32 + 6))
def test_no_letter_of_a_ticket_can_be_changed(at: int) -> None:
    text = TICKET.spell(KEY)
    other = next(letter for letter in ALPHABET if letter != text[at])

    assert read_ticket(text[:at] + other + text[at + 1 :], TICKET.place, KEY, NOW) is None


def test_a_ticket_is_no_token_and_a_token_no_ticket() -> None:
    token = spell_token("tok_" + "1" * 26, TokenKind.DELIVERY, None, 7)

    assert read_token(TICKET.spell(KEY)) is None
    assert not is_ticket(token)
    assert read_ticket(token, TICKET.place, KEY, NOW) is None
