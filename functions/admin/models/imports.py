"""Imports on the wire: a result per unit, and every path that became nothing."""

from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from functions.admin.models.config_object import ConfigObjectRead
from shared.domain.config_object import ConfigObject
from shared.domain.errors import DepotError
from shared.http.bulk import ItemProblem
from shared.http.models import DiagnosticRead, Input, Output
from shared.http.path_ids import PluginIdField
from shared.http.problem import status_of
from shared.services.imports import Imported, ImportedUnit


def _split(value: Any) -> Any:
    """The gateway joins what is repeated by commas, which no id holds."""
    texts = [value] if isinstance(value, str) else value
    return [part for text in texts for part in text.split(",")]


class ImportQuery(Input):
    plugin_ids: Annotated[
        tuple[PluginIdField, ...],
        BeforeValidator(_split),
        Field(max_length=20, description="The plugins that the new objects join."),
    ] = ()


class ImportResult(Output):
    """`locator` is the unit's place in the archive: its entry's path, with `#key` for one inside a file.

    `status` is what a creation of it alone would have got: 201 with the `item`, else the `error`.
    """

    index: int
    locator: str
    type: str
    status: int
    item: ConfigObjectRead | None = None
    error: ItemProblem | None = None
    diagnostics: list[DiagnosticRead]

    @classmethod
    def of_unit(cls, index: int, imported: ImportedUnit) -> "ImportResult":
        unit, outcome = imported.found.unit, imported.outcome
        refusal = outcome if isinstance(outcome, DepotError) else None
        return cls(
            index=index,
            locator=unit.locator,
            type=unit.type,
            status=int(status_of(refusal) if refusal else HTTPStatus.CREATED),
            item=ConfigObjectRead.of_new(outcome) if isinstance(outcome, ConfigObject) else None,
            error=ItemProblem.of(refusal) if refusal else None,
            diagnostics=DiagnosticRead.all_of(imported.prepared.diagnostics),
        )


class SkippedRead(Output):
    """A path that became nothing, and why; one that ends in a slash stands for all below it."""

    path: str
    reason: str


class ImportRead(Output):
    items: list[ImportResult]
    skipped: list[SkippedRead]

    @classmethod
    def of(cls, imported: Imported) -> "ImportRead":
        return cls(
            items=[ImportResult.of_unit(index, unit) for index, unit in enumerate(imported.units)],
            skipped=[SkippedRead.of(one) for one in imported.skipped],
        )
