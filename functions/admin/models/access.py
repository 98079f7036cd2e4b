"""What somebody may use, on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from functions.admin.models.grant import RoleWord
from shared.domain.way_in import KINDS, Access, Via, WayIn
from shared.http.cursors import PageQuery
from shared.http.models import Output

Kind = Literal["config_object", "connector_instance", "marketplace", "plugin"]


class AccessQuery(PageQuery):
    kind: Annotated[Kind | None, Field(description="One kind of resource alone.")] = None

    @property
    def prefix(self) -> str:
        """What the ids of that kind begin with."""
        return f"{KINDS[self.kind]}_" if self.kind else ""


class WayInRead(Output):
    """`own` was created by the caller, `person` granted to them; through a marketplace a role is viewer."""

    via: Via
    role: RoleWord
    team_id: str | None
    marketplace_id: str | None

    @classmethod
    def of(cls, way: WayIn) -> "WayInRead":
        named = {Via.TEAM: "team_id", Via.MARKETPLACE: "marketplace_id"}.get(way.via)
        ids = {"team_id": None, "marketplace_id": None} | ({named: way.id} if named else {})
        return cls.model_validate({"via": way.via, "role": way.role.word, **ids})


class AccessRead(Output):
    """`role` is the highest of all ways in; `type` is that of a config object."""

    kind: Kind
    id: str
    name: str
    type: str | None
    role: RoleWord
    ways_in: list[WayInRead]

    @classmethod
    def of(cls, access: Access) -> "AccessRead":
        resource = access.resource
        return cls.model_validate(
            {
                "kind": resource.kind,
                "id": resource.id,
                "name": resource.name,
                "type": resource.type,
                "role": access.role.word,
                "ways_in": [WayInRead.of(way) for way in access.ways_in],
            }
        )
