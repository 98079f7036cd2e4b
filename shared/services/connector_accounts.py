"""Connector accounts: GitHub App installations that an org binds."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from shared.connectors.port import Connector
from shared.domain.access import Actor, Capability
from shared.domain.connected_account import account_changes, status_of
from shared.domain.connector import AccountStatus, ConnectorAccount
from shared.domain.errors import Conflict, Invalid, NotFound, Unclaimed
from shared.domain.paging import Page, PageRequest
from shared.domain.source_errors import SourceUnavailable
from shared.domain.source_tree import Installation
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
            raise Unclaimed("installation that this organization may bind")
        known = self._known(actor.org_id, remote_id)
        if known is not None and known.status != AccountStatus.DISCONNECTED:
            raise Conflict(f"The installation is bound to this organization already, as {known.id}.")
        installation = self._installation(remote_id)
        with self.begin() as work:
            return self.bind(actor.org_id, actor.id, installation, work)

    def of_installation(self, actor: Actor, connector_type: str, remote_id: str) -> tuple[ConnectorAccount, bool]:
        """The org's account of an installation, or a new one, not yet written; whether it is new.

        Raises: MissingCapability; NotFound without a claim.
        """
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        known = self._known(actor.org_id, remote_id)
        if known is not None:
            return known, False
        if not self.accounts.is_claimed(connector_type, remote_id, actor.org_id):
            raise NotFound("installation that this organization may bind")
        return self.draft(actor.org_id, actor.id, self._installation(remote_id)), True

    def bind(self, org_id: str, by: str, installation: Installation, work: UnitOfWork) -> ConnectorAccount:
        """The org's account of an installation: a new one, or the one it has, as GitHub describes it now.

        One that was disconnected is back with all that it had. Raises: Conflict, on commit, when it was just bound.
        """
        known = self._known(org_id, str(installation.id))
        if known is None:
            account = self.draft(org_id, by, installation)
            self.accounts.add(account, work)
            return account
        changes = {**account_changes(known, installation), "updated_at": self.mint.now()}
        self.accounts.update(known, changes, work)
        return replace(known, **changes, revision=known.revision + 1)  # type: ignore[arg-type]  # the fields' names

    def claim(self, org_id: str, installation: Installation, work: UnitOfWork) -> None:
        """Record that somebody proved to see an installation, and lets the org bind it."""
        self.accounts.claim(GITHUB, str(installation.id), org_id, self.mint.now(), work)

    def get(self, actor: Actor, account_id: str) -> ConnectorAccount:
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        account = self.accounts.find(actor.org_id, account_id)
        if account is None:
            raise NotFound("connector account")
        return account

    def list_page(self, actor: Actor, page: PageRequest) -> Page[ConnectorAccount]:
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        return self.accounts.list_page(actor.org_id, page)

    def draft(self, org_id: str, by: str, installation: Installation) -> ConnectorAccount:
        """A new account, not yet written."""
        at = self.mint.now()
        return ConnectorAccount(
            id=self.mint.new_id("cac"),
            org_id=org_id,
            type=GITHUB,
            remote_id=str(installation.id),
            login=installation.login,
            account_type=installation.account_type,
            repository_selection=installation.repository_selection,
            permissions=dict(installation.permissions),
            status=status_of(installation),
            created_at=at,
            updated_at=at,
            created_by=by,
        )

    def _known(self, org_id: str, remote_id: str) -> ConnectorAccount | None:
        bound = self.accounts.list_by_remote(GITHUB, remote_id)
        return next((one for one in bound if one.org_id == org_id), None)

    def _installation(self, remote_id: str) -> Installation:
        try:
            return self.connector().installation(int(remote_id))
        except (SourceUnavailable, ValueError) as error:
            raise Invalid.field("remoteId", "GitHub knows no such installation of this deployment's app") from error


def _require_type(connector_type: str) -> None:
    if connector_type != GITHUB:
        raise Invalid.field("type", f"this deployment supports {GITHUB}")
