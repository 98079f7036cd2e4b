"""A small client of our own HTTP API and of the operations function, for scripts that run beside the stack."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from local.aws import Aws
from local.errors import LocalStackError


class RefusedError(LocalStackError):
    """The API answered with a problem; `status` is its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Api:
    """The API at `base_url`, called with one token."""

    base_url: str
    token: str

    def get(self, path: str) -> dict[str, Any]:
        return self._send("GET", path, None, {})

    def items(self, path: str) -> list[dict[str, Any]]:
        """Every item of a list, all its pages."""
        joint = "&" if "?" in path else "?"
        page = self.get(path)
        items: list[dict[str, Any]] = page["items"]
        while page.get("nextCursor"):
            page = self.get(f"{path}{joint}cursor={page['nextCursor']}")
            items += page["items"]
        return items

    def post(self, path: str, body: Mapping[str, Any] | None = None, key: str | None = None) -> dict[str, Any]:
        """Send a mutation; with an idempotency key a repeat returns the first answer."""
        headers = {"idempotency-key": key} if key else {}
        return self._send("POST", path, body, headers)

    def delete(self, path: str) -> dict[str, Any]:
        return self._send("DELETE", path, None, {})

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        answer = urllib3.request(
            method,
            self.base_url + path,
            json=body,
            headers={"authorization": f"Bearer {self.token}", **headers},
            timeout=40,
            retries=False,
        )
        if answer.status >= 400:
            raise RefusedError(
                f"{method} {path} answered {answer.status}: {answer.data.decode(errors='replace')}", answer.status
            )
        content: dict[str, Any] = answer.json() if answer.data else {}
        return content


@dataclass(frozen=True, slots=True)
class Operations:
    """The function that only the deployment's own operators may call, reached through IAM."""

    aws: Aws
    function: str

    def run(self, operation: str, **details: Any) -> dict[str, Any]:
        """Run one operation and return its result; raise LocalStackError with the function's reason."""
        answer = self.aws.client("lambda").invoke(
            FunctionName=self.function, Payload=json.dumps({"operation": operation, **details}).encode()
        )
        content = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            raise LocalStackError(f"The operation {operation} failed: {content}")
        result: dict[str, Any] = json.loads(content)
        if not result["ok"]:
            raise LocalStackError(f"The operation {operation} was refused: {json.dumps(result['error'])}")
        return result
