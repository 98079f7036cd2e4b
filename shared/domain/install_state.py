"""The state that goes through GitHub and back with whoever installs the app: signed, short-lived, good once.

    <org id>.<member id>.<expires, seconds since 1970>.<nonce>.<mac>

The signature lets forged ones be refused before anything is read; the row of its nonce makes it good once.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.domain.errors import Invalid

LIFETIME: Final = timedelta(minutes=10)
_PURPOSE: Final = b"github-install-state\x00"


@dataclass(frozen=True, slots=True)
class InstallState:
    """Who started an installation, and until when it may be finished."""

    org_id: str
    member_id: str
    expires_at: datetime
    nonce: str

    def sign(self, key: bytes) -> str:
        text = f"{self.org_id}.{self.member_id}.{int(self.expires_at.timestamp())}.{self.nonce}"
        return f"{text}.{_mac(key, text)}"


def read_state(text: str, key: bytes, now: datetime) -> InstallState:
    """Raises: Invalid for a state that this deployment did not sign, or that is too old."""
    signed, _, mac = text.rpartition(".")
    if not hmac.compare_digest(_mac(key, signed).encode(), mac.encode(errors="replace")):
        raise Invalid.field("state", "is not one of ours; start the installation again")
    org_id, member_id, expires, nonce = signed.split(".")
    state = InstallState(org_id, member_id, datetime.fromtimestamp(int(expires), UTC), nonce)
    if now >= state.expires_at:
        raise Invalid.field("state", "is older than ten minutes; start the installation again")
    return state


def _mac(key: bytes, text: str) -> str:
    return hmac.digest(key, _PURPOSE + text.encode(errors="replace"), hashlib.sha256).hex()
