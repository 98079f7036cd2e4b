"""The caller on the wire."""

from shared.domain.access import Capability, OrgRole, has_capability
from shared.http.models import Output
from shared.services.authentication import Identity, Seat


class SeatRead(Output):
    """`memberId` is null for a service token, which is no person."""

    org_id: str
    slug: str
    name: str
    member_id: str | None
    role: OrgRole | None
    capabilities: list[Capability]

    @classmethod
    def of(cls, seat: Seat) -> "SeatRead":
        organization, actor = seat.organization, seat.actor
        return cls(
            org_id=organization.id,
            slug=organization.slug,
            name=organization.name,
            member_id=actor.member_id,
            role=actor.role,
            capabilities=[one for one in Capability if has_capability(actor, one, organization.restricted)],
        )


class IdentityRead(Output):
    """`subject` at the identity provider, or the token's id for who never signed in."""

    subject: str
    email: str | None
    orgs: list[SeatRead]

    @classmethod
    def of(cls, identity: Identity) -> "IdentityRead":
        seats = [SeatRead.of(seat) for seat in identity.seats]
        return cls(subject=identity.subject, email=identity.email, orgs=seats)
