"""Releases on delivery's wire: what can be pinned."""

from functions.delivery.models.plugin import DeliveredRelease
from shared.http.models import Moment


class PinnableRelease(DeliveredRelease):
    """`signature`: a compact JWS of the digest, by a key of `/.well-known/plugin-depot/keys.json`."""

    notes: str | None
    digest: str
    signature: str
    item_count: int
    created_at: Moment
