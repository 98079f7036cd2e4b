"""Clients report what they have, and ask what is to be done about it."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.models.client_state import ClientReportField, ClientStateRead, UpdateCheck, UpdatesRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Mutation, detail, mutated
from shared.http.path_ids import ClientId
from shared.http.routes import Routes

routes = Routes()


@routes.put("/clients/<client_id>/state")
def report_client_state(client_id: ClientId, body: ClientReportField) -> Response[Mutation[ClientStateRead]]:
    """All that a client has now, in place of its last report.

    A client makes up its id once and keeps it. Ids are the caller's own: those of a member, through any of their
    tokens, or those of a token that acts for no member. What nobody reports for 90 days is forgotten.
    """
    state = services().client_states.report(actor(), client_id, body.to_report())
    return mutated(ClientStateRead.of(state), state.revision)


@routes.get("/clients/<client_id>/state")
def get_client_state(client_id: ClientId) -> Response[Detail[ClientStateRead]]:
    """What the caller's client reported last."""
    state = services().client_states.get(actor(), client_id)
    return detail(ClientStateRead.of(state), state.revision)


@routes.post("/clients/<client_id>/check-updates")
def check_updates(client_id: ClientId, body: UpdateCheck) -> Response[Detail[UpdatesRead]]:
    """What is to be installed, updated and removed, each with its reason; nothing is stored.

    Updates name the digest that is delivered now: read that plugin's manifest. Removals say `archived` or `deleted` to
    who would have the plugin otherwise, and `access_lost` to everybody else. What is kept at a release is unchanged as
    long as the caller may have its plugin.
    """
    return detail(UpdatesRead.of_updates(services().update_checks.check(actor(), client_id, body.to_installed())))
