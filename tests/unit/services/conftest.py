"""What the use cases' tests share."""

from collections.abc import Callable

import pytest

from shared.bootstrap import Services
from shared.domain.access import Actor
from tests.fixtures.people import Person

ActorOf = Callable[[Person], Actor]


@pytest.fixture
def actor_of(depot: Services) -> ActorOf:
    return lambda person: depot.authentication.authenticate(person.token, person.org_id)
