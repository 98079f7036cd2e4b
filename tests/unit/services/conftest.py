"""What the use cases' tests share: actors, and a far side that answers one request at a time."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from moto.core.botocore_stubber import BotocoreStubber

from shared.bootstrap import Services
from shared.domain.access import Actor
from tests.fixtures.people import Person

ActorOf = Callable[[Person], Actor]


@pytest.fixture
def actor_of(depot: Services) -> ActorOf:
    return lambda person: depot.authentication.authenticate(person.token, person.org_id)


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table in memory is no more thread-safe than a dict, and DynamoDB puts the writers of an item in a row too.

    What races is everything of ours between two requests.
    """
    turn, answer = threading.Lock(), BotocoreStubber.__call__

    def answer_alone(self: BotocoreStubber, *args: Any, **options: Any) -> Any:
        with turn:
            return answer(self, *args, **options)

    monkeypatch.setattr(BotocoreStubber, "__call__", answer_alone)
