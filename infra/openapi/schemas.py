"""The schemas of every model on the wire, each under one name."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from infra.openapi.examples import add_examples

Mode = Literal["validation", "serialization"]
Model = tuple[type[BaseModel], Mode]

_PLACE = "#/components/schemas/"


class Schemas:
    """`components` by name; `of` refers to one of them."""

    def __init__(self, models: Iterable[Model]) -> None:
        wanted = sorted(set(models), key=lambda model: (model[0].__name__, model[1]))
        self._refs, found = models_json_schema(wanted, ref_template=_PLACE + "{model}")
        self.components: dict[str, Any] = dict(sorted(found.get("$defs", {}).items()))
        bodies = [self._name((model, mode)) for model, mode in wanted if mode == "validation"]
        add_examples(self.components, sorted({*bodies, *self._items()}))

    def _name(self, model: Model) -> str:
        return str(self._refs[model]["$ref"]).removeprefix(_PLACE)

    def _items(self) -> Iterator[str]:
        """The models that answers hold, one or a list of them."""
        for schema in self.components.values():
            for field in ("item", "items"):
                held = schema.get("properties", {}).get(field, {})
                if "$ref" in (one := held.get("items", held)):
                    yield str(one["$ref"]).removeprefix(_PLACE)

    def of(self, model: type[BaseModel], mode: Mode) -> dict[str, Any]:
        return dict(self._refs[(model, mode)])


def query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """One parameter per field of a query model, with references resolved: parameters have no components."""
    schema = model.model_json_schema(mode="validation")
    definitions = schema.get("$defs", {})
    required = schema.get("required", [])
    return [
        _parameter(name, _plain(field, definitions), name in required) for name, field in schema["properties"].items()
    ]


def _parameter(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    described = {"description": schema.pop("description")} if "description" in schema else {}
    return {"name": name, "in": "query", "required": required, **described, "schema": schema}


def _plain(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Without null, which a query cannot say, and without references."""
    kinds = [kind for kind in field.get("anyOf", [field]) if kind.get("type") != "null"]
    kind = kinds[0]
    if "$ref" in kind:
        kind = definitions[kind["$ref"].rpartition("/")[2]]
    kept = {name: value for name, value in field.items() if name not in ("anyOf", "$ref", "title", "default")}
    default = {"default": field["default"]} if field.get("default") is not None else {}
    return {name: value for name, value in {**kind, **kept, **default}.items() if name != "title"}
