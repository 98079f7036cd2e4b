"""Tokens: make, see, revoke."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.token import TokenCreate, TokenCreated, TokenRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.cursors import PageQuery
from shared.http.idempotency import idempotent_but_secret
from shared.http.path_ids import TokenId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/tokens")
def list_tokens(query: Annotated[PageQuery, Query()]) -> Listing[TokenRead]:
    """The caller's own tokens, for admins everybody's; revoked ones, too."""
    return listing(services().tokens.list_page(actor(), query.page), TokenRead.of)


@routes.post("/tokens", status_code=201, middlewares=[idempotent_but_secret])
def create_token(body: TokenCreate) -> Response[Mutation[TokenCreated]]:
    """Make a token; its secret is shown this once.

    A personal or delivery token is for oneself. Admins make service tokens and delivery tokens of teams, and tokens
    for members: personal ones only for whom they outrank.
    """
    token, secret = services().tokens.create(actor(), body.to_draft())
    return created(TokenCreated.made(token, secret), f"/tokens/{token.id}")


@routes.get("/tokens/<token_id>")
def get_token(token_id: TokenId) -> Response[Detail[TokenRead]]:
    return detail(TokenRead.of(services().tokens.get(actor(), token_id)))


@routes.delete("/tokens/<token_id>")
def revoke_token(token_id: TokenId) -> Response[Mutation[TokenRead]]:
    """The token's next request is refused; revoking again changes nothing."""
    return mutated(TokenRead.of(services().tokens.revoke(actor(), token_id)))
