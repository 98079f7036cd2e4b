"""Webhook ingress: verify the raw bytes, normalize once, queue ids. No call goes back to the sender.

Imports nothing that talks to AWS: a forged delivery is refused before any of that is loaded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.domain.errors import NotFound, Unconfigured
from shared.domain.webhook import INSTALLATION_EVENTS, Envelope

if TYPE_CHECKING:
    from shared.connectors.port import Ingress
    from shared.services.source_change_intake import SourceChangeIntake
    from shared.services.sync_events import SyncEvents


@dataclass(frozen=True, slots=True)
class Receipt:
    """`reason` says why a delivery was ignored; None when it was accepted and queued."""

    event: str
    delivery_id: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Webhooks:
    ingresses: Mapping[str, "Ingress"]
    secrets: Callable[[], Sequence[str]] = field(repr=False)
    sync_events: Callable[[], "SyncEvents"] = field(repr=False)
    source_changes: Callable[[], "SourceChangeIntake"] = field(repr=False)

    def receive(self, connector_type: str, headers: Mapping[str, str], raw_body: bytes) -> Receipt:
        """Take one delivery in.

        Raises: NotFound for an unknown connector; TooLarge; Unauthenticated for a missing or wrong signature;
            Unconfigured when the deployment has no secret; Invalid for a signed body that cannot be parsed.
        """
        ingress = self.ingresses.get(connector_type)
        if ingress is None:
            raise NotFound("connector")
        secrets = self.secrets()
        if not secrets:
            raise Unconfigured("No webhook secret is configured for this deployment.")
        ingress.verify(headers, raw_body, secrets)
        envelope = ingress.normalize(headers, raw_body)
        return Receipt(envelope.event, envelope.delivery_id, self._route(envelope))

    def _route(self, envelope: Envelope) -> str | None:
        """Queue what a delivery asks for; or why there is nothing to do."""
        if envelope.event == "ping":
            return "ping"
        if envelope.event in ("repository", *INSTALLATION_EVENTS):
            return self.source_changes().receive(envelope)
        if envelope.event != "push":
            return f"the event {envelope.event} changes nothing here"
        if envelope.ref is None or not envelope.ref.startswith("refs/heads/"):
            return "not a branch"
        return None if self.sync_events().receive_push(envelope) else "no target tracks this branch"
