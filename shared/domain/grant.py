"""One role for one principal on one resource."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.access import ORG_WIDE, Role
from shared.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class ResourceRef:
    """`kind` is the id prefix of the resource: cfg, plg, mkt or cin."""

    kind: str
    id: str

    @classmethod
    def of(cls, resource_id: str) -> "ResourceRef":
        return cls(resource_id.partition("_")[0], resource_id)


@dataclass(frozen=True, slots=True)
class Grant:
    """One logical grant per pair: removing stamps `removed_at`, adding again clears it."""

    id: str
    org_id: str
    resource: ResourceRef
    principal: str
    role: Role
    created_at: datetime
    updated_at: datetime
    created_by: str
    removed_at: datetime | None = None


def principal_of(member_id: str | None, team_id: str | None, org_wide: bool) -> str:
    """Raises: Invalid unless exactly one of the three is given."""
    named = [name for name in (member_id, team_id, ORG_WIDE if org_wide else None) if name]
    if len(named) != 1:
        raise Invalid.field("memberId", "give exactly one of memberId, teamId, orgWide: true")
    return named[0]
