"""The stand-in as an object: start it, fill it, watch what is asked of it, make it fail."""

import json
import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from local.github.archive_links import ArchiveLinks
from local.github.conditions import Conditions, Sizes
from local.github.credentials import App, Credentials, client_id
from local.github.faults import Fault
from local.github.lifecycle import Lifecycle
from local.github.people import People
from local.github.pushes import RefUpdate
from local.github.rate_limit import RateLimits
from local.github.repositories import Repositories, Repository
from local.github.server import Server
from local.github.webhooks import Delivery, Receiver, Webhooks, over_http
from local.github.world import World
from local.github.writing import Files, point, write_commit

INSTALLATION_ID: Final = 4_242_424
PERMISSIONS: Final = {"contents": "read", "metadata": "read"}


class GitHubStandIn:
    """The far side of GitHub for one app with one installation; serves while it is entered.

    `public_key` is the app's, a PEM; `webhook_url` a URL, or a function that takes deliveries, or None for no webhook;
    people come back from an installation to `callback_url`, with a code that the `client_secret` turns into a token;
    `now` in seconds since 1970.
    """

    def __init__(
        self,
        root: Path,
        app_id: int,
        public_key: str,
        webhook_url: str | Receiver | None = None,
        webhook_secret: str = "",
        *,
        port: int = 0,
        installation_id: int = INSTALLATION_ID,
        control_token: str = "",
        client_secret: str = "",
        callback_url: str = "",
        requests_per_hour: int = 5_000,
        sizes: Sizes | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        app = App(app_id, public_key, installation_id, PERMISSIONS)
        receiver = over_http(webhook_url) if isinstance(webhook_url, str) else webhook_url
        webhooks = Webhooks(app, receiver, webhook_secret, now)
        rate_limits = RateLimits(requests_per_hour, now)
        self._root = root
        self._world = World(
            app=app,
            repositories=Repositories(root),
            credentials=Credentials(app, now),
            webhooks=webhooks,
            rate_limits=rate_limits,
            conditions=Conditions(sizes or Sizes(), rate_limits, webhooks),
            archive_links=ArchiveLinks(now),
            people=People(client_id(app_id), client_secret, now),
            callback_url=callback_url,
            control_token=control_token or secrets.token_urlsafe(24),
            now=now,
        )
        self._server = Server(self._world, port)

    def __enter__(self) -> Self:
        self._server.start()
        _write_private(self._control_file, json.dumps({"url": self.url, "token": self._world.control_token}))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control_file.unlink(missing_ok=True)
        self._server.stop()

    @property
    def url(self) -> str:
        """The base URL of the API, without a slash at its end."""
        return self._world.url

    @property
    def control_token(self) -> str:
        return self._world.control_token

    @property
    def requests(self) -> list[str]:
        """What was asked so far, as `GET /path?query`; controls are not among it. Clear it at will."""
        return self._world.requests

    @property
    def deliveries(self) -> Sequence[Delivery]:
        return self._world.webhooks.deliveries

    def repository(self, full_name: str) -> Repository:
        found = self._world.repositories.by_name(full_name)
        if found is None:
            raise LookupError(f"{full_name} is not served")
        return found

    def add_repository(self, full_name: str, files: Files | None = None, *, source: Path | None = None) -> Repository:
        """Serve a new repository with one commit of `files`, a copy of the one at `source`, or an empty one.

        No webhook is sent for its first commit.
        """
        added = self._world.repositories.add(full_name, self._world.now(), source)
        if files:
            write_commit(added.git, added.default_branch, files, "First commit", self._world.now(), start=None)
        return added

    def commit(
        self,
        full_name: str,
        files: Files,
        message: str = "Change",
        branch: str | None = None,
        *,
        announce: bool = True,
    ) -> str:
        """Commit to a branch (a new one starts at the default one's head), send the push event, return the id.

        `announce=False` loses the webhook.
        """
        repository = self.repository(full_name)
        git, branch = repository.git, branch or repository.default_branch
        start = git.commit_id(f"refs/heads/{repository.default_branch}")
        update = write_commit(git, branch, files, message, self._world.now(), start)
        return self._announced(repository, update, announce)

    def point_branch(self, full_name: str, branch: str, commit: str | None, *, announce: bool = True) -> None:
        """Force a branch to a commit, or delete it, and send the push event."""
        repository = self.repository(full_name)
        self._announced(repository, point(repository.git, branch, commit), announce)

    def redeliver(self, delivery: Delivery) -> None:
        """Deliver the same bytes under the same delivery id again."""
        self._world.webhooks.redeliver(delivery.id)

    def fail_next(
        self,
        match: str = "",
        status: int | None = 502,
        times: int = 1,
        *,
        headers: Mapping[str, str] | None = None,
        delay_ms: int = 0,
        message: str = "",
        cut_after: int | None = None,
    ) -> None:
        """Fail requests to come, as `Fault` says."""
        self._world.faults.add(Fault(match, status, times, headers or {}, delay_ms, message, cut_after))

    @property
    def conditions(self) -> Conditions:
        """Truncation, allowance, stale reads and lost deliveries: switch them, and back to normal."""
        return self._world.conditions

    @property
    def lifecycle(self) -> Lifecycle:
        """What happens beside pushes: suspend, uninstall, withdraw, rename, archive and so on."""
        return Lifecycle(self._world)

    @property
    def _control_file(self) -> Path:
        return self._root / "control.json"

    def _announced(self, repository: Repository, update: RefUpdate, announce: bool) -> str:
        if announce:
            self._world.announce(repository, [update])
        else:
            self._world.note(repository, [update])
        return update.after


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
