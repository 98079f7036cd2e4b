"""Every operation answers what its description says, whatever is asked and whoever asks.

`make fuzz` sends at least CASES requests (20,000 unless told otherwise), half of them against the description.
"""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from local.github import GitHubStandIn
from shared.bootstrap import Services
from shared.domain.token import read_token
from tests.contract.gateway import gateway
from tests.contract.world import World, populate
from tests.fixtures.people import ApiAs, Person, delivery_token

pytestmark = pytest.mark.benchmark

CASES = int(os.environ.get("CASES", "20000"))
ROLES = ("owner", "member", "stranger", "delivery")
Tokens = dict[str, str]
_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_CHECKED = ("status_code_conformance", "content_type_conformance", "response_schema_conformance")


@pytest.fixture
def tokens(depot: Services, alice: Person, bob: Person, mallory: Person) -> Tokens:
    tokens = {"owner": alice.token, "member": bob.token, "stranger": mallory.token}
    return tokens | {"delivery": delivery_token(depot, bob)}


@pytest.fixture
def world(
    depot: Services, github: GitHubStandIn, alice: Person, bob: Person, carol: Person, api_as: ApiAs, tokens: Tokens
) -> World:
    own = filter(None, map(read_token, tokens.values()))
    callers = {alice.id, bob.id, *(one.token_id for one in own)}
    return populate(api_as(alice), alice, depot, callers)


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_answers_what_its_description_says(
    role: str, tokens: Tokens, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    load_all_checks()
    checks = [not_a_server_error, *(CHECKS.get_one(name) for name in _CHECKED)]
    sender = _Sender(world, {"Authorization": f"Bearer {tokens[role]}"}, checks)
    operations = list(_operations())
    each = -(-CASES // (len(ROLES) * len(operations) * len(_MODES)))

    for operation in operations:
        for mode in _MODES:
            sender.send_many(operation, mode, each)

    with capfd.disabled():
        print(f"\n{role}: {sender.sent.total()} requests, by status {dict(sorted(sender.sent.items()))}")
        print(*sender.failures, sep="\n")
    assert not sender.failures, "\n\n".join(f"{name}\n{why}" for name, why in sender.failures.items())


class _Sender:
    """Sends cases and keeps the first failure of each operation and mode."""

    def __init__(self, world: World, headers: dict[str, str], checks: list[Any]) -> None:
        self._world, self._headers, self._checks = world, headers, checks
        self.sent: Counter[int] = Counter()
        self.failures: dict[str, str] = {}

    def send_many(self, operation: Any, mode: GenerationMode, count: int) -> None:
        # Found once, a failure is told as it is: shrinking would send thousands of requests more.
        quick = settings(
            max_examples=count,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize="SEED" not in os.environ,
        )
        name = f"{operation.method.upper()} {operation.path} ({mode.value})"

        @quick
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            self._send(case)

        try:
            send()
        except Unsatisfiable:
            return  # a request without parameters or body has nothing that could be wrong
        except (FailureGroup, AssertionError) as failure:
            self.failures[name] = _told(failure)

    def _send(self, case: Any) -> None:
        case.path_parameters = self._world.name(case.path_parameters or {})
        answer = case.call(headers=self._headers)
        self.sent[answer.status_code] += 1
        self._world.learn(answer.text)
        case.validate_response(answer, checks=self._checks, headers=self._headers)


def _operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", gateway)
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        # The health routes look at things that stand still here, and the page is for people.
        if operation.path not in ("/readyz", "/docs", "/openapi.json"):
            yield operation


def _told(failure: BaseException) -> str:
    parts = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
    return "\n".join(str(part)[:1500] for part in parts)
