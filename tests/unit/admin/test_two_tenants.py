"""Another tenant's ids: every one of them behaves as if it did not exist, and nothing is written."""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from functions.admin.handler import app
from shared.bootstrap import Services
from shared.http.routes import Declared
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL
from tests.unit.admin.rows import filled, rows_of

_MODULES = dict.fromkeys(module for area in app.areas if "{orgId}" in area.base for module in area.modules.values())
ROUTES = [declared for module in _MODULES for declared in import_module(module).routes.declared if "<" in declared.rule]
BODIES: dict[str, dict[str, Any]] = {
    "create_version": {"input": {"rawSourceText": f"{SKILL}More."}},
    "update_config_object": {"description": "taken over"},
    "update_plugin": {"description": "taken over"},
    "add_plugin_member": {"configObjectId": "{object_id}"},
    "add_plugin_members": {"items": [{"configObjectId": "{object_id}"}]},
    "join_plugin": {"pluginId": "{plugin_id}"},
    "give_object_access": {"memberId": "{stranger_id}", "role": "manager"},
    "create_release": {"version": "1.0.0"},
    "add_plugin_to_marketplace": {"pluginId": "{plugin_id}"},
    "add_plugins_to_marketplace": {"items": [{"pluginId": "{plugin_id}"}]},
    "update_marketplace": {"description": "taken over"},
    "give_marketplace_access": {"memberId": "{stranger_id}", "role": "manager"},
    "give_plugin_access": {"memberId": "{stranger_id}", "role": "manager"},
    "update_member": {"displayName": "Taken Over"},
    "rename_team": {"name": "Taken Over"},
    "disconnect_account": {"dryRun": False},
    "update_instance": {"name": "taken over"},
    "give_instance_access": {"memberId": "{stranger_id}", "role": "manager"},
    "update_target": {"branch": "taken"},
    "create_target": {"repositoryFullName": "acme/reviews"},
    "update_mapping": {"selector": "/taken/over"},
    "create_mappings": {"items": [{"selector": "/skills/*/SKILL.md", "objectType": "skill"}]},
    "apply_discovery": {"selectedKeys": ["entry:reviews"]},
    "create_mapping": {"selector": "/skills/*/SKILL.md", "objectType": "skill"},
}
QUERIES = {
    "compare_releases": "?from={release_id}&to={release_id}",
    "compare_versions": "?from=latest&to=latest",
}


BODIES |= {
    declared.function.__name__: BODIES["create_version"]
    for declared in ROUTES
    if declared.method == "POST" and declared.rule.endswith("s/<object_id>/versions")
}


@pytest.fixture
def ids(
    api_as: ApiAs,
    alice: Person,
    mallory: Person,
    object_id: str,
    plugin_id: str,
    marketplace_id: str,
    release_id: str,
    account_id: str,
    instance_id: str,
    mapping_id: str,
    target_id: str,
    event_id: str,
    team_of: Callable[..., str],
) -> dict[str, str]:
    """One id of each kind, all of Acme's, as the routes name them."""
    (grant,) = api_as(alice).get(f"/plugins/{plugin_id}/access").items
    (version,) = api_as(alice).get(f"/config-objects/{object_id}/versions").items
    return {
        "object_id": object_id,
        "version_id": version.id,
        "plugin_id": plugin_id,
        "marketplace_id": marketplace_id,
        "release_id": release_id,
        "grant_id": grant.id,
        "account_id": account_id,
        "instance_id": instance_id,
        "mapping_id": mapping_id,
        "target_id": target_id,
        "event_id": event_id,
        "member_id": alice.id,
        "team_id": team_of(alice),
        "token_id": api_as(alice).get("/tokens").items[0].id,
        "stranger_id": mallory.id,
        "file_path": "SKILL.md",
    }


@pytest.mark.parametrize("base", ["own", "theirs"])
def test_another_tenants_ids_are_not_found_on_any_route(
    depot: Services, api_as: ApiAs, alice: Person, mallory: Person, ids: dict[str, str], base: str
) -> None:
    org = {"own": mallory.org_id, "theirs": alice.org_id}[base]
    api_as(mallory).get("/plugins")  # the first use of a token is noted
    before = rows_of(depot)

    answers = {
        f"{each.method} {each.rule}": api_as(mallory).send(each.method, _path(org, each, ids), _body(each, ids))
        for each in ROUTES
    }

    assert {route: answer.code for route, answer in answers.items()} == dict.fromkeys(answers, "not_found")
    assert {answer.status for answer in answers.values()} == {404}
    assert rows_of(depot) == before


def _path(org: str, declared: Declared, ids: dict[str, str]) -> str:
    path = re.sub(r"<(\w+)>", lambda name: ids[name[1]], declared.rule)
    return f"/v1/orgs/{org}{path}{QUERIES.get(declared.function.__name__, '').format(**ids)}"


def _body(declared: Declared, ids: dict[str, str]) -> Any:
    body = BODIES.get(declared.function.__name__)
    return filled(body, ids) if body else None
