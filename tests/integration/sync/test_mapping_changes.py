"""Changing and removing mappings: a run is queued, what is selected keeps its identity, what is not is ended."""

from typing import Any

import pytest

from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import ApiAs, Person, join
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.files import command, servers, skill
from tests.integration.sync.marketplaces import Desk, at_desk
from tests.integration.sync.world import World

FILES = {
    "skills/review/SKILL.md": skill("review"),
    "skills/deploy/SKILL.md": skill("deploy"),
    "docs/do.md": command("Do it."),
    ".mcp.json": servers("search", "mail"),
}


@pytest.fixture
def desk(world: World, api_as: ApiAs, alice: Person) -> Desk:
    return at_desk(world, api_as, alice, FILES)


def add(desk: Desk, selector: str, object_type: str, **more: Any) -> Any:
    body = {"selector": selector, "objectType": object_type, **more}
    return desk.api.post(f"/connector-targets/{desk.connected.target_id}/mappings", body).item


def sync(desk: Desk) -> None:
    assert desk.world.resync(desk.connected).status is SyncStatus.COMPLETED


def ids(desk: Desk) -> dict[str, str]:
    return {locator: one.id for locator, one in desk.world.rows.objects().items() if one.status == "active"}


def test_a_change_queues_a_run_and_what_is_still_selected_keeps_its_identity(desk: Desk) -> None:
    mapping = add(desk, "/skills/*/SKILL.md", "skill")
    sync(desk)
    before = ids(desk)

    answer = desk.api.patch(f"/connector-mappings/{mapping.id}", {"selector": "/skills/review/"})
    desk.world.queue.drain()

    assert (answer.status, answer.item.selector) == (200, "/skills/review/")
    assert ids(desk) == {"skills/review/SKILL.md": before["skills/review/SKILL.md"]}
    assert [stone.locator for stone in desk.world.rows.tombstones()] == ["skills/deploy/SKILL.md"]


def test_another_plugin_takes_over_what_the_mapping_brought(desk: Desk) -> None:
    first, second = (desk.api.post("/plugins", {"name": name}).item.id for name in ("first", "second"))
    mapping = add(desk, "/skills/*/SKILL.md", "skill", pluginId=first)
    sync(desk)
    before = ids(desk)

    desk.api.patch(f"/connector-mappings/{mapping.id}", {"pluginId": second})
    desk.world.queue.drain()

    assert (desk.members("first"), desk.members("second")) == ([], ["deploy", "review"])
    assert ids(desk) == before


def test_what_people_added_to_a_plugin_stays_when_its_mapping_leaves(desk: Desk) -> None:
    plugin = desk.api.post("/plugins", {"name": "first"}).item.id
    mapping = add(desk, "/skills/*/SKILL.md", "skill")
    sync(desk)
    desk.api.post(f"/plugins/{plugin}/config-objects", {"configObjectId": ids(desk)["skills/review/SKILL.md"]})

    desk.api.patch(f"/connector-mappings/{mapping.id}", {"pluginId": plugin})
    desk.world.queue.drain()
    desk.api.patch(f"/connector-mappings/{mapping.id}", {"pluginId": None})
    desk.world.queue.drain()

    assert desk.members("first") == ["review"]


def test_another_type_is_another_identity(desk: Desk) -> None:
    mapping = add(desk, "/docs/do.md", "command")
    sync(desk)
    before = ids(desk)["docs/do.md"]

    desk.api.patch(f"/connector-mappings/{mapping.id}", {"objectType": "agent"})
    desk.world.queue.drain()

    assert desk.world.rows.objects()["docs/do.md"].type == "agent"
    assert ids(desk)["docs/do.md"] != before


def test_another_parser_mode_reads_the_same_files_anew(desk: Desk) -> None:
    mapping = add(desk, "/skills/review/SKILL.md", "skill")
    sync(desk)
    before = ids(desk)

    desk.api.patch(f"/connector-mappings/{mapping.id}", {"parserMode": "opencode"})
    desk.world.queue.drain()

    assert desk.world.rows.objects()["skills/review/SKILL.md"].projection["dialect"] == "opencode"
    assert ids(desk) == before


def test_a_removed_mapping_ends_what_it_alone_brought(desk: Desk) -> None:
    wide, narrow = add(desk, "/skills/*/SKILL.md", "skill"), add(desk, "/skills/review/SKILL.md", "skill")
    servers = add(desk, "/.mcp.json", "mcp")
    sync(desk)
    before = ids(desk)

    for each in (narrow, servers):
        assert desk.api.delete(f"/connector-mappings/{each.id}").status == 200
    desk.world.queue.drain()

    assert ids(desk) == {path: one for path, one in before.items() if path.startswith("skills/")}
    assert [one.id for one in desk.mappings()] == [wide.id]
    assert desk.api.get(f"/connector-mappings/{narrow.id}").status == 404


def test_removing_needs_manager_and_changing_editor(world: World, desk: Desk, api_as: ApiAs, alice: Person) -> None:
    mapping, bob = add(desk, "/skills/*/SKILL.md", "skill"), join(world.depot, alice, "bob")
    desk.api.post(f"/connector-instances/{desk.connected.instance_id}/access", {"memberId": bob.id, "role": "editor"})

    changed = api_as(bob).patch(f"/connector-mappings/{mapping.id}", {"selector": "/skills/"})
    removed = api_as(bob).delete(f"/connector-mappings/{mapping.id}")

    assert (changed.status, removed.status, removed.code) == (200, 403, "missing_role")


def test_binding_to_a_plugin_needs_editor_on_it(world: World, desk: Desk, api_as: ApiAs, alice: Person) -> None:
    plugin, mapping = desk.api.post("/plugins", {"name": "hers"}).item.id, add(desk, "/skills/*/SKILL.md", "skill")
    bob = join(world.depot, alice, "bob")
    desk.api.post(f"/connector-instances/{desk.connected.instance_id}/access", {"memberId": bob.id, "role": "editor"})

    hidden = api_as(bob).patch(f"/connector-mappings/{mapping.id}", {"pluginId": plugin})
    desk.api.post(f"/plugins/{plugin}/access", {"memberId": bob.id, "role": "viewer"})
    seen = api_as(bob).patch(f"/connector-mappings/{mapping.id}", {"pluginId": plugin})

    assert (hidden.status, seen.status, seen.code) == (404, 403, "missing_role")


def test_an_older_state_is_not_changed(desk: Desk) -> None:
    mapping = add(desk, "/skills/*/SKILL.md", "skill")
    path = f"/connector-mappings/{mapping.id}"
    etag = desk.api.get(path).headers["etag"]
    desk.api.patch(path, {"selector": "/skills/"}, if_match=etag)

    stale = desk.api.patch(path, {"selector": "/docs/"}, if_match=etag)

    assert (stale.status, desk.api.get(path).item.selector) == (412, "/skills/")


@pytest.mark.parametrize(
    ("body", "path"),
    [({"selector": "/a["}, "selector"), ({"objectType": "poem"}, "objectType"), ({"funny": 1}, "funny")],
)
def test_a_wrong_change_is_refused_by_its_field(desk: Desk, body: dict[str, Any], path: str) -> None:
    mapping = add(desk, "/skills/*/SKILL.md", "skill")

    answer = desk.api.patch(f"/connector-mappings/{mapping.id}", body)

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, path)


def test_a_preview_says_what_would_become_of_each_path_and_stores_nothing(desk: Desk) -> None:
    mapping = add(desk, "/skills/review/SKILL.md", "skill")
    sync(desk)
    before = desk.world.rows.items()

    found = desk.api.post(f"/connector-mappings/{mapping.id}/preview", {"selector": "/skills/*/SKILL.md"}).json["item"]

    assert (found["matched"], found["found"]) == (2, 2)
    assert found["paths"] == ["skills/deploy/SKILL.md", "skills/review/SKILL.md"]
    assert {one["locator"]: (one["title"], one["change"]) for one in found["units"]} == {
        "skills/deploy/SKILL.md": ("deploy", "create"),
        "skills/review/SKILL.md": ("review", "keep"),
    }
    assert desk.world.rows.items() == before


def test_a_preview_names_what_is_inside_a_file(desk: Desk) -> None:
    mapping = add(desk, "/.mcp.json", "mcp")

    found = desk.api.post(f"/connector-mappings/{mapping.id}/preview").json["item"]

    assert [one["locator"] for one in found["units"]] == [".mcp.json#search", ".mcp.json#mail"]


def test_a_preview_leaves_paths_to_more_specific_mappings_and_tells_of_equal_ones(desk: Desk) -> None:
    wide = add(desk, "/skills/*/SKILL.md", "skill")
    add(desk, "/skills/review/SKILL.md", "skill")
    add(desk, "/skills/*/SKILL.md", "skill")

    found = desk.api.post(f"/connector-mappings/{wide.id}/preview").json["item"]

    assert found["paths"] == ["skills/deploy/SKILL.md"]
    assert [note["code"] for note in found["diagnostics"]] == ["mapping_ambiguous"]


def test_an_object_that_two_mappings_select_equally_says_so(desk: Desk) -> None:
    add(desk, "/skills/*/SKILL.md", "skill")
    add(desk, "/skills/*/SKILL.md", "skill")
    sync(desk)

    noted = [one for one in desk.world.rows.objects().values() if one.diagnostics]

    assert [note.code for one in noted for note in one.diagnostics] == ["mapping_ambiguous"]


def test_a_preview_costs_one_look_at_the_repository(desk: Desk) -> None:
    mapping = add(desk, "/skills/*/SKILL.md", "skill")
    desk.world.restart()
    desk.world.github.requests.clear()

    with counted(desk.world.depot) as calls:
        desk.api.post(f"/connector-mappings/{mapping.id}/preview")

    assert len(desk.world.github.requests) <= 3 + 2  # token, head, tree; and a file for each of two units
    assert calls["dynamodb"] <= 11


def test_many_mappings_are_made_at_once_and_a_wrong_one_stops_no_other(desk: Desk) -> None:
    items = [{"selector": f"/a{number}/", "objectType": "skill"} for number in range(99)]
    items.insert(1, {"selector": "/a[", "objectType": "skill"})
    desk.world.restart()

    with counted(desk.world.depot) as calls:
        answer = desk.api.post(f"/connector-targets/{desk.connected.target_id}/mappings/bulk", {"items": items})

    results = answer.json["items"]
    assert (answer.status, len(results), len(desk.mappings())) == (207, 100, 99)
    assert [one["index"] for one in results if one["status"] != 201] == [1]
    assert results[1]["error"]["errors"][0]["path"] == "selector"
    assert calls["dynamodb"] <= 8
