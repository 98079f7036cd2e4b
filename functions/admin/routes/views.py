"""One config type's own endpoints, made from its declaration: the same objects, without naming the type again."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import create_model

from functions.admin.models.authoring import ValidateInput, ValidationRead
from functions.admin.models.config_object import ConfigObjectRead, ListQuery, ViewCreate
from functions.admin.models.version import VersionCreate, VersionMutation, VersionRead
from shared.bootstrap import services
from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.registry import config_type
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, accepted_as, created, detail, listing
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import ConfigObjectId
from shared.http.routes import Routes


def view_routes(type_name: str) -> Routes:
    """List, create, get, next version and validate at `/<type>s`; the module may add what only its type has."""
    declaration = config_type(type_name)
    routes, path = Routes(), f"/{type_name}s"
    routes.get(path)(_list(declaration))
    routes.post(path, status_code=201, middlewares=[idempotent])(_create(declaration, path))
    routes.get(f"{path}/<object_id>")(_get(declaration))
    routes.post(
        f"{path}/<object_id>/versions",
        status_code=201,
        responses={200: {"description": "Unchanged"}},
        middlewares=[idempotent],
    )(_create_version(declaration))
    routes.post(f"{path}/validate")(_validate(declaration))
    return routes


def _list(declaration: ConfigType) -> Callable[..., Any]:
    own = declaration.filters

    def list_view(query: ListQuery) -> Listing[ConfigObjectRead]:
        """One row per object of this type that the caller may see, filtered by what the type itself says of each."""
        asked = {name: value for name in own if (value := getattr(query, name)) is not None}
        wanted = query.filter_of(declaration.name, asked)
        return listing(services().object_listing.list_page(actor(), wanted, query.page), ConfigObjectRead.of)

    list_view.__annotations__["query"] = Annotated[_query(declaration), Query()]
    return _named(list_view, f"list_{declaration.name}s")


def _query(declaration: ConfigType) -> type[ListQuery]:
    """The query of a type's list: one optional parameter per filter that it declares."""
    kinds = {name: bool if name in declaration.flags else str for name in declaration.filters}
    fields: dict[str, Any] = {name: (kind | None, None) for name, kind in kinds.items()}
    return create_model(f"{declaration.name.title()}Query", __base__=ListQuery, **fields)


def _create(declaration: ConfigType, path: str) -> Callable[..., Any]:
    def create(body: ViewCreate) -> Response[Mutation[ConfigObjectRead]]:
        entity = services().config_objects.create(actor(), body.draft_of(declaration.name))
        return created(ConfigObjectRead.of_new(entity), f"{path}/{entity.id}", entity.revision)

    return _named(create, f"create_{declaration.name}")


def _get(declaration: ConfigType) -> Callable[..., Any]:
    def get(object_id: ConfigObjectId) -> Response[Detail[ConfigObjectRead]]:
        """One object; an id of another type is not found here."""
        shown = services().config_objects.get_shown(actor(), object_id, of_type=declaration.name)
        return detail(ConfigObjectRead.of(shown), shown.config_object.revision, shown.beside)

    return _named(get, f"get_{declaration.name}")


def _create_version(declaration: ConfigType) -> Callable[..., Any]:
    def create_version(
        object_id: ConfigObjectId, body: VersionCreate, if_match: IfMatch = None
    ) -> Response[VersionMutation]:
        """The next version; `If-Match` takes the object's ETag. Equal content creates nothing: 200, `unchanged`."""
        content, seen = body.input.to_draft(), revision_of(if_match)
        objects = services().config_objects
        written = objects.create_version(actor(), object_id, content, body.reason, seen, declaration.name)
        answer = VersionMutation(item=VersionRead.of(written.version), unchanged=written.unchanged)
        path = f"/config-objects/{object_id}/versions/{written.version.id}"
        return accepted_as(answer, path, written.config_object.revision, is_new=not written.unchanged)

    return _named(create_version, f"create_{declaration.name}_version")


def _validate(declaration: ConfigType) -> Callable[..., Any]:
    def validate(body: ValidateInput) -> Response[Detail[ValidationRead]]:
        """What a creation with this content would store, and which clients would load it; stores nothing.

        Content that clients refuse is no refusal here: its diagnostics and verdicts say why.
        """
        validated = services().authoring.validate(actor(), declaration.name, body.input.to_draft())
        return detail(ValidationRead.of(validated))

    return _named(validate, f"validate_{declaration.name}")


def _named(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The description of the API tells operations apart by their functions' names."""
    function.__name__ = name
    return function
