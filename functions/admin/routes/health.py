"""Whether this deployment is alive, ready, and which version it is."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from shared.bootstrap import services
from shared.http.answers import JSON
from shared.http.models import Output
from shared.http.routes import Routes
from shared.version import VERSION

routes = Routes()


class Health(Output):
    status: str


class ReadinessRead(Output):
    """What answers, by name."""

    ready: bool
    checks: dict[str, bool]


class VersionInfo(Output):
    version: str
    stage: str


@routes.get("/healthz", tags=["Operations"], summary="Alive")
def get_health() -> Health:
    return Health(status="ok")


@routes.get(
    "/readyz",
    responses={503: {"description": "Not ready"}},
    tags=["Operations"],
    summary="Table, queue and bucket reachable",
)
def get_readiness() -> Response[ReadinessRead]:
    checks = services().readiness.check()
    ready = all(checks.values())
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return Response(status, JSON, ReadinessRead(ready=ready, checks=checks))


@routes.get("/version", tags=["Operations"], summary="Version of the deployed code")
def get_running_version() -> VersionInfo:
    return VersionInfo(version=VERSION, stage=services().settings.stage)
