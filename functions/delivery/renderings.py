"""How a rendering is answered: its bytes, or the link to them."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from shared.services.renderings import Rendered


def answer_rendered(rendered: Rendered) -> Response[bytes]:
    """A link carries its own credentials for a while: whoever follows it should send none."""
    if rendered.link is not None:
        return Response(HTTPStatus.FOUND, "text/plain", b"", {"Location": rendered.link})
    return Response(HTTPStatus.OK, rendered.media_type, rendered.data)
