"""Connector accounts: GitHub App installations bound to an org."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.connector_account import AccountCreate, AccountRead, Disconnect, DisconnectionRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.cursors import PageQuery
from shared.http.idempotency import idempotent
from shared.http.path_ids import AccountId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/connector-accounts")
def list_accounts(query: Annotated[PageQuery, Query()]) -> Listing[AccountRead]:
    return listing(services().accounts.list_page(actor(), query.page), AccountRead.of)


@routes.post("/connector-accounts", status_code=201, middlewares=[idempotent])
def create_account(body: AccountCreate) -> Response[Mutation[AccountRead]]:
    """Bind an installation that this org was allowed to bind."""
    account = services().accounts.create(actor(), body.type, body.remote_id)
    return created(AccountRead.of(account), f"/connector-accounts/{account.id}")


@routes.get("/connector-accounts/<account_id>")
def get_account(account_id: AccountId) -> Response[Detail[AccountRead]]:
    return detail(AccountRead.of(services().accounts.get(actor(), account_id)))


@routes.post("/connector-accounts/<account_id>/disconnect")
def disconnect_account(account_id: AccountId, body: Disconnect) -> Response[Mutation[DisconnectionRead]]:
    """Archive its instances, stop their targets, and archive what discovery made and nothing else depends on.

    Everything that was synced is kept. `dryRun` shows the plan, with a reason for each plugin and marketplace.
    """
    disconnection = services().account_disconnection
    plan = (disconnection.plan if body.dry_run else disconnection.disconnect)(actor(), account_id)
    return mutated(DisconnectionRead.of_plan(plan, dry_run=body.dry_run))
