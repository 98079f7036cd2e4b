"""OpenCode's configuration of one caller, with the addresses that belong into it."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.origin import origin
from shared.bootstrap import services
from shared.domain.access import Actor, ActorKind
from shared.domain.rendering.opencode_remote import TOKEN_VARIABLE, Unsupported
from shared.services.opencode import SUFFIX


def configure(actor: Actor, org: str) -> Response[str]:
    """`org` as it stands in paths, which carry the caller's own token: the document itself holds no secret.

    A token that may do more than read delivery has no business in a path; who shows one gets what needs no path.
    """
    view = services().opencode.open(actor)
    if actor.kind is not ActorKind.DELIVERY:
        return _answer(view.configuration.document([], [], _needs_paths(len(view.packages))))
    below = f"{origin()}/o/{org}/t/{{env:{TOKEN_VARIABLE}}}"
    packages = [f"{one.full_name}@{below}/npm/{one.full_name}/{one.sha256}{SUFFIX}" for one in view.packages]
    return _answer(view.configuration.document([f"{below}/.well-known/agent-skills"], packages))


def _needs_paths(packages: int) -> list[Unsupported]:
    reason = "OpenCode fetches them by an address with the token in it, which has to be a delivery token"
    kinds = ["skill", *(["tool"] if packages else [])]
    return [Unsupported("*", kind, "*", reason) for kind in kinds]


def _answer(document: bytes) -> Response[str]:
    return Response(200, "application/json", document.decode())
