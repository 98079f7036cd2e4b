"""Bearer tokens: how they are spelled, read and compared.

    dpt_ <kind 1><token 26><principal 26><secret 32><checksum 6>

The two ids let one read fetch the token row together with the member it acts as. Neither is a secret; the
secret is 160 random bits. The prefix and the checksum make a leaked token recognizable to
secret scanners without asking us, as with GitHub's tokens. Only a hash of the secret is stored.
"""

import hashlib
import hmac
import re
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.access import Scope
from shared.domain.ids import ALPHABET

PREFIX: Final = "dpt_"
_SHAPE: Final = re.compile(
    rf"dpt_([psd])([{ALPHABET}]{{26}})([{ALPHABET}]{{26}})([{ALPHABET}]{{32}})([{ALPHABET}]{{6}})"
)
NOBODY: Final = "0" * 26
"""Stands for the principal of a token that acts for no person."""
_SECRET_BITS: Final = 160
_USE_NOTED_EVERY: Final = timedelta(hours=1)


class TokenKind(StrEnum):
    PERSONAL = "personal"
    SERVICE = "service"
    DELIVERY = "delivery"


SCOPES: Final = {
    TokenKind.PERSONAL: frozenset(Scope),
    TokenKind.SERVICE: frozenset(Scope),
    TokenKind.DELIVERY: frozenset({Scope.DELIVERY_READ}),
}
"""The scopes that a token of each kind may have, and has unless it is made with fewer."""


@dataclass(frozen=True, slots=True)
class Token:
    """`member_id` or `team_id` is whom it acts for; a service token acts for neither and has a `role`.

    `secret_hash` is the hex SHA-256 of the secret: 160 random bits need no slow hash. `last_used_at` is right to the
    hour.
    """

    id: str
    org_id: str
    kind: TokenKind
    name: str
    secret_hash: str = field(repr=False)
    created_at: datetime
    member_id: str | None = None
    team_id: str | None = None
    marketplace_id: str | None = None
    role: str | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    scopes: frozenset[Scope] = frozenset()
    created_by: str = "system"
    last_used_at: datetime | None = None

    @property
    def holder(self) -> str:
        """Whose it is: the member or team that it acts for; a service token is its own."""
        return self.member_id or self.team_id or self.id

    @property
    def granted_scopes(self) -> frozenset[Scope]:
        return self.scopes or SCOPES[self.kind]

    def is_due_for_a_note(self, at: datetime) -> bool:
        """Whether the use at `at` is worth a write."""
        return self.last_used_at is None or at - self.last_used_at >= _USE_NOTED_EVERY

    def is_usable(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True)
class PresentedToken:
    """What a caller presented, taken apart; `member_id` is None for tokens that act for no person."""

    token_id: str
    member_id: str | None
    secret: str = field(repr=False)

    def matches(self, token: Token) -> bool:
        # Compared in constant time: the answer's timing must not tell how much of a guess was right.
        same = hmac.compare_digest(hash_secret(self.secret), token.secret_hash)
        return same and token.member_id == self.member_id


def spell_token(token_id: str, kind: TokenKind, member_id: str | None, secret_bits: int) -> str:
    """The text handed to the caller once; `secret_bits` are 160 random bits."""
    secret = spell_bits(secret_bits, _SECRET_BITS)
    principal = member_id.partition("_")[2] if member_id else NOBODY
    body = f"{kind.value[0]}{token_id.partition('_')[2]}{principal}{secret}"
    return f"{PREFIX}{body}{checksum(body)}"


def read_token(text: str) -> PresentedToken | None:
    """Take a presented token apart; None when it is not one of ours, without any read."""
    match = _SHAPE.fullmatch(text)
    if match is None or match.group(5) != checksum(text[len(PREFIX) : -6]):
        return None
    _, token, principal, secret, _ = match.groups()
    return PresentedToken(f"tok_{token}", None if principal == NOBODY else f"mem_{principal}", secret)


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def spell_bits(number: int, bits: int) -> str:
    """The lowest `bits` of a number, five to a letter."""
    return "".join(ALPHABET[number >> shift & 31] for shift in range(bits - 5, -1, -5))


def checksum(body: str) -> str:
    """Tells what was mistyped or cut off without any read."""
    return spell_bits(zlib.crc32(body.encode()), 30)
