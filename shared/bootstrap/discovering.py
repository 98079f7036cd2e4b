"""Use cases of discovery: looking at repositories, and making plugins of what was found."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.connecting import Connecting

if TYPE_CHECKING:
    from shared.services.discovery.applications import Applications
    from shared.services.discovery.applying import Applying
    from shared.services.discovery.discoverer import Discoverer
    from shared.services.discovery.discoveries import Discoveries
    from shared.services.discovery.jobs import DiscoveryJobs
    from shared.services.discovery.parts import ImportRows
    from shared.services.github_setup import GitHubSetup
    from shared.storage.proposals import ProposalStore


class Discovering(Connecting):
    @cached_property
    def discoveries(self) -> "Discoveries":
        from shared.services.discovery.discoveries import Discoveries

        return Discoveries(
            self.discovery_rows,
            self.import_rows,
            self.target_rows,
            self.instances,
            self._proposals,
            self.queue,
            self.mint,
            self.begin,
        )

    @cached_property
    def github_setup(self) -> "GitHubSetup":
        from shared.services.github_setup import GitHubSetup

        return GitHubSetup(
            self.accounts,
            self.instances,
            self.targets,
            self.source_checks,
            self.discoveries,
            self.capabilities,
            lambda: self.connector,
            self.begin,
        )

    @cached_property
    def applications(self) -> "Applications":
        from shared.services.discovery.applications import Applications

        return Applications(self.discoveries, self.applying, self.plugins, self.capabilities)

    @cached_property
    def discovery_jobs(self) -> "DiscoveryJobs":
        from shared.services.discovery.jobs import DiscoveryJobs

        return DiscoveryJobs(self.discoverer, self.applying, self.mint)

    @cached_property
    def discoverer(self) -> "Discoverer":
        from shared.services.discovery.discoverer import Discoverer

        return Discoverer(
            self.discovery_rows,
            self.target_rows,
            self._proposals,
            lambda: self.connector,
            self.queue,
            self.mint,
            self.begin,
        )

    @cached_property
    def applying(self) -> "Applying":
        from shared.services.discovery.applying import Applying

        return Applying(
            self._import_rows,
            self.target_rows,
            self.instance_rows,
            self.organization_rows,
            self._proposals,
            self.sync_events,
            self.queue,
            self.mint,
            self.begin,
        )

    @cached_property
    def _import_rows(self) -> "ImportRows":
        from shared.services.discovery.parts import ImportRows

        return ImportRows(
            self.application_rows,
            self.import_rows,
            self.plugin_rows,
            self.mapping_rows,
            self.marketplace_rows,
            self.held_plugin_rows,
            self.grant_rows,
            self.mint,
        )

    @cached_property
    def _proposals(self) -> "ProposalStore":
        from shared.storage.proposals import ProposalStore

        return ProposalStore(self.content)
