"""What a caller wants to see of the config objects, and which of it leads the reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain import search
from shared.domain.config_object import ConfigObject, Json, ObjectStatus, SourceMode


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    """`projection`: the type's own filter fields, by the names of its projection; one that lists matches what it holds.

    `q`: words, in any order.
    """

    type: str | None = None
    status: ObjectStatus | None = None
    source_mode: SourceMode | None = None
    plugin_id: str | None = None
    connector_instance_id: str | None = None
    include_deleted: bool = False
    projection: Mapping[str, Json] = field(default_factory=dict)
    q: str | None = None

    @property
    def fact(self) -> str | None:
        """The term of the fact that the fewest objects share; None leaves the list of all.

        Active is what nearly every object is, and from a connector what most are.
        """
        facts = (
            self.connector_instance_id and search.instance_term(self.connector_instance_id),
            self.status and self.status != ObjectStatus.ACTIVE and search.status_term(self.status),
            self.source_mode and self.source_mode != SourceMode.CONNECTOR and search.mode_term(self.source_mode),
            self.type and search.type_term(self.type),
            self.source_mode and search.mode_term(self.source_mode),
        )
        return next((fact for fact in facts if fact), None)

    @property
    def is_one_fact(self) -> bool:
        """Whether what leads the reading says it all, so that nearly every row that is read will pass."""
        said = (self.type, self.status, self.source_mode, self.connector_instance_id, self.plugin_id)
        return sum(map(bool, said)) <= 1 and self.status != ObjectStatus.ACTIVE and not self.projection

    def takes(self, entity: ConfigObject) -> bool:
        instance = entity.source.connector_instance_id if entity.source else None
        return (
            (self.include_deleted or self.status is not None or entity.status != ObjectStatus.DELETED)
            and self.type in (None, entity.type)
            and self.status in (None, entity.status)
            and self.source_mode in (None, entity.source_mode)
            and (self.plugin_id is None or self.plugin_id in entity.plugin_ids)
            and self.connector_instance_id in (None, instance)
            and all(_holds(entity.projection.get(name), value) for name, value in self.projection.items())
        )


def _holds(said: Json, wanted: Json) -> bool:
    return wanted in said if isinstance(said, list | tuple) else bool(said == wanted)
