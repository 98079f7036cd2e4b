"""Use cases of connector setup: accounts, instances, targets, mappings."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.directory import DirectoryServices

if TYPE_CHECKING:
    from shared.services.connector_accounts import ConnectorAccounts
    from shared.services.connector_instances import ConnectorInstances
    from shared.services.connector_targets import ConnectorTargets
    from shared.services.mappings import Mappings


class Connecting(DirectoryServices):
    @cached_property
    def accounts(self) -> "ConnectorAccounts":
        from shared.services.connector_accounts import ConnectorAccounts

        return ConnectorAccounts(self.account_rows, self.capabilities, lambda: self.connector, self.mint, self.begin)

    @cached_property
    def instances(self) -> "ConnectorInstances":
        from shared.services.connector_instances import ConnectorInstances

        return ConnectorInstances(
            self.instance_rows, self.accounts, self.grant_rows, self.capabilities, self.mint, self.begin
        )

    @cached_property
    def targets(self) -> "ConnectorTargets":
        from shared.services.connector_targets import ConnectorTargets

        return ConnectorTargets(
            self.target_rows, self.account_rows, self.instances, lambda: self.connector, self.mint, self.begin
        )

    @cached_property
    def mappings(self) -> "Mappings":
        from shared.services.mappings import Mappings

        return Mappings(self.mapping_rows, self.target_rows, self.targets, self.plugins, self.mint, self.begin)
