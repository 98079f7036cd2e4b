"""What keeps literal secrets from everybody but editors: an envelope for the files, and a fingerprint of them.

AES-256-GCM (NIST SP 800-38D) under a key derived from the org's data key (HKDF, RFC 5869). What the envelope is for
is authenticated with it: an envelope moved to another org, another object or another version does not open.
"""

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from shared.domain.content import SourceFile
from shared.domain.errors import Damaged

PURPOSE: Final = "sealed-content"
FORMAT: Final = 1
NONCE_BYTES: Final = 12
_MAGIC: Final = b"DPS\x01"
_DAMAGED: Final = "The sealed content does not open: it was changed, cut off, or belongs to something else."


@dataclass(frozen=True, slots=True)
class Seal:
    """Which content an envelope is for; `fingerprint` names the envelope and is part of the version's digest."""

    org_id: str
    object_id: str
    fingerprint: str

    @property
    def associated_data(self) -> bytes:
        return json.dumps([PURPOSE, FORMAT, self.org_id, self.object_id, self.fingerprint]).encode()


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sealed files: format mark, nonce, ciphertext with its tag."""

    seal: Seal
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DataKey:
    """An org's data key, in the clear: held in memory for minutes, never stored, never shown."""

    org_id: str
    secret: bytes = field(repr=False)

    def seal(self, object_id: str, files: Sequence[SourceFile], nonce: bytes) -> Envelope:
        """The files' envelope; `nonce` are NONCE_BYTES random bytes, never used before."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        packed = _packed(files)
        seal = Seal(self.org_id, object_id, self._fingerprint(object_id, packed))
        sealed = AESGCM(self._derived("encrypt")).encrypt(nonce, packed, seal.associated_data)
        return Envelope(seal, _MAGIC + nonce + sealed)

    def open(self, envelope: Envelope) -> list[SourceFile]:
        """Raises: Damaged."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        start = len(_MAGIC) + NONCE_BYTES
        if not envelope.data.startswith(_MAGIC) or len(envelope.data) < start:
            raise Damaged(_DAMAGED)
        nonce, sealed = envelope.data[len(_MAGIC) : start], envelope.data[start:]
        try:
            packed = AESGCM(self._derived("encrypt")).decrypt(nonce, sealed, envelope.seal.associated_data)
        except (InvalidTag, ValueError) as error:
            raise Damaged(_DAMAGED) from error
        return _unpacked(packed)

    def _fingerprint(self, object_id: str, packed: bytes) -> str:
        """Tells equal content of one object from other content, without a way to try out guesses.

        The object is part of it: or else whoever may create objects could compare theirs with another's.
        """
        return hmac.new(self._derived("fingerprint"), object_id.encode() + b"\n" + packed, sha256).hexdigest()

    def _derived(self, use: str) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = f"{PURPOSE} {FORMAT} {use} {self.org_id}".encode()
        return HKDF(SHA256(), 32, salt=None, info=info).derive(self.secret)


def _packed(files: Sequence[SourceFile]) -> bytes:
    """One spelling per content: the fingerprint is over it."""
    ordered = sorted(files, key=lambda file: file.path)
    rows = [[file.path, file.mode, base64.b64encode(file.data).decode()] for file in ordered]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _unpacked(packed: bytes) -> list[SourceFile]:
    return [SourceFile(path, base64.b64decode(data), mode) for path, mode, data in json.loads(packed)]
