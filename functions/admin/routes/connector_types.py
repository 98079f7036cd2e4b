"""The connectors that this deployment supports."""

from typing import Final

from shared.bootstrap import services
from shared.domain.errors import NotFound
from shared.http.answers import Detail, Listing
from shared.http.models import Output
from shared.http.routes import Routes

routes = Routes()

_GITHUB: Final = "github"


class ConnectorTypeRead(Output):
    """`configured` says whether the deployment has an app to install; `apiUrl` is which GitHub it speaks to."""

    type: str
    name: str
    api_url: str
    configured: bool
    target_kinds: list[str]


@routes.get("/connector-types")
def list_connector_types() -> Listing[ConnectorTypeRead]:
    return Listing(items=[_github()], next_cursor=None)


@routes.get("/connector-types/<connector_type>")
def get_connector_type(connector_type: str) -> Detail[ConnectorTypeRead]:
    if connector_type != _GITHUB:
        raise NotFound("connector type")
    return Detail(item=_github())


def _github() -> ConnectorTypeRead:
    settings = services().settings
    return ConnectorTypeRead(
        type=_GITHUB,
        name="GitHub",
        api_url=settings.github_api_url,
        configured=bool(settings.github_app_id),
        target_kinds=["repository_branch"],
    )
