"""A repeated creation is answered as the first one was."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.bootstrap import Services, utc_now
from shared.domain.access import Actor, ActorKind
from shared.domain.errors import IdempotencyMismatch, RequestInProgress
from shared.repositories.idempotency import KEPT
from shared.services.idempotency import Idempotency
from shared.services.mint import Mint

ACTOR = Actor(ActorKind.MEMBER, "org_1", "mem_1")
REQUEST = b"POST /plugins {}"


@pytest.fixture
def idempotency(depot: Services) -> Idempotency:
    return depot.idempotency


def later(idempotency: Idempotency, by: timedelta) -> Idempotency:
    def now() -> datetime:
        return utc_now() + by

    return replace(idempotency, mint=Mint(now, idempotency.mint.random_bits))


def test_the_first_request_is_done_and_the_second_answered(idempotency: Idempotency) -> None:
    first = idempotency.start(ACTOR, "key", REQUEST)
    idempotency.finish(ACTOR, "key", 201, '{"id": "plg_1"}')

    second = idempotency.start(ACTOR, "key", REQUEST)

    assert first is None
    assert second is not None
    assert (second.status, second.body) == (201, '{"id": "plg_1"}')


def test_while_the_first_is_being_answered_the_second_waits(idempotency: Idempotency) -> None:
    idempotency.start(ACTOR, "key", REQUEST)

    with pytest.raises(RequestInProgress):
        idempotency.start(ACTOR, "key", REQUEST)


@pytest.mark.parametrize("answered", [True, False])
def test_another_request_under_the_same_key_is_a_mistake(idempotency: Idempotency, answered: bool) -> None:
    idempotency.start(ACTOR, "key", REQUEST)
    if answered:
        idempotency.finish(ACTOR, "key", 201, "{}")

    with pytest.raises(IdempotencyMismatch):
        idempotency.start(ACTOR, "key", b"another")


def test_a_refused_request_frees_its_key(idempotency: Idempotency) -> None:
    idempotency.start(ACTOR, "key", REQUEST)
    idempotency.release(ACTOR, "key")

    assert idempotency.start(ACTOR, "key", b"corrected") is None


def test_a_first_request_that_died_gives_way(idempotency: Idempotency) -> None:
    idempotency.start(ACTOR, "key", REQUEST)

    with pytest.raises(RequestInProgress):
        later(idempotency, timedelta(seconds=20)).start(ACTOR, "key", REQUEST)
    assert later(idempotency, timedelta(seconds=40)).start(ACTOR, "key", REQUEST) is None


def test_an_answer_is_kept_for_a_day(idempotency: Idempotency) -> None:
    idempotency.start(ACTOR, "key", REQUEST)
    idempotency.finish(ACTOR, "key", 201, "{}")

    assert later(idempotency, KEPT - timedelta(minutes=1)).start(ACTOR, "key", REQUEST) is not None
    assert later(idempotency, KEPT + timedelta(minutes=1)).start(ACTOR, "key", REQUEST) is None


@pytest.mark.parametrize(
    "other", [replace(ACTOR, id="mem_2"), replace(ACTOR, org_id="org_2")], ids=["another caller", "another org"]
)
def test_a_key_belongs_to_its_caller(idempotency: Idempotency, other: Actor) -> None:
    idempotency.start(ACTOR, "key", REQUEST)

    assert idempotency.start(other, "key", b"theirs") is None


def test_a_long_answer_is_kept_whole(idempotency: Idempotency) -> None:
    body = '{"text": "' + "a long answer " * 100_000 + '"}'
    idempotency.start(ACTOR, "key", REQUEST)
    idempotency.finish(ACTOR, "key", 201, body)

    kept = idempotency.start(ACTOR, "key", REQUEST)

    assert kept is not None
    assert kept.body == body
