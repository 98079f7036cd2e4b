"""What a function adds to a request, with AWS answering at once from a recording of moto's answers."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from moto.core.botocore_stubber import BotocoreStubber

from functions.admin import handler as admin
from functions.delivery import handler as delivery
from functions.webhook import handler as webhook
from shared.bootstrap import Services, services
from shared.domain.config_object import SourceMode
from shared.services.config_objects import ObjectDraft
from shared.services.drafts import ContentDraft
from shared.services.plugins import PluginDraft
from tests.benchmarks.bundles import ECHO, Shelf
from tests.benchmarks.recording import Recording
from tests.fixtures.http import http_event
from tests.fixtures.people import Person
from tests.integration.sync.deliveries import push_body, signed

OBJECTS, STARTS, REQUESTS = 50, 5, 300
SKILL = "---\nname: review-{0}\ndescription: Reviews code, the part {0} of it.\n---\nSay what is wrong.\n"


@dataclass(frozen=True)
class Request:
    """One kind of request; `bar_ms` of warm time over echo."""

    name: str
    module: ModuleType
    event: dict[str, Any]
    status: int
    bar_ms: float


@pytest.fixture
def requests(depot: Services, alice: Person, quick_moto: None) -> list[Request]:
    """Alice asks; her org has a plugin of fifty skills."""
    actor = depot.authentication.authenticate(alice.token, alice.org_id)
    plugin = depot.plugins.create(actor, PluginDraft("reviews"))
    drafts = [
        ObjectDraft("skill", SourceMode.CLOUD, ContentDraft(SKILL.format(n)), [plugin.id]) for n in range(OBJECTS)
    ]
    entities = [depot.config_objects.create(actor, draft) for draft in drafts]

    def get(path: str) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {alice.token}"}
        return http_event("GET", f"/v1/orgs/{alice.org_id}{path}", headers=headers)

    body = push_body(1, "a" * 40)
    push = http_event("POST", "/api/webhooks/connectors/github", body, {k.lower(): v for k, v in signed(body).items()})
    return [
        Request("get object", admin, get(f"/config-objects/{entities[0].id}"), 200, 1.5),
        Request(f"list {OBJECTS}", admin, get(f"/config-objects?limit={OBJECTS}"), 200, 6),
        Request(f"manifest of {OBJECTS}", delivery, get(f"/delivery/plugins/{plugin.id}/manifest"), 200, 4),
        Request("push, no target", webhook, {**push, "pathParameters": {"connector": "github"}}, 200, 0.5),
    ]


@contextmanager
def recorded(recording: Recording) -> Iterator[None]:
    answer = BotocoreStubber.__call__

    def noted(self: BotocoreStubber, event_name: str, request: Any, **options: Any) -> Any:
        response = answer(self, event_name, request, **options)
        recording.note(request, response)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "__call__", noted)
        yield


def record(request: Request) -> Recording:
    """What a new process asks when nothing has changed since another one answered the same."""
    request.module.handler(request.event, None)
    services.cache_clear()
    recording = Recording()
    with recorded(recording):
        answer = request.module.handler(request.event, None)
    assert answer["statusCode"] == request.status, json.dumps(answer)
    return recording


def first_answer(shelf: Shelf, name: str, request: Request, **environment: str) -> float:
    """Milliseconds of computing from the process's start until its first answer."""
    with shelf.running(name, **environment) as function:
        answer, _ = function.invoke(request.event)
    assert name == ECHO or answer["statusCode"] == request.status, answer
    return function.cpu_ms


def warm_answer(shelf: Shelf, name: str, request: Request, **environment: str) -> float:
    """Milliseconds of the fastest of many answers, on the clock."""
    with shelf.running(name, **environment) as function:
        return min(function.invoke(request.event)[1] for _ in range(REQUESTS))


@pytest.mark.benchmark
def test_requests(shelf: Shelf, requests: list[Request], tmp_path: Path) -> None:
    print("\n\n| request | CPU to the first answer, over echo | warm, over echo | bar |\n|---|---|---|---|")
    for number, request in enumerate(requests):
        path = tmp_path / f"{number}.json"
        record(request).save(path)
        function = request.module.__name__.split(".")[1]
        told = {name: value for name, value in os.environ.items() if name.startswith(("DEPOT_", "AWS_DEFAULT"))}
        told |= {"entry": "replayed", "BENCH_ENTRY": request.module.__name__, "BENCH_RECORDING": str(path)}
        first = min(first_answer(shelf, function, request, **told) for _ in range(STARTS))
        echo_first = min(first_answer(shelf, ECHO, request) for _ in range(STARTS))
        warm = warm_answer(shelf, function, request, **told) - warm_answer(shelf, ECHO, request)
        print(f"| {request.name} | {first - echo_first:.0f} ms | {warm:.2f} ms | {request.bar_ms} ms |")
