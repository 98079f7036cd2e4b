"""Members: invite, change, remove."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.member import MemberInvite, MemberPatch, PersonRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.cursors import PageQuery
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import MemberId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/members")
def list_members(query: Annotated[PageQuery, Query()]) -> Listing[PersonRead]:
    """Active and invited members; who has left is found by id alone."""
    return listing(services().members.list_page(actor(), query.page), PersonRead.of)


@routes.post("/members", status_code=201, middlewares=[idempotent])
def invite_member(body: MemberInvite) -> Response[Mutation[PersonRead]]:
    """Invite by email or subject; the member is active once that person signs in with it, the email verified.

    Somebody who left comes back as a new member: old grants, teams and tokens stay with the old one.
    """
    member = services().members.invite(actor(), body.to_draft())
    return created(PersonRead.of(member), f"/members/{member.id}", member.revision)


@routes.get("/members/<member_id>")
def get_member(member_id: MemberId) -> Response[Detail[PersonRead]]:
    member = services().members.get(actor(), member_id)
    return detail(PersonRead.of(member), member.revision)


@routes.patch("/members/<member_id>")
def update_member(member_id: MemberId, body: MemberPatch, if_match: IfMatch = None) -> Response[Mutation[PersonRead]]:
    """Change a role (for admins; owners alone change owners) or a display name (one's own, too)."""
    member = services().members.update(actor(), member_id, body.to_changes(), revision_of(if_match))
    return mutated(PersonRead.of(member), member.revision)


@routes.delete("/members/<member_id>")
def remove_member(member_id: MemberId) -> Response[Mutation[PersonRead]]:
    """Take away all access at once, tokens included; everybody may leave, but for the last owner."""
    member = services().members.remove(actor(), member_id)
    return mutated(PersonRead.of(member), member.revision)
