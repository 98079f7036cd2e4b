"""What the admin API's tests share: one object, one plugin, one connected repository of Alice's."""

from typing import Any

import pytest

from shared.bootstrap import Services
from tests.fixtures.github import INSTALLATION, FakeConnector
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill


@pytest.fixture
def object_id(api_as: ApiAs, alice: Person) -> str:
    """A skill of Alice's that nobody else in Acme may see."""
    return str(api_as(alice).post("/config-objects", skill()).item.id)


@pytest.fixture
def plugin_id(api_as: ApiAs, alice: Person) -> str:
    """A plugin of Alice's that nobody else in Acme may see."""
    return str(api_as(alice).post("/plugins", {"name": "reviews"}).item.id)


@pytest.fixture
def marketplace_id(api_as: ApiAs, alice: Person) -> str:
    """A marketplace of Alice's that nobody else in Acme may see."""
    return str(api_as(alice).post("/marketplaces", {"name": "tools"}).item.id)


@pytest.fixture
def release_id(api_as: ApiAs, alice: Person, plugin_id: str) -> str:
    """A release of Alice's plugin with a skill in it."""
    api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id]))
    return str(api_as(alice).post(f"/plugins/{plugin_id}/releases", {}).item.id)


@pytest.fixture
def account_id(depot: Services, api_as: ApiAs, alice: Person, github: FakeConnector) -> str:
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION))
    return str(api_as(alice).post("/connector-accounts", {"remoteId": str(INSTALLATION)}).item.id)


@pytest.fixture
def instance_id(api_as: ApiAs, alice: Person, account_id: str) -> str:
    return str(api_as(alice).post("/connector-instances", {"accountId": account_id, "name": "GitHub"}).item.id)


@pytest.fixture
def target_id(api_as: ApiAs, alice: Person, instance_id: str) -> str:
    body: dict[str, Any] = {"repositoryFullName": "acme/reviews"}
    return str(api_as(alice).post(f"/connector-instances/{instance_id}/targets", body).item.id)


@pytest.fixture
def mapping_id(api_as: ApiAs, alice: Person, target_id: str) -> str:
    body = {"selector": "/skills/*/SKILL.md", "objectType": "skill"}
    return str(api_as(alice).post(f"/connector-targets/{target_id}/mappings", body).item.id)


@pytest.fixture
def event_id(api_as: ApiAs, alice: Person, target_id: str) -> str:
    return str(api_as(alice).post(f"/connector-targets/{target_id}/resync").json["job"]["id"])
