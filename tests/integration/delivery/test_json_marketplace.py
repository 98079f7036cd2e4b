"""A marketplace as a JSON document with archives, asked for as Claude Code asks for it."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.content import SourceFile
from shared.domain.plugin import Plugin
from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import SKILL, Publisher
from tests.integration.delivery.git import Git, marketplace

ORIGIN = "https://depot.example"


@pytest.fixture
def catalog_for() -> Callable[[Person], Answer]:
    """The document as a person gets it."""

    def ask(person: Person, **headers: str) -> Answer:
        api = Api(delivery, "/m/acme", {"authorization": f"Bearer {person.token}"})
        return api.get("/acme/marketplace.json", **headers)

    return ask


CatalogFor = Callable[..., Answer]


def follow(entry: dict[str, Any], **headers: str) -> Answer:
    """Download an entry's archive as the client does: with the entry's headers and no others."""
    return Api(delivery, "", {"authorization": entry["headers"]["Authorization"]} | headers).get(
        entry["source"]["url"].removeprefix(ORIGIN)
    )


def unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_an_entry_leads_to_the_plugin_that_git_would_bring(
    alice: Person, full_plugin: Plugin, catalog_for: CatalogFor, git: Git, gateway: Any
) -> None:
    document = catalog_for(alice).json

    (entry,) = document["plugins"]
    archive = follow(entry)

    assert document["name"] == "acme"
    assert entry["source"]["source"] == "archive"
    assert entry["source"]["sha256"] == hashlib.sha256(archive.body).hexdigest()
    assert archive.headers["content-type"] == "application/zip"
    cloned = git.clone(marketplace(gateway, alice))
    folder = f"plugins/{entry['name']}/"
    assert unpacked(archive.body) == {
        path.removeprefix(folder): data for path, data in cloned.items() if path.startswith(folder)
    }


def test_the_document_is_for_each_caller(bob: Person, full_plugin: Plugin, catalog_for: CatalogFor) -> None:
    assert catalog_for(bob).json["plugins"] == []


def test_nobody_comes_in_without_a_credential_and_a_marketplace_that_is_not_there_is_not_found(
    alice: Person,
) -> None:
    api = Api(delivery, "/m/acme", {"authorization": f"Bearer {alice.token}"})

    anonymous = Api(delivery).get("/m/acme/acme/marketplace.json")

    assert (anonymous.status, anonymous.headers["www-authenticate"][:5]) == (401, "Basic")
    assert api.get("/platform/marketplace.json").status == 404


def test_an_entrys_headers_open_its_archive_and_nothing_else(
    alice: Person, publisher: Publisher, catalog_for: CatalogFor
) -> None:
    for name in ("first", "second"):
        publisher.skill(publisher.plugin(name))
    first, second = catalog_for(alice).json["plugins"]

    crossed = follow(first | {"source": second["source"]})
    api = Api(delivery, "", {"authorization": first["headers"]["Authorization"]})

    assert follow(first).status == follow(second).status == 200
    assert crossed.status == 401
    assert api.get("/m/acme/acme/marketplace.json").status == 401
    assert api.get("/v1/orgs/acme/delivery/plugins").status == 401
    assert api.get("/git/acme/acme.git/info/refs?service=git-upload-pack").status == 401


def test_an_entrys_headers_end_with_the_callers_access(
    alice: Person, bob: Person, publisher: Publisher, full_plugin: Plugin, depot: Services, catalog_for: CatalogFor
) -> None:
    grant = publisher.share(full_plugin, bob.id)
    (entry,) = catalog_for(bob).json["plugins"]
    had = follow(entry)

    depot.plugin_grants.take_back(publisher.actor, full_plugin.id, grant)

    assert (had.status, follow(entry).status) == (200, 404)


def test_an_archive_of_yesterday_still_downloads(alice: Person, publisher: Publisher, catalog_for: CatalogFor) -> None:
    skill = publisher.skill(publisher.plugin())
    (before,) = catalog_for(alice).json["plugins"]

    publisher.rewrite(skill, SKILL.format(name="review") + "More.\n")

    (after,) = catalog_for(alice).json["plugins"]
    assert after["version"] != before["version"]
    assert follow(before).status == follow(after).status == 200
    assert follow(before).body != follow(after).body


def test_an_unchanged_document_is_not_sent_again(alice: Person, full_plugin: Plugin, catalog_for: CatalogFor) -> None:
    first = catalog_for(alice)

    again = catalog_for(alice, if_none_match=first.headers["etag"])

    assert (again.status, again.body) == (304, b"")


def test_a_large_plugin_is_linked_to(alice: Person, publisher: Publisher, catalog_for: CatalogFor) -> None:
    noise = hashlib.shake_256(b"noise").digest(5_000_000)
    publisher.skill(publisher.plugin(), "review", SourceFile("assets/noise.bin", noise))

    answer = follow(catalog_for(alice).json["plugins"][0])

    assert answer.status == 302
    assert "X-Amz-Signature" in answer.headers["location"]


def test_asking_again_when_nothing_changed_builds_nothing(
    calls: Calls, depot: Services, alice: Person, full_plugin: Plugin, catalog_for: CatalogFor
) -> None:
    catalog_for(alice)
    with calls.counting() as warm:
        catalog_for(alice)
    del depot.json_marketplace, depot.renderings, depot.delivery_contents
    with calls.counting() as cold:
        catalog_for(alice)

    assert (warm.dynamodb, warm.depth, warm.of("s3")) == (3, 3, 0)
    assert (cold.dynamodb, cold.depth) == (3, 4)
    assert cold.operations["s3.GetObject"] == cold.of("s3") == 1
