"""The log that GitHub keeps of the app's webhook deliveries: it repeats none by itself, only when asked to.

Source: https://docs.github.com/webhooks/using-webhooks/automatically-redelivering-failed-deliveries-for-a-github-app-webhook
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import quote, unquote

from shared.connectors.github import shapes
from shared.connectors.github.app_auth import AppIdentity
from shared.connectors.github.transport import Transport
from shared.domain.delivery_log import AttemptsPage, DeliveryAttempt

_PAGE: Final = 100
_NEXT: Final = re.compile(r'<[^>]*[?&]cursor=([^&>]+)[^>]*>\s*;\s*rel="next"')


class DeliveryRecords:
    """Asks as the app itself: deliveries belong to no installation."""

    def __init__(self, transport: Transport, app: AppIdentity) -> None:
        self._transport, self._app = transport, app

    def page(self, cursor: str | None) -> AttemptsPage:
        path = f"/app/hook/deliveries?per_page={_PAGE}" + (f"&cursor={quote(cursor, safe='')}" if cursor else "")
        answer = self._transport.call("GET", path, token=self._app.token())
        following = _NEXT.search(answer.headers.get("link", ""))
        attempts = shapes.read_list(_attempt, answer.body)
        return AttemptsPage(attempts, unquote(following[1]) if following else None)

    def repeat(self, attempt_id: int) -> None:
        self._transport.call("POST", f"/app/hook/deliveries/{attempt_id}/attempts", token=self._app.token())


def _attempt(record: shapes.Json) -> DeliveryAttempt:
    at = datetime.fromisoformat(record["delivered_at"])
    return DeliveryAttempt(int(record["id"]), str(record["guid"]), at, int(record["status_code"]))
