"""Use cases of delivery: what clients are given, in every protocol, and what they report to have of it."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.publishing import Publishing

if TYPE_CHECKING:
    from shared.services.agent_skills import AgentSkills
    from shared.services.client_states import ClientStates
    from shared.services.delivery import Delivery
    from shared.services.delivery_archives import DeliveryArchives
    from shared.services.delivery_history import DeliveryHistory
    from shared.services.delivery_releases import DeliveryReleases
    from shared.services.delivery_resolution import DeliveryResolution
    from shared.services.fleet import Fleet
    from shared.services.marketplace_git import GitMarketplace
    from shared.services.marketplace_json import JsonMarketplace
    from shared.services.mcp_registry import McpRegistry
    from shared.services.opencode import OpenCode
    from shared.services.renderings import Renderings
    from shared.services.shelves import Shelves
    from shared.services.update_checks import UpdateChecks


class Delivering(Publishing):
    @cached_property
    def delivery(self) -> "Delivery":
        from shared.services.delivery import Delivery

        return Delivery(
            self.delivery_access,
            self.delivery_contents,
            self.delivery_digests,
            self.delivery_releases,
            self.delivery_history,
            self.delivery_archives,
        )

    @cached_property
    def delivery_archives(self) -> "DeliveryArchives":
        from shared.services.delivery_archives import DeliveryArchives

        return DeliveryArchives(self.delivery_contents, lambda: self.content)

    @cached_property
    def delivery_history(self) -> "DeliveryHistory":
        from shared.services.delivery_history import DeliveryHistory

        return DeliveryHistory(self.kept_content_rows, self.delivery_contents, self.mint)

    @cached_property
    def delivery_releases(self) -> "DeliveryReleases":
        from shared.services.delivery_releases import DeliveryReleases

        return DeliveryReleases(self.delivery_access, self.release_rows, self.delivery_contents)

    @cached_property
    def delivery_resolution(self) -> "DeliveryResolution":
        from shared.services.delivery_resolution import DeliveryResolution

        return DeliveryResolution(self.delivery_access, self.delivery_digests)

    @cached_property
    def renderings(self) -> "Renderings":
        from shared.services.renderings import Renderings

        return Renderings(lambda: self.content, self.mint)

    @cached_property
    def shelves(self) -> "Shelves":
        from shared.services.shelves import Shelves

        return Shelves(self.delivery_access)

    @cached_property
    def json_marketplace(self) -> "JsonMarketplace":
        from shared.services.marketplace_json import JsonMarketplace

        return JsonMarketplace(self.shelves, self.delivery_contents, self.delivery_digests, self.renderings)

    @cached_property
    def agent_skills(self) -> "AgentSkills":
        from shared.services.agent_skills import AgentSkills

        return AgentSkills(self.delivery_access, self.delivery_contents, self.renderings)

    @cached_property
    def mcp_registry(self) -> "McpRegistry":
        from shared.services.mcp_registry import McpRegistry

        return McpRegistry(self.delivery_access, self.delivery_contents, self.renderings)

    @cached_property
    def opencode(self) -> "OpenCode":
        from shared.services.opencode import OpenCode

        return OpenCode(
            self.delivery_access, self.delivery_contents, self.delivery_digests, self.organization_rows, self.renderings
        )

    @cached_property
    def git_marketplace(self) -> "GitMarketplace":
        from shared.services.marketplace_catalogs import Catalogs
        from shared.services.marketplace_git import GitMarketplace
        from shared.services.marketplace_repositories import Repositories
        from shared.services.marketplace_tags import ReleaseTags

        contents, digests = self.delivery_contents, self.delivery_digests
        repositories = Repositories(self.content, self.mint)
        tags = ReleaseTags(contents, self.release_rows, repositories)
        return GitMarketplace(self.shelves, contents, digests, repositories, Catalogs(contents, digests), tags)

    @cached_property
    def client_states(self) -> "ClientStates":
        from shared.services.client_states import ClientStates

        return ClientStates(self.client_rows, self.adoption_rows, self.mint, self.begin)

    @cached_property
    def update_checks(self) -> "UpdateChecks":
        from shared.services.given_plugins import GivenPlugins
        from shared.services.update_checks import UpdateChecks

        given = GivenPlugins(self.plugin_rows, self.marketplace_rows)
        return UpdateChecks(self.client_states, given, self.delivery_digests)

    @cached_property
    def fleet(self) -> "Fleet":
        from shared.services.fleet import Fleet

        return Fleet(self.client_rows, self.adoption_rows, self.plugins)
