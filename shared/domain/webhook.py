"""A webhook delivery reduced to the ids that say what may have changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery, whatever the connector: `ref` is a full ref, the shas are commit ids in hex.

    The payload itself goes no further: it may be 25 MB, and the branch head is asked anyway.
    """

    delivery_id: str
    event: str
    action: str | None = None
    installation_id: int | None = None
    repository_id: int | None = None
    repository_full_name: str | None = None
    ref: str | None = None
    before_sha: str | None = None
    head_sha: str | None = None
    deleted: bool = False
    forced: bool = False
    created: bool = False
