"""Marketplaces: create, change, and list them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from shared.domain.access import Action, Actor, Capability, Role, require, strongest
from shared.domain.errors import Conflict, NameTaken, NotFound, Stale
from shared.domain.lifecycle import Lifecycle, require_not_deleted
from shared.domain.marketplace import MAX_MARKETPLACES, Marketplace, require_logo, require_marketplace_name
from shared.domain.organization import slug_of
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import require_plugin_name
from shared.repositories.grants import GrantRepository
from shared.repositories.marketplaces import MarketplaceRepository
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.organizations import Capabilities
from shared.services.ownership import manager_grant


@dataclass(frozen=True, slots=True)
class MarketplaceDraft:
    """`owner` is whom clients show as its publisher; `logo` an https URL or a path from the root."""

    name: str
    description: str | None = None
    owner: str | None = None
    logo: str | None = None
    collects_org_wide: bool = False


@dataclass(frozen=True, slots=True)
class Marketplaces:
    marketplaces: MarketplaceRepository
    organizations: OrganizationRepository
    grants: GrantRepository
    capabilities: Capabilities
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, draft: MarketplaceDraft) -> Marketplace:
        """Create a marketplace that its creator manages and nobody else sees yet.

        Raises: MissingCapability; Invalid for a name that clients refuse or an unsafe logo; NameTaken naming the
            existing id; Conflict at the limit of marketplaces.
        """
        self.capabilities.require(actor, Capability.MARKETPLACE_CREATE)
        marketplace = self._from(actor, draft)
        if self.marketplaces.count(actor.org_id) >= MAX_MARKETPLACES:
            raise Conflict(f"An organization has at most {MAX_MARKETPLACES} marketplaces; delete one first.")
        try:
            with self.begin() as work:
                self.marketplaces.add(marketplace, work)
                self.marketplaces.reserve_name(marketplace, work)
                self.grants.add(manager_grant(self.mint, marketplace, marketplace.created_by), work)
        except NameTaken as error:
            raise NameTaken(draft.name, self.marketplaces.find_by_name(marketplace) or error.existing_id) from error
        return marketplace

    def get(self, actor: Actor, marketplace_id: str, action: Action = Action.VIEW) -> Marketplace:
        """Raises: NotFound for unknown, foreign and hidden ones alike; MissingRole for what may be seen only."""
        found = self.marketplaces.find(actor.org_id, marketplace_id)
        if found is None:
            raise NotFound("marketplace")
        require(actor, action, "marketplace", found.grants)
        return found

    def list_page(self, actor: Actor, page: PageRequest) -> Page[Marketplace]:
        """What the actor may see, oldest first; an org has few, so a page is read whole and hidden ones left out."""
        found = self.marketplaces.list_page(actor.org_id, page)
        return Page([one for one in found.items if strongest(actor, one.grants) is not None], found.next_after)

    def update(
        self, actor: Actor, marketplace_id: str, changes: Mapping[str, object], if_match: int | None = None
    ) -> Marketplace:
        """`changes`: description, owner, logo and collects_org_wide; what is so already changes nothing.

        Raises: NotFound, MissingRole; Invalid for an unsafe logo; Conflict for a deleted one; Stale when
            `if_match` names an older state.
        """
        seen = self.get(actor, marketplace_id, Action.EDIT)
        require_not_deleted(seen, "marketplace")
        if if_match is not None and if_match != seen.revision:
            raise Stale
        if (logo := changes.get("logo")) is not None:
            require_logo(str(logo))
        changes = {name: value for name, value in changes.items() if getattr(seen, name) != value}
        if not changes:
            return seen
        fresh = {**changes, "updated_at": self.mint.now()}
        with self.begin() as work:
            self.marketplaces.update(seen, fresh, seen.revision, work)
        return replace(seen, **fresh, revision=seen.revision + 1)  # type: ignore[arg-type]  # Marketplace's fields

    def _from(self, actor: Actor, draft: MarketplaceDraft) -> Marketplace:
        at, own_id = self.mint.now(), self.mint.new_id("mkt")
        name = require_marketplace_name(draft.name)
        return Marketplace(
            id=own_id,
            org_id=actor.org_id,
            name=name,
            slug=self._free_slug(actor, name, own_id),
            status=Lifecycle.ACTIVE,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
            description=draft.description,
            owner=draft.owner,
            logo=require_logo(draft.logo) if draft.logo is not None else None,
            collects_org_wide=draft.collects_org_wide,
            grants={actor.id: Role.MANAGER},
        )

    def _free_slug(self, actor: Actor, name: str, own_id: str) -> str:
        """The name's own, or with the end of the id where another creator's has it, or the org's own catalog."""
        slug = require_plugin_name(slug_of(name))
        organization = self.organizations.find(actor.org_id)
        holder = self.marketplaces.find_by_slug(actor.org_id, slug)
        if holder is None and (organization is None or organization.slug != slug):
            return slug
        if holder is not None and self._is_own(actor, name, holder):
            return slug  # refused when it is written, naming the holder
        return f"{slug[:56]}-{own_id[-6:]}"

    def _is_own(self, actor: Actor, name: str, holder: str) -> bool:
        held = self.marketplaces.find(actor.org_id, holder)
        return held is not None and (held.created_by, held.name.lower()) == (actor.id, name.lower())
