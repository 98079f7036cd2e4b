"""An object in as many plugins as it may be in: each change of it is still one transaction that tells them all."""

import pytest

from shared.bootstrap import Services
from shared.domain.config_object import MAX_PLUGINS
from shared.repositories.keys import config_object
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL

pytestmark = pytest.mark.usefixtures("quick_moto")


@pytest.fixture
def plugins(api_as: ApiAs, alice: Person, object_id: str) -> list[str]:
    """As many as may hold the object, which is in all of them."""
    api = api_as(alice)
    made = [str(api.post("/plugins", {"name": f"plugin-{number}"}).item.id) for number in range(MAX_PLUGINS)]
    for plugin_id in made:
        assert api.post(f"/plugins/{plugin_id}/config-objects", {"configObjectId": object_id}).status == 201
    return made


def test_one_plugin_too_many_is_refused_until_another_gives_the_object_up(
    depot: Services, api_as: ApiAs, alice: Person, object_id: str, plugin_id: str
) -> None:
    join = f"/plugins/{plugin_id}/config-objects", {"configObjectId": object_id}
    others = {f"plg_{number}" for number in range(MAX_PLUGINS)}
    with depot.begin() as work:
        work.update(config_object(alice.org_id, object_id), assign={"plugin_ids": frozenset(others)})

    refused = api_as(alice).post(*join)
    in_bulk = api_as(alice).post(f"{join[0]}/bulk", {"items": [join[1]]})
    with depot.begin() as work:
        depot.config_objects.objects.leave_plugin(alice.org_id, object_id, "plg_0", work)

    assert (refused.status, refused.code) == (413, "too_large")
    assert f"at most {MAX_PLUGINS} plugins" in refused.json["detail"]
    assert [one["status"] for one in in_bulk.json["items"]] == [413]
    assert api_as(alice).post(*join).status == 201


def test_every_change_of_an_object_in_many_plugins_is_written(
    depot: Services, api_as: ApiAs, alice: Person, object_id: str, plugins: list[str]
) -> None:
    place, text = f"/config-objects/{object_id}", SKILL + "More.\n"
    before = depot.plugins.plugins.find_all(alice.org_id, plugins)

    answers = [
        api_as(alice).post(f"{place}/versions", {"input": {"rawSourceText": text}}),
        *(api_as(alice).post(f"{place}/{change}") for change in ("archive", "restore", "delete", "restore")),
    ]

    after = depot.plugins.plugins.find_all(alice.org_id, plugins)
    assert [answer.status for answer in answers] == [201, 200, 200, 200, 200]
    assert {after[one].content_version - before[one].content_version for one in before} == {len(answers)}
