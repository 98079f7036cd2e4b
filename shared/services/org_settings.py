"""Orgs: founding one, and its settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from shared.domain.access import Actor, Capability, OrgRole, require_capability
from shared.domain.errors import Conflict, MissingCapability, NotFound, Stale
from shared.domain.organization import Organization
from shared.domain.plugin import DeliveryMode
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.authentication import Identity
from shared.services.directory import Directory, PersonDraft
from shared.services.mint import Mint

MAX_OWN: Final = 100
"""Orgs of one person: whoever is in as many founds no more."""


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What is None stays; `capabilities` changes those that it names."""

    name: str | None = None
    capabilities: Mapping[Capability, OrgRole] = field(default_factory=dict)
    default_delivery_mode: DeliveryMode | None = None


@dataclass(frozen=True, slots=True)
class Organizations:
    organizations: OrganizationRepository
    directory: Directory
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, identity: Identity, name: str, slug: str) -> Organization:
        """An org that the person owns.

        Raises: MissingCapability for tokens that act for nobody; Invalid for the slug, Conflict when it is taken,
            or at the limit of orgs per person.
        """
        person = identity.person
        if person is None:
            raise MissingCapability("Only a person can found an organization; sign in.")
        if len(identity.seats) >= MAX_OWN:
            raise Conflict(f"You are in {MAX_OWN} organizations already; leave one first.")
        display_name = person.name or person.email or person.subject
        issuer, subject = (person.issuer, person.subject) if person.issuer else (None, None)
        owner = PersonDraft(person.email, display_name, OrgRole.OWNER, issuer, subject)
        return self.directory.create_organization(name, slug, owner)[0]

    def get(self, actor: Actor) -> Organization:
        """Raises: NotFound."""
        organization = self.organizations.find(actor.org_id)
        if organization is None:
            raise NotFound("organization")
        return organization

    def update(self, actor: Actor, change: SettingsChange, if_match: int | None = None) -> Organization:
        """Raises: MissingCapability, Stale."""
        require_capability(actor, Capability.DIRECTORY_MANAGE)
        organization = self.get(actor)
        if if_match is not None and if_match != organization.revision:
            raise Stale
        wanted = _wanted(organization, change)
        changed = {name: value for name, value in wanted.items() if value != getattr(organization, name)}
        if not changed:
            return organization
        fields = {**changed, "updated_at": self.mint.now()}
        with self.begin() as work:
            self.organizations.update(organization, fields, work)
        return replace(organization, **fields, revision=organization.revision + 1)


def _wanted(organization: Organization, change: SettingsChange) -> dict[str, Any]:
    return {
        "name": change.name or organization.name,
        "settings": {**organization.settings, **change.capabilities},
        "default_delivery_mode": change.default_delivery_mode or organization.default_delivery_mode,
    }
