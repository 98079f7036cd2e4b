"""Everything that the stand-in answers from, in one place."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from local.github.archive_links import ArchiveLinks
from local.github.conditions import Conditions
from local.github.credentials import App, Credentials
from local.github.faults import Faults
from local.github.people import People
from local.github.pushes import RefUpdate, announced, push_payload
from local.github.rate_limit import RateLimits
from local.github.repositories import Repositories, Repository
from local.github.webhooks import Webhooks

SUSPENDED: Final = "This installation has been suspended"


@dataclass(slots=True)
class Installation:
    """What became of the app's one installation; `withdrawn` repositories are out of its reach.

    `login` is the account's name once it was renamed, `suspended_at` in seconds since 1970. Who sees it sees as
    many `neighbours` before it: installations of the app on other accounts.
    """

    login: str = ""
    suspended_at: float | None = None
    deleted: bool = False
    withdrawn: set[int] = field(default_factory=set)
    neighbours: int = 0

    def reaches(self, repository_id: int) -> bool:
        return not self.deleted and repository_id not in self.withdrawn


@dataclass(slots=True)
class World:
    """The app, its installation and repositories; `now` in seconds since 1970, `requests` as `GET /path?query`."""

    app: App
    repositories: Repositories
    credentials: Credentials
    webhooks: Webhooks
    rate_limits: RateLimits
    archive_links: ArchiveLinks
    control_token: str
    now: Callable[[], float]
    conditions: Conditions
    people: People
    callback_url: str = ""
    installation: Installation = field(default_factory=Installation)
    faults: Faults = field(default_factory=Faults)
    requests: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def owner(self) -> str:
        """The account of the installation: that of the first repository, until it is renamed."""
        return self.installation.login or next((each.owner for each in self.repositories.all()), "acme")

    def note(self, repository: Repository, updates: Sequence[RefUpdate]) -> None:
        """Remember where refs were: what nobody is told of may be read too early, too."""
        for update in updates:
            self.conditions.stale_reads.note(repository.id, update)

    def announce(self, repository: Repository, updates: Sequence[RefUpdate]) -> int:
        """Send the push events of these updates, one after the other; how many were sent."""
        self.note(repository, updates)
        if self.installation.suspended_at is not None or not self.installation.reaches(repository.id):
            return 0
        events = announced(updates)
        for update in events:
            self.webhooks.send("push", push_payload(repository, update, self.app, self.url))
        return len(events)
