"""Credentials → actor: reads the Authorization header and says who may come in where."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from shared.bootstrap import services
from shared.domain.access import Actor, ActorKind, Scope, require_kind, require_scope
from shared.domain.errors import MissingCapability, Unauthenticated
from shared.domain.ticket import is_ticket
from shared.http.request import Request, request

if TYPE_CHECKING:
    from shared.services.authentication import Identity

_MAX_CREDENTIAL: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may come in: which kinds of actor, with which scope, and whether a token may be the password of HTTP Basic.

    `reads` is the scope that GET and HEAD need, `writes` that of everything else. `tickets` says that the links of
    this place may carry a ticket instead; `in_path` is the place whose paths themselves carry the credential.
    """

    kinds: frozenset[ActorKind]
    reads: Scope
    writes: Scope
    basic: bool = False
    tickets: bool = False
    in_path: str | None = None
    realm: str = "Plugin Depot"

    @property
    def challenge(self) -> str:
        """git sends stored credentials only when challenged with Basic."""
        return f'Basic realm="{self.realm}", charset="UTF-8"' if self.basic else f'Bearer realm="{self.realm}"'

    def admit(self, asked: Request, org: str, shown: str | None = None) -> Actor:
        """The actor that the presented credential is in an org, named by id or slug; `shown` is the path's.

        Raises: Unauthenticated; NotFound for an org that is not the credential's; MissingCapability for a kind
            or a scope that has no business here.
        """
        presented = shown if self.in_path and shown else credential(asked.headers, basic=self.basic)
        if (self.tickets or self.in_path) and is_ticket(presented):
            place = self.in_path or linked_place(asked.path)
            known = services().authentication.authenticate_ticket(presented, org, place)
            require_scope(known, self.reads)
            return known
        known = services().authentication.authenticate(presented, org)
        self._require(known, asked)
        return known

    def identify(self, asked: Request) -> "Identity":
        """Who presents a credential, whatever the org. Raises: Unauthenticated, MissingCapability."""
        identity = services().authentication.identify(credential(asked.headers, basic=self.basic))
        for seat in identity.seats:
            self._require(seat.actor, asked)
        return identity

    def _require(self, known: Actor, asked: Request) -> None:
        try:
            require_kind(known, self.kinds)
            require_scope(known, self.reads if asked.method in ("GET", "HEAD") else self.writes)
        except MissingCapability:
            asked.actor = known  # so that the log and the audit trail can say who it was
            raise


ADMIN: Final = Admission(
    frozenset({ActorKind.MEMBER, ActorKind.SERVICE}), reads=Scope.ADMIN_READ, writes=Scope.ADMIN_WRITE
)
"""People and service tokens; a delivery token reads delivery and nothing else."""

DELIVERY: Final = Admission(
    frozenset({ActorKind.MEMBER, ActorKind.SERVICE, ActorKind.DELIVERY}),
    reads=Scope.DELIVERY_READ,
    writes=Scope.DELIVERY_READ,
    basic=True,
)
"""What a delivery posts is a question, too: git asks for a pack that way."""

LINKED: Final = replace(DELIVERY, tickets=True)
"""Delivery by catalogs: what they link to can be had with the ticket that a link carries."""


AGENT_SKILLS: Final = "agent-skills"
"""The place of tickets for the index of skills."""

MCP_REGISTRY: Final = "mcp-registry"
"""The place of tickets for the registry of MCP servers."""

CODE_PACKAGES: Final = "npm"
"""The place of tickets for packages of plugins' code."""


def in_path(place: str) -> Admission:
    """For clients that send no header: the path carries a ticket for `place`, or a delivery token.

    A token that may do more has no business in a path, where proxies and histories keep it.
    """
    return replace(DELIVERY, kinds=frozenset({ActorKind.DELIVERY}), in_path=place, basic=False)


def linked_place(path: str) -> str:
    """What a ticket in a link opens: all that is below `/<protocol>/<org>/<marketplace>/<plugin>`, and not that itself:
    beside a plugin of any name lies the catalog.
    """
    parts = path.split("/")
    return "/".join(parts[:5]) if len(parts) > 5 else ""


def actor() -> Actor:
    """Who is asking. Only for routes of an area that admits: it was settled before the route was called."""
    known = request().actor
    if known is None:
        raise AssertionError("this route's area admits nobody")
    return known


def identity() -> "Identity":
    """Who is asking, whatever the org. Only for routes of an area that names none."""
    known = request().identity
    if known is None:
        raise AssertionError("this route's area names an org, or admits nobody")
    return known


def credential(headers: Mapping[str, str], *, basic: bool = False) -> str:
    """The presented token or JWT.

    `Bearer <token>`, or where `basic` allows it the password of Basic; a client that knows no password sends the
    token as user name. Raises: Unauthenticated.
    """
    scheme, _, value = headers.get("authorization", "").strip().partition(" ")
    secret = value.strip()
    if scheme.lower() == "basic" and basic:
        secret = _password(secret)
    elif scheme.lower() != "bearer":
        raise Unauthenticated("Send a token as `Authorization: Bearer …`.")
    if not secret or len(secret) > _MAX_CREDENTIAL:
        raise Unauthenticated("The Authorization header carries no token.")
    return secret


def _password(encoded: str) -> str:
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unauthenticated("The Authorization header is no valid Basic credential.") from error
    return password or user
