"""A JSON Web Key Set on the wire (RFC 7517)."""

from shared.http.models import Output


class PublicKey(Output):
    kty: str
    crv: str
    x: str
    y: str
    kid: str
    alg: str
    use: str


class KeySet(Output):
    keys: list[PublicKey]
