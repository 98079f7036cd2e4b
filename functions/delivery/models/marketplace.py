"""Marketplaces on delivery's wire."""

from collections.abc import Sequence

from functions.delivery.models.plugin import DeliveredPlugin
from shared.domain.marketplace import Marketplace
from shared.domain.plugin import Plugin
from shared.http.models import Output


class DeliveredMarketplace(Output):
    """`slug` is the name that clients know it by, and its address: `/git/<org>/<slug>.git`."""

    id: str
    name: str
    slug: str
    description: str | None
    owner: str | None
    logo: str | None


class StockedMarketplace(DeliveredMarketplace):
    """With the plugins that it delivers now."""

    plugins: list[DeliveredPlugin]

    @classmethod
    def of_stock(cls, marketplace: Marketplace, plugins: Sequence[Plugin]) -> "StockedMarketplace":
        about = DeliveredMarketplace.of(marketplace)
        return cls(**dict(about), plugins=[DeliveredPlugin.of(each) for each in plugins])
