"""Whatever is delivered can be checked: files and archives by digests, releases by signatures and public keys."""

import hashlib
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import jwt
import pytest

from functions.delivery.handler import app
from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.content import FileEntry, content_digest
from shared.domain.plugin import Plugin
from shared.domain.release import Release
from shared.services.releases import ReleaseDraft
from tests.fixtures.http import Api
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import Publisher
from tests.integration.delivery.test_downloads import fetch, unzip

Delivered = Callable[[Person], Api]
_NATIVE = next(area for area in app.areas if area.base.startswith("/v1/"))
RULES = {
    each.rule
    for module in set(_NATIVE.modules.values())
    for each in import_module(module).routes.declared
    if each.rule.endswith(("/manifest", "/download"))
}


@pytest.fixture
def release(depot: Services, publisher: Publisher, full_plugin: Plugin) -> Release:
    return depot.releases.create(publisher.actor, full_plugin.id, ReleaseDraft("1.0.0"))


@pytest.fixture
def paths(delivered_to: Delivered, alice: Person, full_plugin: Plugin, release: Release) -> dict[str, str]:
    """Every route of native delivery that gives a manifest or an archive."""
    manifest = delivered_to(alice).get(f"/plugins/{full_plugin.id}/manifest").item
    names = {"plugin_id": full_plugin.id, "release_id": release.id, "object_id": manifest.items[0]["configObjectId"]}
    return {rule: rule.replace("<", "{").replace(">", "}").format(**names) for rule in RULES}


def test_every_file_of_every_manifest_has_the_digest_of_what_is_delivered(
    depot: Services, delivered_to: Delivered, alice: Person, paths: dict[str, str]
) -> None:
    api = delivered_to(alice)
    for path in (path for rule, path in paths.items() if rule.endswith("/manifest")):
        manifest = api.get(path).item
        raw = unzip(fetch(depot, api.get(path.replace("/manifest", "/download?client=raw"))))

        told = {f"{item['configObjectId']}/{file['path']}": file for item in manifest.items for file in item["files"]}
        assert {name: hashlib.sha256(data).hexdigest() for name, data in raw.items()} == {
            name: file["sha256"] for name, file in told.items()
        }
        assert [item["digest"] for item in manifest.items] == [_digest_of(item) for item in manifest.items]
        assert manifest.digest.startswith("sha256:")


def _digest_of(item: dict[str, Any]) -> str:
    return content_digest(
        FileEntry(file["path"], file["sha256"], file["size"], int(file["mode"], 8)) for file in item["files"]
    )


def test_every_archive_carries_the_digest_of_its_bytes(
    depot: Services, delivered_to: Delivered, alice: Person, paths: dict[str, str]
) -> None:
    downloads = [path for rule, path in paths.items() if rule.endswith("/download")]

    for query in ("?format=zip", "?format=tar.gz"):
        for path in downloads:
            answer = delivered_to(alice).get(path + query)
            assert answer.headers["x-archive-sha256"] == hashlib.sha256(fetch(depot, answer)).hexdigest(), path

    assert len(downloads) == 3


def test_every_release_is_signed_over_the_digest_of_its_manifest_by_a_public_key(
    delivered_to: Delivered, alice: Person, full_plugin: Plugin, paths: dict[str, str]
) -> None:
    api, base = delivered_to(alice), f"/plugins/{full_plugin.id}/releases"
    [listed] = api.get(base).items
    manifest = api.get(f"{base}/{listed.id}/manifest").item

    said = _verified(listed.signature)

    assert said["digest"] == listed.digest == manifest.digest
    assert (said["plugin"], said["release"], said["version"]) == (full_plugin.id, listed.id, "1.0.0")
    assert manifest.signature == listed.signature
    head, _, tail = listed.signature.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        _verified(
            f"{head}.{jwt.utils.base64url_encode(json.dumps(said | {'version': '6.6.6'}).encode()).decode()}.{tail}"
        )


def test_the_keys_are_public_and_hold_nothing_that_signs(depot: Services) -> None:
    answer = Api(delivery).get("/.well-known/plugin-depot/keys.json")

    assert answer.status == 200
    assert answer.headers["cache-control"].startswith("public")
    keys = answer.json["keys"]
    assert [{*key} for key in keys] == [{"kty", "crv", "x", "y", "kid", "alg", "use"}]
    assert (keys[0]["alg"], keys[0]["use"]) == ("ES256", "sig")


def _verified(signature: str) -> dict[str, Any]:
    keys = Api(delivery).get("/.well-known/plugin-depot/keys.json").json["keys"]
    wanted = jwt.get_unverified_header(signature)["kid"]
    key = next(jwt.PyJWK(each) for each in keys if each["kid"] == wanted)
    said: dict[str, Any] = json.loads(jwt.api_jws.decode(signature, key.key, algorithms=["ES256"]))
    return said
