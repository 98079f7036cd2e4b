"""Literal secrets are delivered as they are where a manager says so, and nowhere else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.config_object import ConfigObject
from shared.domain.plugin import Plugin
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.delivery.conftest import SECRET, Publisher
from tests.integration.delivery.test_downloads import fetch, unzip

Delivered = Callable[[Person], Api]


@pytest.fixture
def plugin(publisher: Publisher) -> Plugin:
    return publisher.plugin()


@pytest.fixture
def server(publisher: Publisher, plugin: Plugin) -> ConfigObject:
    return publisher.server(plugin)


@pytest.fixture
def choose(api_as: ApiAs, alice: Person, server: ConfigObject) -> Callable[[str], Any]:
    return lambda choice: api_as(alice).patch(f"/config-objects/{server.id}", {"secretDelivery": choice})


def _servers(depot: Services, api: Api, plugin: Plugin) -> Any:
    files = unzip(fetch(depot, api.get(f"/plugins/{plugin.id}/download?client=claude-code&format=zip")))
    return json.loads(next(data for path, data in files.items() if path.endswith(".mcp.json")))["mcpServers"]


def test_a_managers_choice_delivers_the_secret_and_no_variable(
    depot: Services, delivered_to: Delivered, alice: Person, plugin: Plugin, choose: Callable[[str], Any]
) -> None:
    before = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item

    answer = choose("literal")

    after = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item
    assert (answer.status, answer.item.secretDelivery) == (200, "literal")
    assert (len(before.variables), after.variables) == (1, [])
    assert after.digest != before.digest
    assert _servers(depot, delivered_to(alice), plugin)["search"]["env"] == {"API_KEY": SECRET}


def test_the_choice_can_be_taken_back_and_mixes_nothing_up(
    depot: Services, delivered_to: Delivered, alice: Person, plugin: Plugin, choose: Callable[[str], Any]
) -> None:
    before = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item

    choose("literal")
    delivered_to(alice).get(f"/plugins/{plugin.id}/manifest")
    choose("placeholder")

    again = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item
    assert (again.digest, again.variables) == (before.digest, before.variables)
    assert SECRET not in repr([vars(depot.delivery_contents.delivered), vars(depot.delivery_contents.blobs)])


def test_a_viewer_of_a_literal_server_still_reads_placeholders(
    api_as: ApiAs, alice: Person, bob: Person, plugin: Plugin, server: ConfigObject, choose: Callable[[str], Any]
) -> None:
    api_as(alice).post(f"/plugins/{plugin.id}/access", {"memberId": bob.id, "role": "viewer"})
    choose("literal")

    answer = api_as(bob).get(f"/config-objects/{server.id}/versions/latest")

    assert answer.status == 200
    assert SECRET not in answer.body.decode()


def test_an_editor_may_not_choose(
    depot: Services, api_as: ApiAs, alice: Person, bob: Person, server: ConfigObject
) -> None:
    api_as(alice).post(f"/config-objects/{server.id}/access", {"memberId": bob.id, "role": "editor"})

    answer = api_as(bob).patch(f"/config-objects/{server.id}", {"secretDelivery": "literal"})

    assert (answer.status, answer.code) == (403, "missing_role")


def test_a_type_without_secrets_has_no_such_choice(
    api_as: ApiAs, alice: Person, publisher: Publisher, plugin: Plugin
) -> None:
    skill = publisher.skill(plugin)

    answer = api_as(alice).patch(f"/config-objects/{skill.id}", {"secretDelivery": "literal"})

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "secretDelivery")
