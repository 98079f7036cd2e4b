"""Releases of a plugin, from the first one to what clients are given, through the handlers."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest

from functions.delivery.handler import handler as delivery
from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL, skill


@pytest.fixture
def member_id(api_as: ApiAs, alice: Person, plugin_id: str) -> str:
    """A skill in Alice's plugin."""
    return str(api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id])).item.id)


def release(api: Api, plugin_id: str, **body: Any) -> Answer:
    return api.post(f"/plugins/{plugin_id}/releases", body)


def rewrite(api: Api, object_id: str, more: str) -> str:
    answer = api.post(f"/config-objects/{object_id}/versions", {"input": {"rawSourceText": SKILL + more}})
    return str(answer.json["item"]["id"])


def test_a_release_is_a_numbered_snapshot_that_never_changes(
    api_as: ApiAs, alice: Person, plugin_id: str, member_id: str
) -> None:
    api = api_as(alice)
    made = release(api, plugin_id, notes="The first one.")
    path = f"/plugins/{plugin_id}/releases/{made.item.id}"
    before = api.get(path)
    rewrite(api, member_id, "More.\n")
    api.post("/config-objects", skill(pluginIds=[plugin_id]))

    after = api.get(path)

    assert made.status == 201
    assert made.headers["location"].endswith(path)
    assert (made.item.number, made.item.version, made.item.notes) == (1, "0.1.0", "The first one.")
    assert after.json == before.json
    assert [one["configObjectId"] for one in after.item.items] == [member_id]


def test_versions_are_given_or_counted(api_as: ApiAs, alice: Person, plugin_id: str, member_id: str) -> None:
    api = api_as(alice)
    wanted: list[dict[str, str]] = [{}, {}, {"version": "2.0.0-rc.1"}, {}, {"version": "1.4.0"}, {}]

    made = [release(api, plugin_id, **body).item for body in wanted]

    assert [one.version for one in made] == ["0.1.0", "0.1.1", "2.0.0-rc.1", "2.0.0", "1.4.0", "2.0.1"]
    assert [one.number for one in made] == [1, 2, 3, 4, 5, 6]
    newest = api.get(f"/plugins/{plugin_id}/releases?limit=4")
    rest = api.get(f"/plugins/{plugin_id}/releases?limit=4&cursor={newest.json['nextCursor']}")
    assert [one.id for one in (*newest.items, *rest.items)] == [one.id for one in reversed(made)]


@pytest.mark.parametrize("again", ["1.0.0", "1.0.0+rebuilt"])
def test_a_version_is_released_once(api_as: ApiAs, alice: Person, plugin_id: str, member_id: str, again: str) -> None:
    release(api_as(alice), plugin_id, version="1.0.0")

    answer = release(api_as(alice), plugin_id, version=again)

    assert (answer.status, answer.code) == (409, "version_taken")
    assert len(api_as(alice).get(f"/plugins/{plugin_id}/releases").items) == 1


@pytest.mark.parametrize("version", ["1", "v1.0.0", "latest", "1.0.0-01", ""])
def test_a_version_is_semantic(api_as: ApiAs, alice: Person, plugin_id: str, member_id: str, version: str) -> None:
    answer = release(api_as(alice), plugin_id, version=version)

    assert (answer.status, [one["path"] for one in answer.json["errors"]]) == (400, ["version"])


def test_nothing_cannot_be_released(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    answer = release(api_as(alice), plugin_id)

    assert (answer.status, answer.code) == (409, "conflict")


def test_editors_release_and_managers_promote(
    api_as: ApiAs, alice: Person, bob: Person, carol: Person, plugin_id: str, member_id: str
) -> None:
    for person, role in ((bob, "editor"), (carol, "viewer")):
        api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": person.id, "role": role})
    refused = release(api_as(carol), plugin_id)
    made = release(api_as(bob), plugin_id)
    path = f"/plugins/{plugin_id}/releases/{made.item.id}"

    promoted = api_as(bob).post(f"{path}/promote")

    assert (refused.status, made.status, promoted.status) == (403, 201, 403)
    assert api_as(carol).get(path).status == 200


def test_a_released_plugin_delivers_what_was_promoted_and_can_be_rolled_back(
    api_as: ApiAs, alice: Person, plugin_id: str, member_id: str
) -> None:
    api, client = api_as(alice), api_as(alice, delivery)
    api.patch(f"/plugins/{plugin_id}", {"deliveryMode": "released"})
    path = f"/delivery/plugins/{plugin_id}"
    statuses = [client.get(path).status, client.get(f"{path}/manifest").status]
    first = release(api, plugin_id).item
    rewrite(api, member_id, "More.\n")
    second = release(api, plugin_id).item
    rewrite(api, member_id, "Even more.\n")

    given = []
    for each in (second, first, first):
        api.post(f"/plugins/{plugin_id}/releases/{each.id}/promote")
        given.append(client.get(f"{path}/manifest").item)

    assert statuses == [404, 404]
    assert [one.digest for one in given] == [second.digest, first.digest, first.digest]
    assert [one.plugin["version"] for one in given] == ["0.1.1", "0.1.0", "0.1.0"]
    assert (given[0].channel, given[0].release["number"], given[0].signature) == ("release", 2, second.signature)
    assert client.get(path).item.version == "0.1.0"


def test_a_release_delivers_what_was_deleted_or_changed_since(
    api_as: ApiAs, alice: Person, plugin_id: str, member_id: str
) -> None:
    api, client = api_as(alice), api_as(alice, delivery)
    api.patch(f"/plugins/{plugin_id}", {"deliveryMode": "released", "description": "As it was"})
    made = release(api, plugin_id).item
    api.post(f"/plugins/{plugin_id}/releases/{made.id}/promote")
    path = f"/delivery/plugins/{plugin_id}/manifest"
    before = client.get(path).item

    api.post(f"/config-objects/{member_id}/delete")
    api.delete(f"/plugins/{plugin_id}/config-objects/{member_id}")
    api.patch(f"/plugins/{plugin_id}", {"description": "As it is"})

    after = client.get(path).item
    assert after == before
    assert (after.plugin["description"], after.digest) == ("As it was", made.digest)
    assert client.get(f"/delivery/plugins/{plugin_id}/download?client=claude-code").status == 302


def test_a_rolling_plugin_delivers_the_newest_whatever_was_promoted(
    api_as: ApiAs, alice: Person, plugin_id: str, member_id: str
) -> None:
    api, client = api_as(alice), api_as(alice, delivery)
    made = release(api, plugin_id).item
    api.post(f"/plugins/{plugin_id}/releases/{made.id}/promote")
    newest = rewrite(api, member_id, "More.\n")

    given = client.get(f"/delivery/plugins/{plugin_id}/manifest").item

    assert (given.channel, given.release, given.signature) == ("rolling", None, None)
    assert [one["versionId"] for one in given.items] == [newest]
    assert given.plugin["version"].startswith("0.0.")


def test_two_releases_are_compared_item_by_item(api_as: ApiAs, alice: Person, plugin_id: str, member_id: str) -> None:
    api = api_as(alice)
    gone, kept = (api.post("/config-objects", skill(pluginIds=[plugin_id])).item.id for _ in range(2))
    first = release(api, plugin_id).item.id
    rewrite(api, member_id, "More.\n")
    api.delete(f"/plugins/{plugin_id}/config-objects/{gone}")
    new = api.post("/config-objects", skill(pluginIds=[plugin_id])).item.id
    second = release(api, plugin_id).item.id

    found = api.get(f"/plugins/{plugin_id}/releases/compare?from={first}&to={second}").item

    assert [one["configObjectId"] for one in (*found.added, *found.removed)] == [new, gone]
    assert [one["before"]["configObjectId"] for one in found.changed] == [member_id]
    assert (found.unchanged, kept != gone) == (1, True)


def test_anybody_can_check_a_signature(api_as: ApiAs, alice: Person, plugin_id: str, member_id: str) -> None:
    made = release(api_as(alice), plugin_id, version="1.0.0").item

    keys = Api(delivery).get("/.well-known/plugin-depot/keys.json")

    (key,) = keys.json["keys"]
    assert keys.status == 200
    assert jwt.get_unverified_header(made.signature) == {"alg": "ES256", "kid": key["kid"]}
    said = json.loads(jwt.api_jws.decode(made.signature, jwt.PyJWK(key).key, algorithms=["ES256"]))
    assert (said["plugin"], said["release"], said["number"]) == (plugin_id, made.id, 1)
    assert (said["version"], said["digest"]) == ("1.0.0", made.digest)
    header, payload, signature = made.signature.split(".")
    forged = f"{header}.{payload[:-4]}AAAA.{signature}"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.api_jws.decode(forged, jwt.PyJWK(key).key, algorithms=["ES256"])


@pytest.mark.usefixtures("quick_moto")
def test_releases_at_once_get_numbers_of_their_own(
    api_as: ApiAs, alice: Person, plugin_id: str, member_id: str
) -> None:
    def one_more(_: int) -> Answer:
        return release(api_as(alice), plugin_id)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(one_more, range(8)))

    assert {one.status for one in made} == {201}
    assert sorted(one.item.number for one in made) == list(range(1, 9))
    assert len({one.item.version for one in made}) == 8


def test_an_older_plugins_releases_are_unknown_to_another(
    api_as: ApiAs, alice: Person, plugin_id: str, release_id: str
) -> None:
    other = api_as(alice).post("/plugins", {"name": "other"}).item.id

    asked = [
        api_as(alice).get(f"/plugins/{other}/releases/{release_id}"),
        api_as(alice).post(f"/plugins/{other}/releases/{release_id}/promote"),
        api_as(alice).get(f"/plugins/{other}/releases/compare?from={release_id}&to={release_id}"),
    ]

    assert [one.status for one in asked] == [404, 404, 404]


def test_a_release_is_read_at_a_fixed_cost(
    calls: Calls, api_as: ApiAs, alice: Person, plugin_id: str, release_id: str
) -> None:
    api = api_as(alice)
    api.get(f"/plugins/{plugin_id}/releases")

    with calls.counting() as listed:
        api.get(f"/plugins/{plugin_id}/releases")
    with calls.counting() as read:
        api.get(f"/plugins/{plugin_id}/releases/{release_id}")

    assert (listed.dynamodb, listed.of("s3"), read.dynamodb) == (3, 0, 3)
    assert read.of("s3") <= 1
