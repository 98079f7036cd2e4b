"""The org's catalog and its marketplaces as read-only git repositories, over git's smart HTTP protocol."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.delivery.origin import shelf_at
from shared.bootstrap import services
from shared.domain.errors import NotFound, UnsupportedMedia
from shared.domain.git import advertisement, upload_pack
from shared.domain.git.request_body import decode_body
from shared.http.actor import actor, linked_place
from shared.http.request import request
from shared.http.routes import Routes
from shared.services.marketplace_repositories import Repository
from shared.services.shelves import Shelf

routes = Routes(validated=False)

_SERVICE = "git-upload-pack"


@routes.get("/<marketplace>/info/refs")
def advertise(marketplace: str) -> Response[bytes]:
    return _advertise(marketplace)


@routes.get("/<marketplace>/<plugin>/info/refs")
def advertise_plugin(marketplace: str, plugin: str) -> Response[bytes]:
    return _advertise(marketplace, plugin)


@routes.post("/<marketplace>/git-upload-pack")
def upload(marketplace: str) -> Response[bytes]:
    return _upload(marketplace)


@routes.post("/<marketplace>/<plugin>/git-upload-pack")
def upload_plugin(marketplace: str, plugin: str) -> Response[bytes]:
    return _upload(marketplace, plugin)


def _advertise(marketplace: str, plugin: str | None = None) -> Response[bytes]:
    found = shelf_at(marketplace.removesuffix(".git"))
    if request().query.get("service") != _SERVICE:
        # Without a service a client asks for plain files; with another one it wants to push.
        raise NotFound("service: this repository is read-only and speaks git's smart protocol alone")
    if _protocol() == 2:
        return _answer(advertisement.CONTENT_TYPE, advertisement.advertise_capabilities())
    return _answer(advertisement.CONTENT_TYPE, advertisement.advertise_refs(_open(found, plugin).refs))


def _upload(marketplace: str, plugin: str | None = None) -> Response[bytes]:
    """Raises: NotFound, UnsupportedMedia, TooLarge, Invalid."""
    current = request()
    if current.headers.get("content-type") != upload_pack.REQUEST_TYPE:
        raise UnsupportedMedia(f"A git request is sent as {upload_pack.REQUEST_TYPE}.")
    repository = _open(shelf_at(marketplace.removesuffix(".git")), plugin)
    body = decode_body(current.body, current.headers.get("content-encoding"))
    answer = upload_pack.answer_upload_pack(repository.refs, body, _protocol(), repository.pack_for)
    return _answer(upload_pack.CONTENT_TYPE, answer)


def _open(shelf: Shelf, plugin: str | None) -> Repository:
    rendered = services().git_marketplace
    if plugin is None:
        return rendered.open(actor(), shelf, lambda name: _url_of(shelf, name))
    return rendered.open_plugin(actor(), shelf, plugin.removesuffix(".git"))


def _url_of(shelf: Shelf, plugin: str) -> str:
    """A plugin's own repository, with a ticket for it.

    Clients clone it without the credential that opened the catalog, unless git finds one for the host by itself.
    """
    place = linked_place(f"{request().base}/{shelf.name}/{plugin}.git/")
    ticket = services().authentication.issue_ticket(actor(), place)
    scheme, _, address = f"{shelf.url}/{plugin}.git".partition("://")
    return f"{scheme}://depot:{ticket}@{address}" if ticket else f"{scheme}://{address}"


def _protocol() -> int:
    return advertisement.protocol_version(request().headers.get("git-protocol"))


def _answer(content_type: str, body: bytes) -> Response[bytes]:
    return Response(HTTPStatus.OK, content_type, body, {"Cache-Control": "no-cache"})
