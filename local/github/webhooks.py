"""Signs, delivers and remembers webhooks; like GitHub it tries each delivery once.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers
"""

import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http.client import responses
from typing import Any, Final

from urllib3 import PoolManager
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from local.github.credentials import App

Receiver = Callable[[Mapping[str, str], bytes], int]
"""Takes the headers and the body of a delivery, answers with an HTTP status; 504 stands for no answer in time."""

HOOK_ID: Final = 500_000_001
_FIRST_DELIVERY: Final = 90_000_000_001
_LOST: Final = 502
_PATIENCE: Final = 10.0  # seconds: https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver an event; `guid` stays the same over attempts, `delivered_at` is in seconds since 1970."""

    id: int
    guid: str
    event: str
    action: str | None
    repository_id: int | None
    installation_id: int | None
    body: bytes
    delivered_at: float
    redelivery: bool = False
    status: int = 0
    duration: float = 0.0


def over_http(url: str) -> Receiver:
    """A receiver behind a URL; redirects are not followed."""
    pool = PoolManager()

    def receive(headers: Mapping[str, str], body: bytes) -> int:
        try:
            return pool.request(
                "POST", url, body=body, headers=headers, timeout=_PATIENCE, retries=False, redirect=False
            ).status
        except NewConnectionError:  # which urllib3 counts among the timeouts
            return 502
        except (ConnectTimeoutError, ReadTimeoutError):
            return 504
        except HTTPError:
            return 502

    return receive


class Webhooks:
    """The app's one webhook; without a receiver nothing is sent, as for an app whose webhook is inactive."""

    def __init__(self, app: App, receiver: Receiver | None, secret: str, now: Callable[[], float]) -> None:
        self._app, self._receiver, self._secret, self._now = app, receiver, secret.encode(), now
        self._deliveries: list[Delivery] = []
        self._to_lose = 0
        self._lock = threading.Lock()

    @property
    def deliveries(self) -> Sequence[Delivery]:
        """Every attempt, oldest first."""
        return tuple(self._deliveries)

    def lose(self, attempts: int) -> None:
        """So many attempts to come do not reach the receiver."""
        self._to_lose = attempts

    def send(self, event: str, payload: Mapping[str, Any]) -> Delivery | None:
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        return self._attempt(
            Delivery(
                id=0,
                guid=str(uuid.uuid4()),
                event=event,
                action=payload.get("action"),
                repository_id=payload.get("repository", {}).get("id"),
                installation_id=payload.get("installation", {}).get("id"),
                body=body,
                delivered_at=self._now(),
            )
        )

    def redeliver(self, delivery_id: int) -> Delivery | None:
        """Send the same bytes under the same guid once more; None when no such delivery is known."""
        known = next((each for each in self.deliveries if each.id == delivery_id), None)
        return known and self._attempt(replace(known, redelivery=True, delivered_at=self._now()))

    def _attempt(self, delivery: Delivery) -> Delivery | None:
        if self._receiver is None:
            return None
        started = time.monotonic()
        status = _LOST if self._is_lost() else self._receiver(self._headers(delivery), delivery.body)
        with self._lock:
            done = replace(
                delivery,
                id=_FIRST_DELIVERY + len(self._deliveries),
                status=status,
                duration=round(time.monotonic() - started, 2),
            )
            self._deliveries.append(done)
        return done

    def _is_lost(self) -> bool:
        with self._lock:
            lost = self._to_lose > 0
            self._to_lose -= lost
            return lost

    def _headers(self, delivery: Delivery) -> Mapping[str, str]:
        headers = {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/5b1c2d3",
            "X-GitHub-Delivery": delivery.guid,
            "X-GitHub-Event": delivery.event,
            "X-GitHub-Hook-ID": str(HOOK_ID),
            "X-GitHub-Hook-Installation-Target-ID": str(self._app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
        }
        return headers | signatures(self._secret, delivery.body) if self._secret else headers


def signatures(secret: bytes, body: bytes) -> dict[str, str]:
    """The two headers that prove a body; the older one GitHub still sends for old receivers."""
    return {
        "X-Hub-Signature": "sha1=" + hmac.new(secret, body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest(),
    }


def status_text(status: int) -> str:
    if status < 300:
        return "OK"
    return {502: "failed to connect to host", 504: "timed out"}.get(
        status, f"Invalid HTTP Response: {status} {responses.get(status, '')}".strip()
    )
