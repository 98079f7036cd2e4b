"""What only the deployment's operator may do, before anybody can sign in: invoked through IAM, never routed."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from functions.operations.operations import run
from functions.operations.requests import Operation
from shared.bootstrap.occasions import by_system, take_up
from shared.domain.errors import DepotError
from shared.http.problem import invalid_request, problem_document
from shared.http.request import Request, begin
from shared.observability import logger

_OPERATION: TypeAdapter[Operation] = TypeAdapter(Operation)


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Answers {"ok": true, …} or {"ok": false, "error": problem document}.

    `event` is {"operation": name, …}, as in `requests`. An error that nobody foresaw fails the invocation.
    """
    request_id = getattr(context, "aws_request_id", "unknown")
    begin(Request(request_id, request_id, "INVOKE", "/", {}, {}))
    take_up(by_system("operations", to_camel(str(event.get("operation"))), request_id))
    try:
        answer = {"ok": True, **run(_read(event))}
    except DepotError as error:
        answer = {"ok": False, "error": problem_document(error)}
    _log(event, request_id, answer)
    return answer


def _read(event: Mapping[str, Any]) -> Operation:
    try:
        return _OPERATION.validate_python(event)
    except ValidationError as error:
        # Pydantic's place begins with the union's branch; without a branch it is the operation that is wrong.
        found = [{**one, "loc": ("body", *(one["loc"][1:] or ["operation"]))} for one in error.errors()]
        raise invalid_request(found) from error


def _log(event: Mapping[str, Any], request_id: str, answer: Mapping[str, Any]) -> None:
    fields = {
        "requestId": request_id,
        "operation": str(event.get("operation"))[:64],
        "ok": answer["ok"],
        "code": answer["error"]["code"] if "error" in answer else None,
        "orgId": answer.get("orgId") or event.get("orgId"),
    }
    logger().info("operation", extra=fields)
