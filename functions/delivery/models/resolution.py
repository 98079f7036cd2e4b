"""Names and what they stand for, on the wire."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from functions.delivery.models.plugin import DeliveredPlugin
from shared.http.models import Input, Output
from shared.services.delivery_resolution import Resolved

MAX_NAMES: Final = 100


def _names(value: str) -> str:
    count = len(_split(value))
    if not 0 < count <= MAX_NAMES:
        raise ValueError(f"name 1 to {MAX_NAMES} plugins, separated by commas; these are {count}")
    return value


def _split(value: str) -> list[str]:
    return [name for part in value.split(",") if (name := part.strip())]


class ResolutionQuery(Input):
    names: Annotated[
        str, Field(max_length=16_384, description="Of plugins, separated by commas."), AfterValidator(_names)
    ]

    @property
    def wanted(self) -> list[str]:
        return _split(self.names)


class ResolvedName(Output):
    """`name` as it was asked for."""

    name: str
    plugin: DeliveredPlugin


class AmbiguousName(Output):
    """Different people call different plugins so: pin one by its id."""

    name: str
    candidates: list[DeliveredPlugin]


class Resolution(Output):
    """Every name is in one of the three lists."""

    resolved: list[ResolvedName]
    ambiguous: list[AmbiguousName]
    missing: list[str]

    @classmethod
    def of_names(cls, found: Resolved) -> "Resolution":
        return cls(
            resolved=[
                ResolvedName(name=name, plugin=DeliveredPlugin.of(plugin)) for name, plugin in found.found.items()
            ],
            ambiguous=[
                AmbiguousName(name=name, candidates=[DeliveredPlugin.of(one) for one in plugins])
                for name, plugins in found.ambiguous.items()
            ],
            missing=list(found.missing),
        )
