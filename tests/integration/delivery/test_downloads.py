"""Archives are built once for a content and fetched by a link that carries its own permission."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from urllib.parse import urlsplit

import boto3
import pytest

from shared.bootstrap import Services
from shared.domain.plugin import Plugin
from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import SCRIPT, SECRET, Publisher

Delivered = Callable[[Person], Api]


def fetch(depot: Services, answer: Answer) -> bytes:
    """What the link leads to."""
    assert answer.status == 302
    return read(answer.headers["location"])


def read(url: str) -> bytes:
    """What S3 holds there."""
    bucket, _, key = urlsplit(url).path.lstrip("/").partition("/")
    body: bytes = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    return body


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_plugin_is_downloaded_as_claude_code_installs_it(
    depot: Services, delivered_to: Delivered, alice: Person, full_plugin: Plugin
) -> None:
    answer = delivered_to(alice).get(f"/plugins/{full_plugin.id}/download?client=claude-code&format=zip")

    files = unzip(fetch(depot, answer))
    assert sorted(files) == [
        ".claude-plugin/plugin.json",
        ".codex-plugin/mcp.json",
        ".codex-plugin/plugin.json",
        ".mcp.json",
        "agents/critic.md",
        "commands/git/tidy.md",
        "skills/review/SKILL.md",
        "skills/review/scripts/run.sh",
    ]
    assert SECRET not in files[".mcp.json"].decode()


def test_raw_files_lie_under_the_ids_that_the_manifest_names(
    depot: Services, delivered_to: Delivered, alice: Person, full_plugin: Plugin
) -> None:
    api = delivered_to(alice)
    manifest = api.get(f"/plugins/{full_plugin.id}/manifest").item

    files = unzip(fetch(depot, api.get(f"/plugins/{full_plugin.id}/download")))

    assert sorted(files) == sorted(
        f"{item['configObjectId']}/{file['path']}" for item in manifest.items for file in item["files"]
    )


def test_an_executable_stays_one_in_a_tar(
    depot: Services, delivered_to: Delivered, alice: Person, full_plugin: Plugin
) -> None:
    answer = delivered_to(alice).get(f"/plugins/{full_plugin.id}/download?client=claude-code&format=tar.gz")

    with tarfile.open(fileobj=io.BytesIO(fetch(depot, answer))) as archive:
        assert archive.getmember("skills/review/scripts/run.sh").mode == 0o755


def test_an_archive_is_built_once_for_its_content(
    calls: Calls, delivered_to: Delivered, alice: Person, full_plugin: Plugin
) -> None:
    path = f"/plugins/{full_plugin.id}/download?client=claude-code"
    first = delivered_to(alice).get(path)

    with calls.counting() as cost:
        second = delivered_to(alice).get(path)

    assert urlsplit(first.headers["location"]).path == urlsplit(second.headers["location"]).path
    assert (cost.operations["s3.PutObject"], cost.operations["s3.GetObject"]) == (0, 0)


def test_what_a_manifest_named_can_be_downloaded_after_a_change(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    api, plugin = delivered_to(alice), publisher.plugin()
    skill = publisher.skill(plugin)
    seen = api.get(f"/plugins/{plugin.id}/manifest").item.digest
    api.get(f"/plugins/{plugin.id}/download")
    publisher.rewrite(skill, "---\nname: review\ndescription: Other.\n---\n")

    old = fetch(depot, api.get(f"/plugins/{plugin.id}/download?digest={seen}"))

    assert b"Reviews a change." in unzip(old)[f"{skill.id}/SKILL.md"]
    assert api.get(f"/plugins/{plugin.id}/download?digest=sha256:{'0' * 64}").status == 404


@pytest.mark.parametrize("query", ["client=vscode", "client=nonsense", "format=rar", "cleint=raw"])
def test_what_cannot_be_rendered_is_refused_by_name(
    delivered_to: Delivered, alice: Person, full_plugin: Plugin, query: str
) -> None:
    answer = delivered_to(alice).get(f"/plugins/{full_plugin.id}/download?{query}")

    (error,) = answer.json["errors"]
    assert (answer.status, error["path"]) == (400, query.partition("=")[0])
    assert "claude-code" in error["message"] or query[:6] != "client"


def test_one_object_is_downloaded_alone(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    skill = publisher.skill(publisher.plugin(), "review", SCRIPT)

    answer = delivered_to(alice).get(f"/config-objects/{skill.id}/download")

    assert sorted(unzip(fetch(depot, answer))) == ["SKILL.md", "scripts/run.sh"]


def test_an_object_is_delivered_only_through_a_plugin(
    delivered_to: Delivered, bob: Person, publish_as: Callable[[Person], Publisher], publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    path = f"/config-objects/{skill.id}/download"

    before = delivered_to(bob).get(path).status
    publisher.share(plugin, bob.id)

    assert (before, delivered_to(bob).get(path).status) == (404, 302)
