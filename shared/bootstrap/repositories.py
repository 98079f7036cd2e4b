"""The repositories, all over one table and its one client."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.far_sides import FarSides

if TYPE_CHECKING:
    from shared.repositories.adoption import AdoptionRepository
    from shared.repositories.applications import ApplicationRepository, ImportRepository
    from shared.repositories.audit_events import AuditEventRepository
    from shared.repositories.bindings import BindingRepository
    from shared.repositories.clients import ClientRepository
    from shared.repositories.config_objects import ConfigObjectRepository
    from shared.repositories.connector_accounts import ConnectorAccountRepository
    from shared.repositories.connector_instances import ConnectorInstanceRepository
    from shared.repositories.connector_targets import ConnectorTargetRepository
    from shared.repositories.credentials import CredentialRepository
    from shared.repositories.data_keys import DataKeyRepository
    from shared.repositories.delivery_logs import DeliveryLogRepository
    from shared.repositories.discoveries import DiscoveryRepository
    from shared.repositories.grants import GrantRepository
    from shared.repositories.idempotency import IdempotencyRepository
    from shared.repositories.install_attempts import InstallAttemptRepository
    from shared.repositories.kept_contents import KeptContentRepository
    from shared.repositories.mappings import MappingRepository
    from shared.repositories.marketplaces import MarketplaceMembershipRepository, MarketplaceRepository
    from shared.repositories.members import MemberRepository, SignInRepository
    from shared.repositories.organizations import OrganizationRepository
    from shared.repositories.plugin_preparations import PluginPreparationRepository
    from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
    from shared.repositories.postings import PostingRepository
    from shared.repositories.releases import ReleaseRepository
    from shared.repositories.resources import ResourceRepository
    from shared.repositories.stopped_targets import StoppedTargetRepository
    from shared.repositories.sync_events import SyncEventRepository
    from shared.repositories.teams import TeamRepository
    from shared.repositories.versions import VersionRepository


class Repositories(FarSides):
    @cached_property
    def organization_rows(self) -> "OrganizationRepository":
        from shared.repositories.organizations import OrganizationRepository

        return OrganizationRepository(self.table)

    @cached_property
    def member_rows(self) -> "MemberRepository":
        from shared.repositories.members import MemberRepository

        return MemberRepository(self.table)

    @cached_property
    def sign_in_rows(self) -> "SignInRepository":
        from shared.repositories.members import SignInRepository

        return SignInRepository(self.table)

    @cached_property
    def team_rows(self) -> "TeamRepository":
        from shared.repositories.teams import TeamRepository

        return TeamRepository(self.table)

    @cached_property
    def credential_rows(self) -> "CredentialRepository":
        from shared.repositories.credentials import CredentialRepository

        return CredentialRepository(self.table)

    @cached_property
    def data_key_rows(self) -> "DataKeyRepository":
        from shared.repositories.data_keys import DataKeyRepository

        return DataKeyRepository(self.table)

    @cached_property
    def object_rows(self) -> "ConfigObjectRepository":
        from shared.repositories.config_objects import ConfigObjectRepository

        return ConfigObjectRepository(self.table)

    @cached_property
    def posting_rows(self) -> "PostingRepository":
        from shared.repositories.postings import PostingRepository

        return PostingRepository(self.table)

    @cached_property
    def version_rows(self) -> "VersionRepository":
        from shared.repositories.versions import VersionRepository

        return VersionRepository(self.table)

    @cached_property
    def preparation_rows(self) -> "PluginPreparationRepository":
        from shared.repositories.plugin_preparations import PluginPreparationRepository

        return PluginPreparationRepository(self.table)

    @cached_property
    def plugin_rows(self) -> "PluginRepository":
        from shared.repositories.plugins import PluginRepository

        return PluginRepository(self.table)

    @cached_property
    def membership_rows(self) -> "PluginMembershipRepository":
        from shared.repositories.plugins import PluginMembershipRepository

        return PluginMembershipRepository(self.table)

    @cached_property
    def marketplace_rows(self) -> "MarketplaceRepository":
        from shared.repositories.marketplaces import MarketplaceRepository

        return MarketplaceRepository(self.table)

    @cached_property
    def held_plugin_rows(self) -> "MarketplaceMembershipRepository":
        from shared.repositories.marketplaces import MarketplaceMembershipRepository

        return MarketplaceMembershipRepository(self.table)

    @cached_property
    def release_rows(self) -> "ReleaseRepository":
        from shared.repositories.releases import ReleaseRepository

        return ReleaseRepository(self.table)

    @cached_property
    def grant_rows(self) -> "GrantRepository":
        from shared.repositories.grants import GrantRepository

        return GrantRepository(self.table)

    @cached_property
    def install_attempt_rows(self) -> "InstallAttemptRepository":
        from shared.repositories.install_attempts import InstallAttemptRepository

        return InstallAttemptRepository(self.table)

    @cached_property
    def account_rows(self) -> "ConnectorAccountRepository":
        from shared.repositories.connector_accounts import ConnectorAccountRepository

        return ConnectorAccountRepository(self.table)

    @cached_property
    def instance_rows(self) -> "ConnectorInstanceRepository":
        from shared.repositories.connector_instances import ConnectorInstanceRepository

        return ConnectorInstanceRepository(self.table)

    @cached_property
    def target_rows(self) -> "ConnectorTargetRepository":
        from shared.repositories.connector_targets import ConnectorTargetRepository

        return ConnectorTargetRepository(self.table)

    @cached_property
    def stopped_target_rows(self) -> "StoppedTargetRepository":
        from shared.repositories.stopped_targets import StoppedTargetRepository

        return StoppedTargetRepository(self.table)

    @cached_property
    def mapping_rows(self) -> "MappingRepository":
        from shared.repositories.mappings import MappingRepository

        return MappingRepository(self.table)

    @cached_property
    def discovery_rows(self) -> "DiscoveryRepository":
        from shared.repositories.discoveries import DiscoveryRepository

        return DiscoveryRepository(self.table)

    @cached_property
    def application_rows(self) -> "ApplicationRepository":
        from shared.repositories.applications import ApplicationRepository

        return ApplicationRepository(self.table)

    @cached_property
    def import_rows(self) -> "ImportRepository":
        from shared.repositories.applications import ImportRepository

        return ImportRepository(self.table)

    @cached_property
    def binding_rows(self) -> "BindingRepository":
        from shared.repositories.bindings import BindingRepository

        return BindingRepository(self.table)

    @cached_property
    def event_rows(self) -> "SyncEventRepository":
        from shared.repositories.sync_events import SyncEventRepository

        return SyncEventRepository(self.table)

    @cached_property
    def delivery_log_rows(self) -> "DeliveryLogRepository":
        from shared.repositories.delivery_logs import DeliveryLogRepository

        return DeliveryLogRepository(self.table)

    @cached_property
    def audit_rows(self) -> "AuditEventRepository":
        from shared.repositories.audit_events import AuditEventRepository

        return AuditEventRepository(self.table)

    @cached_property
    def client_rows(self) -> "ClientRepository":
        from shared.repositories.clients import ClientRepository

        return ClientRepository(self.table)

    @cached_property
    def kept_content_rows(self) -> "KeptContentRepository":
        from shared.repositories.kept_contents import KeptContentRepository

        return KeptContentRepository(self.table)

    @cached_property
    def adoption_rows(self) -> "AdoptionRepository":
        from shared.repositories.adoption import AdoptionRepository

        return AdoptionRepository(self.table)

    @cached_property
    def answer_rows(self) -> "IdempotencyRepository":
        from shared.repositories.idempotency import IdempotencyRepository

        return IdempotencyRepository(self.table)

    @cached_property
    def resource_rows(self) -> "ResourceRepository":
        from shared.repositories.resources import ResourceRepository

        return ResourceRepository(self.table)
