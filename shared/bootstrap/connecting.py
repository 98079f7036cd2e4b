"""Use cases of connector setup: accounts, instances, targets, mappings."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.directory import DirectoryServices

if TYPE_CHECKING:
    from shared.services.account_disconnection import AccountDisconnection
    from shared.services.app_installs import AppInstalls
    from shared.services.connector_accounts import ConnectorAccounts
    from shared.services.connector_instances import ConnectorInstances
    from shared.services.connector_targets import ConnectorTargets
    from shared.services.grants import ResourceGrants
    from shared.services.instance_lifecycle import InstanceLifecycle
    from shared.services.mapping_previews import MappingPreviews
    from shared.services.mappings import Mappings
    from shared.services.source_change_intake import SourceChangeIntake
    from shared.services.source_changes import SourceChanges
    from shared.services.source_checks import SourceChecks
    from shared.services.sync_events import SyncEvents


class Connecting(DirectoryServices):
    @cached_property
    def accounts(self) -> "ConnectorAccounts":
        from shared.services.connector_accounts import ConnectorAccounts

        return ConnectorAccounts(self.account_rows, self.capabilities, lambda: self.connector, self.mint, self.begin)

    @cached_property
    def account_disconnection(self) -> "AccountDisconnection":
        from shared.services.account_disconnection import AccountDisconnection, DisconnectionRows

        rows = DisconnectionRows(
            self.instance_rows,
            self.target_rows,
            self.mapping_rows,
            self.import_rows,
            self.plugin_rows,
            self.membership_rows,
            self.marketplace_rows,
        )
        return AccountDisconnection(
            self.accounts,
            self.account_rows,
            rows,
            self.instance_lifecycle,
            self.plugin_lifecycle,
            self.marketplace_lifecycle,
            self.mint,
            self.begin,
        )

    @cached_property
    def app_installs(self) -> "AppInstalls":
        from shared.services.app_installs import AppInstalls

        return AppInstalls(
            self.install_attempt_rows,
            self.accounts,
            self.organization_rows,
            self.member_rows,
            self.capabilities,
            lambda: self.connector,
            lambda: self.secrets.get(self.settings.cursor_secret).encode(),
            self.mint,
            self.begin,
        )

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
            self.target_rows, self.instances, self.source_checks, self.sync_events, self.mint, self.begin
        )

    @cached_property
    def source_checks(self) -> "SourceChecks":
        from shared.services.source_checks import SourceChecks

        return SourceChecks(self.account_rows, lambda: self.connector)

    @cached_property
    def instance_grants(self) -> "ResourceGrants":
        return self._grants("connector instance", self.instances.get)

    @cached_property
    def instance_lifecycle(self) -> "InstanceLifecycle":
        from shared.services.instance_lifecycle import InstanceLifecycle

        return InstanceLifecycle(
            self.instances,
            self.instance_rows,
            self.target_rows,
            self.account_rows,
            self.sync_events,
            self.mint,
            self.begin,
        )

    @cached_property
    def source_change_intake(self) -> "SourceChangeIntake":
        from shared.services.source_change_intake import SourceChangeIntake

        return SourceChangeIntake(self.account_rows, self.target_rows, self.queue, self.mint)

    @cached_property
    def source_changes(self) -> "SourceChanges":
        from shared.services.source_changes import SourceChanges
        from shared.services.target_changes import TargetChanges

        return SourceChanges(
            self.account_rows,
            self.instance_rows,
            self.target_rows,
            TargetChanges(self.target_rows, self.sync_events, self.mint, self.begin),
            self.connector,
            self.mint,
            self.begin,
        )

    @cached_property
    def sync_events(self) -> "SyncEvents":
        from shared.services.sync_events import SyncEvents

        return SyncEvents(self.event_rows, self.target_rows, self.instance_rows, self.queue, self.mint, self.begin)

    @cached_property
    def mappings(self) -> "Mappings":
        from shared.services.mappings import Mappings

        return Mappings(
            self.mapping_rows, self.target_rows, self.targets, self.plugins, self.sync_events, self.mint, self.begin
        )

    @cached_property
    def mapping_previews(self) -> "MappingPreviews":
        from shared.services.mapping_previews import MappingPreviews

        return MappingPreviews(self.mappings, self.binding_rows, lambda: self.connector)
