"""What AWS answered once, to be answered again without AWS: request → status, headers, body.

Used on both sides: the tests record, the function under measurement replays, with the standard library and botocore.
"""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

Answers = dict[str, tuple[int, dict[str, str], str]]


class Recording:
    def __init__(self, answers: Answers | None = None) -> None:
        self.answers: Answers = answers or {}
        self._known: dict[tuple[str, Any], tuple[int, dict[str, str], bytes]] = {}

    @classmethod
    def load(cls, path: str) -> "Recording":
        return cls(json.loads(Path(path).read_text()))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.answers))

    def note(self, request: Any, response: Any) -> None:
        answer = (response.status_code, dict(response.headers), response.content.decode("latin-1"))
        for name in names_of(request):
            self.answers.setdefault(name, answer)
        response.raw.seek(0)

    def replay(self, request: Any, **_: Any) -> Any:
        """botocore's `before-send`: an answer given here is taken for the far side's."""
        from botocore.awsrequest import AWSResponse

        # Looked up by its bytes after the first time, so that a warm answer is not charged for finding it.
        asked = (request.url, request.body)
        if asked not in self._known:
            status, headers, body = next(self.answers[name] for name in names_of(request) if name in self.answers)
            self._known[asked] = status, headers, body.encode("latin-1")
        status, headers, data = self._known[asked]
        return AWSResponse(request.url, status, headers, _Raw(data))


class _Raw(BytesIO):
    """urllib3's response, as far as botocore reads it."""

    def stream(self, **_: Any) -> Any:
        yield self.read()


def names_of(request: Any) -> list[str]:
    """The request itself; and its operation, for those that carry a time or an id of their own."""
    target = request.headers.get("X-Amz-Target", b"")
    operation = target.decode() if isinstance(target, bytes) else str(target)
    place = f"{request.method} {request.url} {operation}"
    return [f"{place} {_canonical(request.body)}", place]


def _canonical(body: Any) -> str:
    """Sets are spelled in any order."""
    text = body.decode("latin-1") if isinstance(body, bytes) else str(body or "")
    return json.dumps(_sorted(json.loads(text))) if text.startswith("{") else text


def _sorted(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _sorted(node[name]) for name in sorted(node)}
    if isinstance(node, list):
        return sorted(map(_sorted, node), key=json.dumps)
    return node
