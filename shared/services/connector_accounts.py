"""Connector accounts: GitHub App installations that an org binds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.connectors.port import Connector
from shared.domain.access import Actor, Capability
from shared.domain.connector import AccountStatus, ConnectorAccount
from shared.domain.errors import Invalid, NotFound
from shared.domain.paging import Page, PageRequest
from shared.domain.source_errors import SourceUnavailable
from shared.repositories.connector_accounts import ConnectorAccountRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.organizations import Capabilities

GITHUB: Final = "github"


@dataclass(frozen=True, slots=True)
class ConnectorAccounts:
    accounts: ConnectorAccountRepository
    capabilities: Capabilities
    connector: Callable[[], Connector] = field(repr=False)
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, connector_type: str, remote_id: str) -> ConnectorAccount:
        """Bind an installation that this org was allowed to bind.

        Raises: MissingCapability; Invalid for another type or an installation GitHub does not know;
            NotFound without a claim: an installation id is guessable, and binding one reads its repositories.
        """
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        _require_type(connector_type)
        if not self.accounts.is_claimed(connector_type, remote_id, actor.org_id):
            raise NotFound("installation that this organization may bind")
        account = self._account(actor, connector_type, remote_id)
        with self.begin() as work:
            self.accounts.add(account, work)
        return account

    def get(self, actor: Actor, account_id: str) -> ConnectorAccount:
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        account = self.accounts.find(actor.org_id, account_id)
        if account is None:
            raise NotFound("connector account")
        return account

    def list_page(self, actor: Actor, page: PageRequest) -> Page[ConnectorAccount]:
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        return self.accounts.list_page(actor.org_id, page)

    def _account(self, actor: Actor, connector_type: str, remote_id: str) -> ConnectorAccount:
        try:
            installation = self.connector().installation(int(remote_id))
        except (SourceUnavailable, ValueError) as error:
            raise Invalid.field("remoteId", "GitHub knows no such installation of this deployment's app") from error
        at = self.mint.now()
        return ConnectorAccount(
            id=self.mint.new_id("cac"),
            org_id=actor.org_id,
            type=connector_type,
            remote_id=str(installation.id),
            login=installation.login,
            account_type=installation.account_type,
            repository_selection=installation.repository_selection,
            permissions=dict(installation.permissions),
            status=AccountStatus.SUSPENDED if installation.suspended else AccountStatus.ACTIVE,
            created_at=at,
            updated_at=at,
            created_by=actor.id,
        )


def _require_type(connector_type: str) -> None:
    if connector_type != GITHUB:
        raise Invalid.field("type", f"this deployment supports {GITHUB}")
