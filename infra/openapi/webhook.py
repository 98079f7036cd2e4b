"""The webhook's route, written down: its function carries no framework that could tell."""

from typing import Any


def _answer(description: str, **properties: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": list(properties),
        "properties": {name: {"type": kind} for name, kind in properties.items()},
    }
    return {"description": description, "content": {"application/json": {"schema": schema}}}


_IGNORED = _answer("Signed, and nothing to do", ok="boolean", accepted="boolean", reason="string")
_ACCEPTED = _answer("Queued", ok="boolean", accepted="boolean", event="string", deliveryId="string", queued="boolean")


def _refused(description: str) -> dict[str, Any]:
    return _answer(description, ok="boolean", error="string")


WEBHOOK: dict[str, Any] = {
    "/api/webhooks/connectors/{connector}": {
        "post": {
            "operationId": "receiveWebhook",
            "tags": ["Webhooks"],
            "summary": "Receive a connector's webhook",
            "description": "Signed by the far side: HMAC-SHA256 of the raw body in `X-Hub-Signature-256`.",
            "parameters": [
                {"name": "connector", "in": "path", "required": True, "schema": {"type": "string", "enum": ["github"]}},
                *(
                    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
                    for name in ("X-Hub-Signature-256", "X-GitHub-Event", "X-GitHub-Delivery")
                ),
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {
                "200": _IGNORED,
                "202": _ACCEPTED,
                "400": _refused("Signed, but no webhook of a known shape"),
                "401": _refused("The signature is missing or wrong"),
                "404": _refused("No such connector"),
                "413": _refused("Larger than any webhook"),
                "415": _refused("Not JSON"),
                "503": _refused("No secret is configured, or not available at the moment"),
            },
        }
    }
}
