"""Archives carry their digests, are made once however many ask, and are of one version alone."""

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.bootstrap import Services
from shared.domain.plugin import DeliveryMode, Plugin
from shared.domain.rendering.layouts import ArchiveFormat, Client
from shared.services.delivery_archives import ArchiveRequest
from shared.services.releases import ReleaseDraft
from tests.fixtures.http import Api
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import Publisher
from tests.integration.delivery.reports import forget_caches
from tests.integration.delivery.test_downloads import fetch, read, unzip

Delivered = Callable[[Person], Api]
AT_ONCE = 32


@pytest.mark.parametrize("query", ["client=raw", "client=claude-code&format=tar.gz", "client=opencode", "client=codex"])
def test_an_archive_is_told_with_the_digest_of_its_bytes_first_and_ever_after(
    depot: Services, delivered_to: Delivered, alice: Person, full_plugin: Plugin, query: str
) -> None:
    path = f"/plugins/{full_plugin.id}/download?{query}"

    answers = [delivered_to(alice).get(path) for _ in range(2)]

    digest = hashlib.sha256(fetch(depot, answers[0])).hexdigest()
    for answer in answers:
        assert answer.headers["x-archive-sha256"] == answer.item.sha256 == digest
        assert answer.headers["location"] == answer.item.url
        assert f"filename%3D%22{answer.item.fileName}%22" in answer.item.url


def test_one_objects_archive_carries_its_digest_too(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    skill = publisher.skill(publisher.plugin())

    answer = delivered_to(alice).get(f"/config-objects/{skill.id}/download")

    assert answer.item.sha256 == hashlib.sha256(fetch(depot, answer)).hexdigest()


def test_of_many_who_make_an_archive_at_once_one_stores_it_and_all_are_given_that(
    depot: Services, publisher: Publisher, full_plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function answers one request at a time, so that these stand for thirty-two of them, below their handlers."""
    actor, wanted = publisher.actor, ArchiveRequest(Client.CLAUDE_CODE, ArchiveFormat.ZIP)
    depot.delivery.get_manifest(actor, full_plugin.id)
    everybody_looked = threading.Barrier(AT_ONCE, timeout=60)
    put, stored = depot.content.put_rendering, []

    def put_together(key: str, data: bytes, media_type: str) -> None:
        everybody_looked.wait()
        put(key, data, media_type)

    def note(http_response: Any, **_: Any) -> None:
        stored.append(http_response.status_code)

    depot.content.check()  # opens the client
    depot.content._client.meta.events.register("after-call.s3.PutObject", note)
    monkeypatch.setattr(depot.content, "put_rendering", put_together)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        given = list(pool.map(lambda _: depot.delivery.download_plugin(actor, full_plugin.id, wanted), range(AT_ONCE)))

    assert sorted(stored) == [200] + [412] * (AT_ONCE - 1)
    assert len({urlsplit(each.url).path for each in given}) == 1
    assert {each.sha256 for each in given} == {hashlib.sha256(read(given[0].url)).hexdigest()}


def test_equal_content_of_a_release_and_of_a_rolling_plugin_differs_by_its_version(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    api, plugin = delivered_to(alice), publisher.plugin()
    publisher.skill(plugin)
    rolling = api.get(f"/plugins/{plugin.id}/download?client=claude-code")
    release = depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.0.0"))

    pinned = api.get(f"/plugins/{plugin.id}/releases/{release.id}/download?client=claude-code")
    depot.releases.promote(publisher.actor, plugin.id, release.id)
    depot.plugins.update(publisher.actor, plugin.id, {"delivery_mode": DeliveryMode.RELEASED})
    promoted = api.get(f"/plugins/{plugin.id}/download?client=claude-code")

    versions = [unzip(fetch(depot, one))[".claude-plugin/plugin.json"] for one in (rolling, pinned, promoted)]
    assert [b'"1.0.0"' in about for about in versions] == [False, True, True]
    assert pinned.item.sha256 == promoted.item.sha256 != rolling.item.sha256


def test_content_that_comes_back_is_archived_with_the_version_that_is_told_now(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    api, plugin = delivered_to(alice), publisher.plugin()
    skill = publisher.skill(plugin)
    path = f"/plugins/{plugin.id}/download?client=claude-code"
    api.get(path)
    publisher.rewrite(skill, "---\nname: review\ndescription: Other.\n---\n")
    api.get(path)
    publisher.rewrite(skill, "---\nname: review\ndescription: Reviews a change.\n---\n# Review\n")

    about = unzip(fetch(depot, api.get(path)))[".claude-plugin/plugin.json"].decode()

    assert f'"{api.get(f"/plugins/{plugin.id}").item.version}"' in about


def test_archives_of_equal_content_are_equal_bytes_whoever_makes_them(
    depot: Services, delivered_to: Delivered, alice: Person, full_plugin: Plugin
) -> None:
    path = f"/plugins/{full_plugin.id}/download?client=codex&format=tar.gz"
    first = delivered_to(alice).get(path)
    key = urlsplit(first.headers["location"]).path.partition("/orgs/")[2]
    bytes_before = fetch(depot, first)
    depot.content._client.delete_object(Bucket=depot.content._bucket, Key=f"orgs/{key}")
    forget_caches(depot)

    again = delivered_to(alice).get(path)

    assert fetch(depot, again) == bytes_before
    assert again.item.sha256 == first.item.sha256
