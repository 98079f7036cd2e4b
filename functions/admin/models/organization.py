"""Orgs on the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.domain.access import SETTABLE, Capability, OrgRole
from shared.domain.organization import Organization, slug_of
from shared.domain.plugin import DeliveryMode
from shared.http.models import Input, Moment, Output
from shared.services.org_settings import SettingsChange

Name = Annotated[str, StringConstraints(min_length=1, max_length=128, strip_whitespace=True)]


def _settable(given: dict[Capability, str]) -> dict[Capability, str]:
    if unknown := sorted(given.keys() - SETTABLE):
        raise ValueError(f"{', '.join(unknown)} always takes an admin; settable are {', '.join(sorted(SETTABLE))}")
    return given


Who = Annotated[str, Field(pattern="^(member|admin)$")]
WhoMay = Annotated[
    dict[Capability, Who],
    AfterValidator(_settable),
    Field(description="Capability → `member` or `admin`.", examples=[{"plugin.create": "admin"}]),
]


class OrganizationCreate(Input):
    """Without a slug, one is made from the name; it stands in URLs and git remotes and never changes."""

    name: Annotated[Name, Field(examples=["Acme"])]
    slug: Annotated[str | None, Field(max_length=63, examples=["acme"])] = None

    @property
    def chosen_slug(self) -> str:
        return self.slug if self.slug is not None else slug_of(self.name)


class SettingsPatch(Input):
    """Fields that are left out stay."""

    capabilities: WhoMay = Field(default_factory=dict)
    default_delivery_mode: DeliveryMode | None = None


class OrganizationPatch(Input):
    """Fields that are left out stay."""

    name: Annotated[Name | None, Field(examples=["Acme"])] = None
    settings: SettingsPatch = SettingsPatch()

    def to_change(self) -> SettingsChange:
        who_may = {capability: OrgRole(who) for capability, who in self.settings.capabilities.items()}
        return SettingsChange(self.name, who_may, self.settings.default_delivery_mode)


class SettingsRead(Output):
    """Who may create what, for every capability that can be set; what new plugins are, unless their creator says."""

    capabilities: dict[Capability, OrgRole]
    default_delivery_mode: DeliveryMode


class OrganizationRead(Output):
    id: str
    name: str
    slug: str
    settings: SettingsRead
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, organization: Organization) -> "OrganizationRead":
        who_may = {one: organization.settings.get(one, OrgRole.MEMBER) for one in sorted(SETTABLE)}
        return cls(
            id=organization.id,
            name=organization.name,
            slug=organization.slug,
            settings=SettingsRead(capabilities=who_may, default_delivery_mode=organization.default_delivery_mode),
            created_at=organization.created_at,
            updated_at=organization.updated_at,
        )
