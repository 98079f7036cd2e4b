"""Teams and who is in them."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.access import AccessQuery, AccessRead
from functions.admin.models.member import PersonRead, TeamCreate, TeamPatch, TeamRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.cursors import PageQuery
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import MemberId, TeamId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/teams")
def list_teams(query: Annotated[PageQuery, Query()]) -> Listing[TeamRead]:
    return listing(services().teams.list_page(actor(), query.page), TeamRead.of)


@routes.post("/teams", status_code=201, middlewares=[idempotent])
def create_team(body: TeamCreate) -> Response[Mutation[TeamRead]]:
    team = services().teams.create(actor(), body.name)
    return created(TeamRead.of(team), f"/teams/{team.id}", team.revision)


@routes.get("/teams/<team_id>")
def get_team(team_id: TeamId) -> Response[Detail[TeamRead]]:
    team = services().teams.get(actor(), team_id)
    return detail(TeamRead.of(team), team.revision)


@routes.patch("/teams/<team_id>")
def rename_team(team_id: TeamId, body: TeamPatch, if_match: IfMatch = None) -> Response[Mutation[TeamRead]]:
    team = services().teams.rename(actor(), team_id, body.name, revision_of(if_match))
    return mutated(TeamRead.of(team), team.revision)


@routes.delete("/teams/<team_id>")
def delete_team(team_id: TeamId) -> Response[Mutation[TeamRead]]:
    """What was shared with the team reaches its members no more, at once."""
    return mutated(TeamRead.of(services().teams.delete(actor(), team_id)))


@routes.get("/teams/<team_id>/members")
def list_team_members(team_id: TeamId, query: Annotated[PageQuery, Query()]) -> Listing[PersonRead]:
    return listing(services().teams.list_members(actor(), team_id, query.page), PersonRead.of)


@routes.put("/teams/<team_id>/members/<member_id>")
def add_team_member(team_id: TeamId, member_id: MemberId) -> Response[Mutation[PersonRead]]:
    """Adding who is in the team changes nothing."""
    member = services().teams.add_member(actor(), team_id, member_id)
    return mutated(PersonRead.of(member), member.revision)


@routes.delete("/teams/<team_id>/members/<member_id>")
def remove_team_member(team_id: TeamId, member_id: MemberId) -> Response[Mutation[PersonRead]]:
    """Removing who is not in the team changes nothing."""
    member = services().teams.remove_member(actor(), team_id, member_id)
    return mutated(PersonRead.of(member), member.revision)


@routes.get("/teams/<team_id>/access")
def list_team_access(team_id: TeamId, query: Annotated[AccessQuery, Query()]) -> Listing[AccessRead]:
    """Everything the team may use, with each way in; for its members and admins."""
    page = services().access_listing.list_of_team(actor(), team_id, query.prefix, query.page)
    return listing(page, AccessRead.of)
