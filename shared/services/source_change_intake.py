"""Takes in what a webhook tells beside pushes: one message, however many targets it concerns."""

from dataclasses import dataclass
from typing import Final

from shared.domain.source_changes import SourceChange
from shared.domain.webhook import INSTALLATION_EVENTS, REPOSITORY_ACTIONS, Envelope
from shared.messaging.sync_queue import SyncQueue
from shared.repositories.connector_accounts import ConnectorAccountRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.services.mint import Mint

GITHUB: Final = "github"
SWEEP: Final = "sweep"
"""The event of a change that a sweep saw, not a webhook."""


@dataclass(frozen=True, slots=True)
class SourceChangeIntake:
    accounts: ConnectorAccountRepository
    targets: ConnectorTargetRepository
    queue: SyncQueue
    mint: Mint

    def receive(self, told: Envelope) -> str | None:
        """Queue what a delivery tells; or why there is nothing to do."""
        action = told.action or ""
        if told.installation_id is None:
            return "no installation is named"
        if told.event == "repository":
            return self._repository(told, action, told.installation_id)
        if action not in INSTALLATION_EVENTS[told.event]:
            return f"{told.event} {action} changes nothing here"
        if not self.accounts.is_bound(GITHUB, str(told.installation_id)):
            return "no organization has bound this installation"
        self._queue(told, action, told.installation_id, None)
        return None

    def ask(self, installation_id: int) -> None:
        """Have an installation looked at without a delivery, because a target of it was seen in another state."""
        change = SourceChange(installation_id, None, SWEEP, "", self.mint.now())
        self.queue.send_change(change, f"{installation_id}-{change.noticed_at.isoformat()}")

    def _repository(self, told: Envelope, action: str, installation_id: int) -> str | None:
        if action not in REPOSITORY_ACTIONS:
            return f"repository {action} changes nothing here"
        if action == "edited" and not told.default_branch_changed:
            return "the default branch is the same"
        if told.repository_id is None:
            return "no repository is named"
        if not self.targets.is_tracked(told.repository_id):
            return "no target tracks this repository"
        self._queue(told, action, installation_id, told.repository_id)
        return None

    def _queue(self, told: Envelope, action: str, installation_id: int, repository_id: int | None) -> None:
        change = SourceChange(installation_id, repository_id, told.event, action, self.mint.now())
        self.queue.send_change(change, told.delivery_id)
