"""What the product asks of a connector, whichever it is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from shared.domain.allowance import Allowance
from shared.domain.delivery_log import AttemptsPage
from shared.domain.source_tree import Installation, Repository, RepositoryPage, TreeEntry, TreeListing
from shared.domain.webhook import Envelope


class SourceReader(Protocol):
    """Reads one repository.

    Every method raises `SourceUnavailable` for what waiting cannot mend, `Retryable` for what it may.
    """

    def repository(self) -> Repository: ...

    def head(self, ref: str, known: str | None = None) -> str:
        """The commit that a full ref (`refs/heads/main`) names now; asking is cheapest while it is the `known` one."""
        ...

    def tree(self, revision: str) -> TreeListing:
        """Every path of a commit."""
        ...

    def blobs(self, revision: str, wanted: Collection[TreeEntry]) -> Iterator[tuple[str, bytes]]:
        """Each wanted blob of a commit once, in any order, its bytes checked against its id."""
        ...


class Connector(Protocol):
    """Reaches what one deployment may read at the far side."""

    def reader(self, installation_id: int, repository_id: int) -> SourceReader: ...

    def installation(self, installation_id: int) -> Installation: ...

    def allowance(self, installation_id: int) -> Allowance | None:
        """What is left of an installation's rate limit; None before its first answer, or without a limit."""
        ...

    def deliveries(self, cursor: str | None) -> AttemptsPage:
        """The newest attempts to deliver a webhook, or those at a page's `following`."""
        ...

    def redeliver(self, attempt_id: int) -> None:
        """Have a delivery attempted again. Raises: SourceUnavailable when it is no longer kept."""
        ...

    def repositories(self, installation_id: int) -> Iterator[Repository]:
        """Every repository within an installation's reach, read page by page as it is asked for."""
        ...

    def repository_page(self, installation_id: int, number: int, size: int) -> RepositoryPage:
        """The `number`th page, from 1, of at most a hundred repositories each."""
        ...

    def install_url(self, state: str) -> str:
        """Where people install the app; they come back with the state."""
        ...

    def installation_seen_with(self, code: str, installation_id: int) -> Installation | None:
        """The installation, if whoever was given the code sees it. Raises: Invalid for a code that is no good."""
        ...

    def repository(self, installation_id: int, full_name: str) -> Repository:
        """A repository by `owner/name`: what it is called now, and the id that survives renames."""
        ...


class Ingress(Protocol):
    """Takes in the far side's webhooks, without calling it back."""

    def verify(self, headers: Mapping[str, str], raw_body: bytes, secrets: Sequence[str]) -> None:
        """Refuse (`Unauthenticated`, `TooLarge`) a body that none of the secrets signed."""
        ...

    def normalize(self, headers: Mapping[str, str], raw_body: bytes) -> Envelope:
        """Reduce a verified delivery to its ids; `Invalid` for any shape but the documented one."""
        ...
