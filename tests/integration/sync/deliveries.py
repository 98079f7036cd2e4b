"""Webhook deliveries made by hand, signed as GitHub signs them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from local.github.stand_in import INSTALLATION_ID

SECRET = "It's a Secret to Everybody"


def signed(body: bytes, event: str = "push", secret: str = SECRET, delivery: str = "d-1") -> dict[str, str]:
    """The headers of a delivery of `body`."""
    return {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": delivery,
        "X-GitHub-Event": event,
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }


def push_body(repository_id: int, head: str, *, ref: str = "refs/heads/main", **more: Any) -> bytes:
    payload: Mapping[str, Any] = {
        "ref": ref,
        "before": "0" * 40,
        "after": head,
        "repository": {"id": repository_id, "full_name": "acme/tools"},
        "installation": {"id": INSTALLATION_ID},
        **more,
    }
    return json.dumps(payload).encode()
