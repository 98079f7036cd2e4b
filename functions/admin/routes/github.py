"""Setting up GitHub: installing the app, what an installation reaches, and connecting a repository."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.connector_account import AccountRead
from functions.admin.models.github import (
    InstallationBind,
    InstallStarted,
    RepositoryRead,
    Setup,
    SetupRead,
    TargetValidate,
    ValidityRead,
)
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import JSON, Detail, Listing, Mutation, created, listing
from shared.http.cursors import PageQuery
from shared.http.idempotency import idempotent
from shared.http.path_ids import AccountId
from shared.http.routes import Routes

routes = Routes()


@routes.post("/connectors/github/install/start")
def start_install() -> Response[Mutation[InstallStarted]]:
    """Where to install the app, or give it more repositories: the way back binds the installation to this org."""
    started = services().app_installs.start(actor())
    return Response(HTTPStatus.OK, JSON, Mutation(item=InstallStarted.of(started)))


@routes.post("/connectors/github/accounts", status_code=201, middlewares=[idempotent])
def bind_installation(body: InstallationBind) -> Response[Mutation[AccountRead]]:
    """Bind an installation that this org was allowed to bind."""
    account = services().accounts.create(actor(), "github", body.installation_id)
    return created(AccountRead.of(account), f"/connector-accounts/{account.id}")


@routes.get("/connectors/github/accounts/<account_id>/repositories", responses={409: {}})
def list_repositories(account_id: AccountId, query: Annotated[PageQuery, Query()]) -> Listing[RepositoryRead]:
    """What the installation reaches, in GitHub's order; a list goes on with the `limit` that it began with."""
    return listing(services().github_setup.list_repositories(actor(), account_id, query.page), RepositoryRead.of)


@routes.post("/connectors/github/validate-target")
def validate_target(body: TargetValidate) -> Response[Detail[ValidityRead]]:
    """Whether a target could be made of a repository and branch; nothing is stored."""
    found = services().github_setup.validate(actor(), body.account_id, body.to_draft())
    return Response(HTTPStatus.OK, JSON, Detail(item=ValidityRead.of(found)))


@routes.post("/connectors/github/setup", status_code=201, middlewares=[idempotent])
def set_up_repository(body: Setup) -> Response[Mutation[SetupRead]]:
    """Account, instance, target and a first look at the repository: all of them or none."""
    name = body.name or body.repository_full_name
    connected = services().github_setup.connect(actor(), body.installation_id, name, body.to_draft())
    return created(SetupRead.of(connected), f"/connector-targets/{connected.target.id}")
