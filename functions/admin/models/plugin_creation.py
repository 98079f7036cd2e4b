"""A new plugin on the wire, alone or with what belongs to it."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, Self, TypeVar

from pydantic import Field, model_validator

from functions.admin.models.config_object import NewSourceMode, TypeName
from functions.admin.models.content import ContentInput
from functions.admin.models.grant import GrantCreate
from functions.admin.models.plugin import Description
from shared.domain.config_object import SourceMode
from shared.domain.errors import naming
from shared.domain.plugin import DeliveryMode
from shared.http.models import Input, example
from shared.http.path_ids import ConfigObjectIdField, MarketplaceIdField
from shared.services.config_objects import ObjectDraft
from shared.services.plugin_composition import Composition
from shared.services.plugins import PluginDraft

MAX_PARTS: Final = 100
"""Components, marketplaces and grants that one creation may carry, of each."""

P = TypeVar("P")
T = TypeVar("T")


class Component(Input):
    """A config object that exists, by its id; or a new one, as in a creation of its own."""

    model_config = example(configObjectId="cfg_01m83cm181mw5y2cd4zh3yt3tz")

    config_object_id: ConfigObjectIdField | None = None
    type: TypeName | None = None
    source_mode: NewSourceMode = "cloud"
    input: ContentInput | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        new = self.model_fields_set & {"type", "source_mode", "input"}
        if self.config_object_id is not None and new:
            raise ValueError("give configObjectId alone, or type and input of a new object")
        if self.config_object_id is None and (self.type is None or self.input is None):
            raise ValueError("give configObjectId, or type and input of a new object")
        return self

    def to_draft(self) -> str | ObjectDraft:
        if self.type is None or self.input is None:
            return str(self.config_object_id)
        return ObjectDraft(self.type, SourceMode(self.source_mode), self.input.to_draft())


class PluginCreate(Input):
    """Without a delivery mode it is the org's default. Components, marketplaces and grants: all or nothing."""

    name: Annotated[str, Field(min_length=1, max_length=128)]
    description: Description | None = None
    delivery_mode: DeliveryMode | None = None
    components: Annotated[tuple[Component, ...], Field(max_length=MAX_PARTS)] = ()
    marketplace_ids: Annotated[tuple[MarketplaceIdField, ...], Field(max_length=MAX_PARTS)] = ()
    grants: Annotated[tuple[GrantCreate, ...], Field(max_length=MAX_PARTS)] = ()

    def to_draft(self) -> Composition:
        """Raises: Invalid, naming the part."""
        return Composition(
            PluginDraft(self.name, self.description, self.delivery_mode),
            _each("components", self.components, Component.to_draft),
            self.marketplace_ids,
            _each("grants", self.grants, lambda one: (one.principal, one.as_role)),
        )


def _each(field: str, parts: Sequence[P], read: Callable[[P], T]) -> list[T]:
    found = []
    for number, part in enumerate(parts):
        with naming(f"{field}.{number}"):
            found.append(read(part))
    return found
