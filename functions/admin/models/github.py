"""GitHub's own part of connector setup on the wire."""

from typing import Annotated

from pydantic import StringConstraints

from functions.admin.models.connector_account import AccountRead
from functions.admin.models.connector_instance import InstanceRead, Name
from functions.admin.models.connector_target import Branch, FullName, TargetRead
from shared.domain.discovery.run import RunStatus
from shared.http.models import Input, Moment, Output, example
from shared.http.path_ids import AccountIdField
from shared.services.connector_targets import TargetDraft
from shared.services.github_setup import Validity

InstallationId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]


class InstallStarted(Output):
    """Open `installUrl` in a browser; it leads back here, and is good until `expiresAt`, once."""

    install_url: str
    expires_at: Moment


class InstallationBind(Input):
    """An installation that this org may bind: by a completed install, or because the operator said so."""

    model_config = example(installationId="12345678")

    installation_id: InstallationId


class RepositoryRead(Output):
    id: int
    full_name: str
    default_branch: str
    private: bool
    archived: bool


class TargetValidate(Input):
    """Without a branch the repository's default branch."""

    account_id: AccountIdField
    repository_full_name: FullName
    branch: Branch | None = None

    def to_draft(self) -> TargetDraft:
        return TargetDraft(self.repository_full_name, self.branch)


class ProblemRead(Output):
    path: str
    message: str


class ValidityRead(Output):
    """`head` is null while the repository has no commit, `problems` are empty when a target can be made."""

    valid: bool
    repository: RepositoryRead | None
    branch: str | None
    head: str | None
    problems: list[ProblemRead]

    @classmethod
    def of(cls, validity: Validity) -> "ValidityRead":
        source = validity.source
        return cls(
            valid=source is not None,
            repository=RepositoryRead.of(source.repository) if source else None,
            branch=source.branch if source else None,
            head=source.head if source else None,
            problems=[ProblemRead(path=path, message=message) for path, message in validity.problems],
        )


class Setup(Input):
    """Without a name the instance is called as the repository."""

    model_config = example(installationId="12345678", repositoryFullName="acme/tools")

    installation_id: InstallationId
    repository_full_name: FullName
    branch: Branch | None = None
    name: Name | None = None

    def to_draft(self) -> TargetDraft:
        return TargetDraft(self.repository_full_name, self.branch)


class DiscoveryStarted(Output):
    id: str
    status: RunStatus


class SetupRead(Output):
    """`discovery` is the first look at the repository, on its way: the instance's `GET …/discovery` tells of it."""

    account: AccountRead
    instance: InstanceRead
    target: TargetRead
    discovery: DiscoveryStarted
