"""A change at the far side as a message of the sync queue: ids, and when it was noticed."""

import json
from datetime import datetime
from typing import Final

from shared.domain.errors import Invalid
from shared.domain.source_changes import SourceChange

_KIND: Final = "source_change"


def to_json(change: SourceChange) -> str:
    return json.dumps(
        {
            "kind": _KIND,
            "installation_id": change.installation_id,
            "repository_id": change.repository_id,
            "event": change.event,
            "action": change.action,
            "noticed_at": change.noticed_at.isoformat(),
        }
    )


def from_json(body: str) -> SourceChange | None:
    """None for a message of another kind. Raises: Invalid for one of this kind that this queue did not send."""
    try:
        fields = json.loads(body)
        if fields.get("kind") != _KIND:
            return None
        return SourceChange(
            int(fields["installation_id"]),
            fields["repository_id"],
            fields["event"],
            fields["action"],
            datetime.fromisoformat(fields["noticed_at"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid.field("body", "is not a source change") from error
