"""Whether an account can read a repository and branch: asked at GitHub before anything is set up on it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.connectors.port import Connector
from shared.domain.connector import AccountStatus, ConnectorAccount, ConnectorInstance, ConnectorTarget
from shared.domain.errors import Conflict, Invalid
from shared.domain.source_errors import BranchMissing, SourceEmpty, SourceUnavailable
from shared.domain.source_tree import Repository
from shared.repositories.connector_accounts import ConnectorAccountRepository


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """A branch that can be read now; `head` is None while the repository has no commit."""

    installation_id: str
    repository: Repository
    branch: str
    head: str | None


@dataclass(frozen=True, slots=True)
class SourceChecks:
    accounts: ConnectorAccountRepository
    connector: Callable[[], Connector] = field(repr=False)

    def account_of(self, instance: ConnectorInstance) -> ConnectorAccount:
        """Raises: Conflict unless the instance's account is active."""
        account = self.accounts.find(instance.org_id, instance.account_id)
        if account is None or account.status != AccountStatus.ACTIVE:
            raise Conflict("The instance's connector account is not active.")
        return account

    def check(
        self, account: ConnectorAccount, full_name: str, branch: str | None, known: ConnectorTarget | None = None
    ) -> CheckedSource:
        """A repository by its name, or that of a known target by its id; None is its default branch.

        Raises: Invalid, naming the field, when the installation cannot read it.
        """
        installation = int(account.remote_id)
        try:
            if known is not None:
                repository = self.connector().reader(installation, known.repository_id).repository()
            else:
                repository = self.connector().repository(installation, full_name)
            chosen = branch or repository.default_branch
            return CheckedSource(account.remote_id, repository, chosen, self._head(installation, repository, chosen))
        except BranchMissing as error:
            raise Invalid.field("branch", f"the repository has no branch {branch or 'by default'}") from error
        except SourceUnavailable as error:
            raise Invalid.field("repositoryFullName", f"cannot be read by the installation: {error.message}") from error

    def _head(self, installation: int, repository: Repository, branch: str) -> str | None:
        """Asked with a token for this one repository: what is merely public is refused here."""
        try:
            return self.connector().reader(installation, repository.id).head(f"refs/heads/{branch}")
        except SourceEmpty:
            return None
