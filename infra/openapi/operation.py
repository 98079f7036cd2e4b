"""One route as an OpenAPI operation, read from its signature and its docstring."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any, get_args, get_type_hints

from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from infra.openapi import responses
from infra.openapi.schemas import Mode, Model, Schemas, query_parameters
from shared.http.app import HERE, Area
from shared.http.idempotency import idempotent, idempotent_but_secret
from shared.http.routes import Declared, operation_id

Json = dict[str, Any]

_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "The same key and body within 24 hours get the first answer. A request that was stopped before it could answer"
        " is done again if it is repeated half a minute later: look first whether it took effect."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that the caller has: 304 if nothing changed.",
    "schema": {"type": "string"},
}


@dataclass(frozen=True)
class Operation:
    """`declared` is the route, `area` says under which path and for whom."""

    area: Area
    declared: Declared

    @property
    def path(self) -> str:
        below = re.sub(r"<(\w+)>", lambda match: "{" + to_camel(match[1]) + "}", self.declared.rule)
        return self.area.base + below.removesuffix(HERE)

    @property
    def models(self) -> Iterator[Model]:
        if self._body is not None:
            yield self._body, "validation"
        if self._answer is not None:
            yield self._answer, "serialization"

    def describe(self, schemas: Schemas) -> Json:
        """The operation object (OpenAPI 3.1, section 4.8.10)."""
        name = self.declared.function.__name__
        summary = self.declared.option("summary") or name.replace("_", " ").capitalize()
        text = inspect.getdoc(self.declared.function)
        return {
            "operationId": operation_id(self.area.base, name),
            "tags": [self._tag],
            "summary": summary,
            **({"description": text} if text else {}),
            **({"security": self._security} if self._security else {}),
            "parameters": [*self._path_parameters(), *self._other_parameters()],
            **({"requestBody": self._request_body(schemas)} if self._body or self._takes_bytes else {}),
            "responses": {str(int(status)): answer for status, answer in sorted(self._responses(schemas).items())},
        }

    @property
    def _tag(self) -> str:
        if self.area.title is not None:
            return self.area.title
        (tag,) = self.declared.option("tags") or (self.declared.rule.split("/")[1] or "orgs",)
        return tag.replace("-", " ").capitalize()

    @property
    def _security(self) -> list[Json]:
        admission = self.area.admission
        if admission is None or admission.in_path:
            return []
        return [{"bearer": []}, {"basic": []}] if admission.basic else [{"bearer": []}]

    @cached_property
    def _hints(self) -> Json:
        return get_type_hints(self.declared.function, include_extras=True)

    @cached_property
    def _body(self) -> type[BaseModel] | None:
        return next((hint for hint in self._hints.values() if _is_model(hint) and hint != self._answer), None)

    @cached_property
    def _answer(self) -> type[BaseModel] | None:
        hint = self._hints.get("return")
        shown = get_args(hint)[0] if not _is_model(hint) and get_args(hint) else hint
        return shown if _is_model(shown) else None

    def _path_parameters(self) -> Iterator[Json]:
        for name in re.findall(r"{(\w+)}", self.path):
            yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}

    def _other_parameters(self) -> Iterator[Json]:
        for hint in self._hints.values():
            marks = getattr(hint, "__metadata__", ())
            if any(isinstance(mark, Query) for mark in marks):
                yield from query_parameters(get_args(hint)[0])
            if header := next((mark for mark in marks if isinstance(mark, Header)), None):
                described = {"description": header.description, "schema": {"type": "string"}}
                yield {"name": _header_name(header.alias or ""), "in": "header", "required": False, **described}
        if self._is_idempotent:
            yield _KEY
        if self.declared.method == "GET" and self._answer is not None:
            yield _IF_NONE_MATCH

    @property
    def _is_idempotent(self) -> bool:
        return not {idempotent, idempotent_but_secret}.isdisjoint(self.declared.option("middlewares") or ())

    @property
    def _takes_bytes(self) -> bool:
        return self.declared.method == "POST" and not self.area.reads_json and bool(self.area.media_types)

    def _request_body(self, schemas: Schemas) -> Json:
        if self._takes_bytes:
            # A schema cannot describe bytes: OpenAPI 3.1 leaves it out (section 4.8.14.3).
            return {"required": True, "content": {media_type: {} for media_type in self.area.media_types}}
        return {"required": True, "content": {"application/json": {"schema": self._schema(schemas, "validation")}}}

    def _schema(self, schemas: Schemas, mode: Mode) -> Json:
        model = self._body if mode == "validation" else self._answer
        return schemas.of(model, mode) if model else {}

    def _responses(self, schemas: Schemas) -> dict[int, Json]:
        status = self.declared.option("status_code") or HTTPStatus.OK
        answers = {status: self._success(schemas, status)}
        if self.declared.method == "GET" and self._answer is not None:
            answers[HTTPStatus.NOT_MODIFIED] = responses.refer(HTTPStatus.NOT_MODIFIED)
        for other in self.declared.option("responses") or ():
            refused = other >= HTTPStatus.BAD_REQUEST
            answers[other] = self._refusal(schemas, HTTPStatus(other)) if refused else self._success(schemas, other)
        refusals = [refusal for refusal in self._refusals() if refusal not in answers]
        return answers | {refusal: self._refusal(schemas, refusal) for refusal in refusals}

    def _success(self, schemas: Schemas, status: int) -> Json:
        return responses.success(status, self._schema(schemas, "serialization") if self._answer else None)

    def _refusal(self, schemas: Schemas, status: HTTPStatus) -> Json:
        if HTTPStatus.MULTI_STATUS in (self.declared.option("responses") or ()):
            return responses.of_all_items(status, self._schema(schemas, "serialization"))
        return responses.plain(status) if self.area.plain_problems else responses.refer(status)

    def _refusals(self) -> Iterator[HTTPStatus]:
        yield HTTPStatus.INTERNAL_SERVER_ERROR
        if self.area.admission is not None or not self.area.reads_json:
            yield from responses.ADMITTED
        if self.declared.method != "GET":
            yield HTTPStatus.CONFLICT
        if self._body is not None or not self.area.reads_json:
            yield from responses.WITH_BODY
        if "if_match" in self._hints:
            yield HTTPStatus.PRECONDITION_FAILED
        if self._is_idempotent:
            yield HTTPStatus.UNPROCESSABLE_ENTITY


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _header_name(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
