"""The routes of one area: Powertools routes and validates, everything a caller can see of a refusal is ours."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from inspect import signature
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from pydantic.alias_generators import to_camel
from pydantic_core import from_json

from shared.bootstrap.occasions import take_up
from shared.domain.errors import Invalid
from shared.domain.ids import is_id
from shared.http.occasions import occasion_of
from shared.http.problem import MethodNotAllowed, UnknownRoute, answer_problem, invalid_request
from shared.http.request import request

to_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Declared:
    """A route as it was written down, for whoever describes the API; `args` and `options` are Powertools' own."""

    method: str
    rule: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    options: Mapping[str, Any]

    def option(self, name: str) -> Any:
        bound = signature(APIGatewayHttpResolver.route).bind(None, self.rule, self.method, *self.args, **self.options)
        return bound.arguments.get(name)


class Routes(APIGatewayHttpResolver):
    """Declare routes below an area's base: `@routes.get("/plugins/<plugin_id>")`.

    `validated=False` is for protocols that are no JSON: handlers get path values alone and return `Response`.
    """

    def __init__(self, *, validated: bool = True) -> None:
        super().__init__(
            enable_validation=validated,
            response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR if validated else None,
            serializer=to_json,
            json_body_deserializer=read_json,
        )
        self._validated = validated
        self.declared: list[Declared] = []
        self._paths: list[tuple[str, re.Pattern[str]]] = []
        self.use([_note_route, *([_refuse_unknown_query] if validated else [])])
        self.exception_handler(Exception)(self._refuse)

    def route(self, rule: str, method: Any, *args: Any, **options: Any) -> Callable[..., Any]:
        self._paths.append((method.upper(), self._compile_regex(rule)))
        add = super().route(rule, method, *args, **options)

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            self.declared.append(Declared(method.upper(), rule, function, args, options))
            registered: Callable[..., Any] = add(function)
            return registered

        return declare

    def _refuse(self, error: Exception) -> Response[str]:
        # Powertools raises its own NotFoundError for a path it does not know, whatever the method.
        if isinstance(error, NotFoundError):
            allowed = self._allowed(request().path.removeprefix(request().base) or "/")
            return answer_problem(MethodNotAllowed(allowed) if allowed else UnknownRoute())
        return answer_problem(error)

    def _allowed(self, path: str) -> list[str]:
        methods = {method for method, pattern in self._paths if pattern.fullmatch(path)}
        return sorted(methods | ({"HEAD"} if "GET" in methods else set()))

    def include(self, other: "Routes") -> None:
        """Take over another module's routes, in their order."""
        for one in other.declared:
            self.route(one.rule, one.method, *one.args, **one.options)(one.function)

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "^{}$") -> re.Pattern[str]:
        """A last parameter called `<…_path>` takes all that is left, slashes too; others end at the next slash."""
        names = r"(?P<\g<1>>[^/]+)"
        if rule.endswith("_path>"):
            head, _, last = rule.rpartition("<")
            return re.compile(base_regex.format(re.sub(r"<(\w+)>", names, head) + f"(?P<{last}.+)"))
        return re.compile(base_regex.format(re.sub(r"<(\w+)>", names, rule)))

    def _convert_matches_into_route_keys(self, match: re.Match[str]) -> dict[str, str]:
        # Path values arrive percent-encoded, and Powertools leaves them so.
        return {name: unquote(value) for name, value in match.groupdict().items()}


def read_json(text: str) -> dict[str, Any]:
    """A request body. Only an object will do: Powertools takes the first element of a list for the body.

    Raises: Invalid for what is no JSON (depth, numbers and encoding are bounded by the parser).
    """
    try:
        body = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise Invalid.field("body", f"is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise Invalid.field("body", "must be a JSON object")
    return body


def _note_route(app: Any, following: NextMiddleware) -> Response[Any]:
    current = request()
    route = app.context["_route"]
    if route.func.__name__ != "not_found_handler":
        current.route = current.base_template + app.request.route.rstrip("/")
        given = app.context.get("_route_args", {}).values()
        named = next((each for each in given if isinstance(each, str) and is_id(each)), None)
        take_up(occasion_of(current, operation_id(current.base_template, route.func.__name__), named))
    return following(app)


def operation_id(base: str, name: str) -> str:
    """What a route is called in the API's description and in the audit trail: its function, and which area it is of."""
    place = place_of(base)
    return to_camel(name if place is None else f"{place}_{name}")


def place_of(base: str) -> str | None:
    """What sets a whole area apart from the admin API: delivery, git."""
    return next((part for part in base.split("/")[1:] if part in ("delivery", "git")), None)


def _refuse_unknown_query(app: Any, following: NextMiddleware) -> Response[Any]:
    """A misspelled filter that is ignored would answer another question than the one asked."""
    fields = app.context["_route"].dependant.query_params
    known: set[str] = set()
    for one in fields:
        model = getattr(one.type_, "model_fields", None)
        known |= {info.alias or name for name, info in model.items()} if model else {one.alias}
    unknown = sorted(request().query.keys() - known)
    if unknown:
        raise invalid_request([{"loc": ("query", name), "type": "extra_forbidden"} for name in unknown])
    return following(app)
