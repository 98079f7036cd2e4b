"""The wire's models: camelCase, strict on the way in, tolerant of growth on the way out."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

from shared.domain.diagnostics import Diagnostic


def _milliseconds(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_milliseconds, return_type=str, when_used="json")]
"""RFC 3339 UTC with milliseconds."""


class Input(BaseModel):
    """What callers send: an unknown field is refused by name."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Output(BaseModel):
    """What callers are shown, made from the domain's value by its attributes."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, serialize_by_alias=True
    )

    @classmethod
    def of(cls, entity: Any) -> Self:
        return cls.model_validate(entity)


class DiagnosticRead(Output):
    severity: str
    code: str
    message: str
    path: str
    line: int | None

    @classmethod
    def all_of(cls, found: "list[Diagnostic] | tuple[Diagnostic, ...]") -> "list[DiagnosticRead]":
        return [cls.of(one) for one in found]


def example(**fields: Any) -> ConfigDict:
    """A model's own example for the API's description, by the names on the wire: `model_config = example(role=…)`."""
    return ConfigDict(json_schema_extra={"examples": [fields]})
