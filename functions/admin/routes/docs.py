"""The API's own description, made from the code when it was built."""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aws_lambda_powertools.event_handler import Response

from shared.http.routes import Routes

routes = Routes(validated=False)

_BUILT: Final = Path(__file__).parents[1] / "static"
# The page is one file without scripts: nothing is fetched, nothing runs.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@routes.get("/openapi.json", tags=["Operations"])
def get_openapi() -> Response[str]:
    """This API as an OpenAPI 3.1 document."""
    return Response(HTTPStatus.OK, "application/json", _read("openapi.json"), {"Cache-Control": "public, max-age=300"})


@routes.get("/docs", tags=["Operations"])
def get_docs() -> Response[str]:
    """This API as a page to read."""
    headers = {"Cache-Control": "public, max-age=300", "Content-Security-Policy": _POLICY}
    return Response(HTTPStatus.OK, "text/html; charset=utf-8", _read("docs.html"), headers)


@cache
def _read(name: str) -> str:
    return (_BUILT / name).read_text(encoding="utf-8")
