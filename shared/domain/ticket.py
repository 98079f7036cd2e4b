"""Tickets: what stands for a token at one place, where the token itself must not be shown.

    dpt_t <token 26><principal 26><until 7><mac 32><checksum 6>

Some clients send no header: a path, or the user of a link, is all that they carry. A ticket derives from a token,
opens the one place that it was made for, and ends with its token; nobody can make the token, or a ticket for another
place, from it. Nothing is stored for it: the mac under the deployment's key says that it is ours.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from shared.domain.ids import ALPHABET
from shared.domain.token import NOBODY, PREFIX, Token, checksum, spell_bits

_SHAPE: Final = re.compile(
    rf"dpt_t([{ALPHABET}]{{26}})([{ALPHABET}]{{26}})([{ALPHABET}]{{7}})([{ALPHABET}]{{32}})([{ALPHABET}]{{6}})"
)
_UNTIL_BITS: Final = 35
_MAC_BYTES: Final = 20


@dataclass(frozen=True, slots=True)
class Ticket:
    """`place` is what it opens; `until` is None for one that lasts as long as its token, else right to the second."""

    token_id: str
    member_id: str | None
    place: str
    until: datetime | None = None

    def spell(self, key: bytes) -> str:
        """The text that its bearer shows."""
        mac = spell_bits(int.from_bytes(self._mac(key)), _MAC_BYTES * 8)
        principal = self.member_id.partition("_")[2] if self.member_id else NOBODY
        body = f"t{self.token_id.partition('_')[2]}{principal}{spell_bits(self._seconds, _UNTIL_BITS)}{mac}"
        return f"{PREFIX}{body}{checksum(body)}"

    def matches(self, token: Token) -> bool:
        """Whether it derives from a token of this holder."""
        return token.id == self.token_id and token.member_id == self.member_id

    @property
    def _seconds(self) -> int:
        return int(self.until.timestamp()) if self.until else 0

    def _mac(self, key: bytes) -> bytes:
        bound = "\n".join((self.token_id, self.member_id or "", str(self._seconds), self.place))
        return hmac.digest(key, bound.encode(), hashlib.sha256)[:_MAC_BYTES]


def is_ticket(text: str) -> bool:
    """Whether it is spelled like one, good or not."""
    return text.startswith(f"{PREFIX}t")


def read_ticket(text: str, place: str, key: bytes, at: datetime) -> Ticket | None:
    """The ticket that was shown at a place, without any read; None for one that is not ours, not for here, or over."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    token, principal, until, _, _ = match.groups()
    member_id = None if principal == NOBODY else f"mem_{principal}"
    ticket = Ticket(f"tok_{token}", member_id, place, _moment(until))
    # Compared in constant time, as the secret of a token is.
    if not hmac.compare_digest(ticket.spell(key), text):
        return None
    return ticket if ticket.until is None or at < ticket.until else None


def _moment(spelled: str) -> datetime | None:
    seconds = 0
    for letter in spelled:
        seconds = seconds * len(ALPHABET) + ALPHABET.index(letter)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
