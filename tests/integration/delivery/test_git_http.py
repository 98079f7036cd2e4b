"""What git's HTTP requests are answered, header by header."""

import gzip

import pytest

from functions.delivery.handler import handler as delivery
from shared.domain.git.advertisement import CONTENT_TYPE as ADVERTISEMENT
from shared.domain.git.upload_pack import CONTENT_TYPE as RESULT
from shared.domain.git.upload_pack import REQUEST_TYPE
from shared.domain.plugin import Plugin
from tests.fixtures.http import Answer, Api, http_event
from tests.fixtures.people import Person
from tests.unit.domain.git.conversation import v2

INFO = "/acme.git/info/refs?service=git-upload-pack"
LS_REFS = v2("ls-refs", "symrefs", "ref-prefix HEAD")


def git_as(person: Person) -> Api:
    headers = {"authorization": f"Bearer {person.token}", "git-protocol": "version=2"}
    return Api(delivery, f"/git/{person.org_slug}", headers)


def upload(person: Person, body: bytes, path: str = "/acme.git/git-upload-pack", **headers: str) -> Answer:
    return git_as(person).post(path, body, content_type=REQUEST_TYPE, **headers)


def test_the_anonymous_are_challenged_in_plain_words(alice: Person) -> None:
    answer = Api(delivery, "/git/acme").get(INFO)

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="Plugin Depot", charset="UTF-8"'
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("credential", ["Bearer nonsense", "Basic !!!", "Basic eDp5", "Digest x", "Bearer"])
def test_a_bad_credential_is_challenged_again(alice: Person, credential: str) -> None:
    answer = Api(delivery, "/git/acme", {"authorization": credential}).get(INFO)

    assert (answer.status, "www-authenticate" in answer.headers) == (401, True)
    assert credential.partition(" ")[2] not in answer.body.decode() or not credential.partition(" ")[2]


def test_capabilities_are_advertised_to_modern_clients(alice: Person) -> None:
    answer = git_as(alice).get(INFO)

    assert (answer.status, answer.headers["content-type"]) == (200, ADVERTISEMENT)
    assert answer.headers["cache-control"] == "no-cache"
    assert b"ls-refs=unborn" in answer.body


def test_refs_are_advertised_to_old_clients(alice: Person, full_plugin: Plugin) -> None:
    answer = git_as(alice).get(INFO, git_protocol="")

    assert b"symref=HEAD:refs/heads/main" in answer.body


def test_binary_answers_are_base64_for_the_gateway(alice: Person) -> None:
    event = http_event("GET", f"/git/acme{INFO}", headers={"authorization": f"Bearer {alice.token}"})

    assert delivery(event, None)["isBase64Encoded"] is True


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_refs_are_listed_from_plain_and_compressed_requests(alice: Person, full_plugin: Plugin, encoding: str) -> None:
    body = gzip.compress(LS_REFS) if encoding == "gzip" else LS_REFS

    answer = upload(alice, body, content_encoding=encoding)

    assert (answer.status, answer.headers["content-type"]) == (200, RESULT)
    assert b" HEAD symref-target:refs/heads/main" in answer.body


def test_a_fetch_of_something_else_is_refused_in_gits_own_way(alice: Person, full_plugin: Plugin) -> None:
    answer = upload(alice, v2("fetch", f"want {'f' * 40}", "done"))

    assert answer.status == 200
    assert answer.body[4:8] == b"ERR "


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/other.git/info/refs?service=git-upload-pack", 404),
        ("/acme.git/info/refs?service=git-receive-pack", 404),
        ("/acme.git/info/refs", 404),
        ("/acme.git/HEAD", 404),
        ("/acme.git/objects/info/packs", 404),
        ("/acme.git", 404),
        ("/acme.git/git-upload-pack", 405),
    ],
)
def test_everything_else_is_refused_in_plain_words(alice: Person, path: str, status: int) -> None:
    answer = git_as(alice).get(path)

    assert answer.status == status
    assert answer.headers["content-type"].startswith("text/plain")


def test_the_orgs_id_names_no_marketplace(alice: Person) -> None:
    api = Api(delivery, f"/git/{alice.org_id}", {"authorization": f"Bearer {alice.token}"})

    assert api.get(f"/{alice.org_id}.git/info/refs?service=git-upload-pack").status == 404


def test_a_body_of_another_type_is_refused(alice: Person) -> None:
    answer = git_as(alice).post("/acme.git/git-upload-pack", {"a": 1})

    assert answer.status == 415


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [(b"no gzip", "gzip", 400), (LS_REFS, "br", 415), (gzip.compress(bytes(2**21)), "gzip", 413)],
)
def test_a_body_that_cannot_be_unpacked_is_refused(alice: Person, body: bytes, encoding: str, status: int) -> None:
    assert upload(alice, body, content_encoding=encoding).status == status
