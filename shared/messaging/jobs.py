"""Jobs of a target beside its reconciliations, through the same queue: in the target's group, so never beside a run."""

import json
from dataclasses import asdict, dataclass
from typing import Final

from shared.domain.errors import Invalid

DISCOVERY: Final = "discovery"
APPLICATION: Final = "application"
_KINDS: Final = frozenset({DISCOVERY, APPLICATION})


@dataclass(frozen=True, slots=True)
class JobMessage:
    """Names one job by ids; everything else is read when the message is received."""

    kind: str
    org_id: str
    target_id: str
    job_id: str
    attempt: int

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def is_one(cls, body: str) -> bool:
        """Whether a message of the queue names a job; the others name sync events."""
        try:
            fields = json.loads(body)
        except ValueError:
            return False
        return isinstance(fields, dict) and fields.get("kind") in _KINDS

    @classmethod
    def from_json(cls, body: str) -> "JobMessage":
        """Raises: Invalid for a body that this queue did not send."""
        try:
            fields = json.loads(body)
            ids = (fields["kind"], fields["org_id"], fields["target_id"], fields["job_id"])
            return cls(*ids, int(fields["attempt"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid.field("body", "is not a job") from error
