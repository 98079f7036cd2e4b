"""What versions hold: one file of one of them, and what differs between two."""

from base64 import b64encode
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.comparison import ComparisonQuery, ComparisonRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, detail
from shared.http.path_ids import ConfigObjectId, VersionIdOrLatestInPath
from shared.http.routes import Routes

routes = Routes()


@routes.get("/config-objects/<object_id>/versions/compare")
def compare_versions(
    object_id: ConfigObjectId, query: Annotated[ComparisonQuery, Query()]
) -> Response[Detail[ComparisonRead]]:
    """The fields and files that differ, text as unified diffs; literal secrets are masked for everybody."""
    return detail(
        ComparisonRead.of(services().object_comparison.compare(actor(), object_id, query.before, query.after))
    )


@routes.get(
    "/config-objects/<object_id>/versions/<version_id>/files/<file_path>",
    responses={302: {"description": "A large file"}},
)
def get_file(object_id: ConfigObjectId, version_id: VersionIdOrLatestInPath, file_path: str) -> Response[str]:
    """One file, byte for byte, as plain text or octets; a large one is a redirect to a link good for five minutes.

    The version is an id or `latest`. Literal secrets are masked for who may not edit the object.
    """
    file = services().object_files.read(actor(), object_id, version_id, file_path)
    if file.url is not None:
        # The link carries its own credentials for a while: whoever follows it should send none.
        return Response(HTTPStatus.FOUND, "text/plain", "", {"Location": file.url})
    # Never a type that a browser would run: what a file is called is its author's choice.
    kind = "text/plain; charset=utf-8" if _is_text(file.data) else "application/octet-stream"
    answer = Response(HTTPStatus.OK, kind, b64encode(file.data).decode(), {"ETag": f'"{file.sha256}"'})
    answer.base64_encoded = True
    return answer


def _is_text(data: bytes) -> bool:
    try:
        return b"\0" not in data and data.decode() is not None
    except UnicodeDecodeError:
        return False
