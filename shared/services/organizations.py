"""The tenant's settings, read when a rule depends on them."""

from dataclasses import dataclass

from shared.domain.access import Actor, Capability, require_capability
from shared.domain.errors import NotFound
from shared.domain.organization import Organization
from shared.domain.plugin import DeliveryMode
from shared.repositories.organizations import OrganizationRepository


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Org-level permission: may this actor do this kind of thing at all; and what the org has set beside."""

    organizations: OrganizationRepository

    def require(self, actor: Actor, capability: Capability) -> None:
        """Only plain members depend on the org's settings; nobody else costs a read.

        Raises: MissingCapability.
        """
        restricted = frozenset() if actor.administers else self._organization(actor.org_id).restricted
        require_capability(actor, capability, restricted)

    def default_delivery_mode(self, actor: Actor) -> DeliveryMode:
        """That of plugins whose creator does not say."""
        return self._organization(actor.org_id).default_delivery_mode

    def _organization(self, org_id: str) -> Organization:
        organization = self.organizations.find(org_id)
        if organization is None:
            raise NotFound("organization")
        return organization
