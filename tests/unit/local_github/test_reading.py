"""What a caller reads of a repository."""

import base64
import io
import json
import tarfile

from local.github import GitHubStandIn
from tests.unit.local_github.caller import Caller, Clock

REPO = "/repos/acme/tools"


def head(github: GitHubStandIn) -> str:
    return github.repository("acme/tools").git.commit_id("main") or ""


def test_a_repository_is_the_same_by_name_and_by_number(caller: Caller, github: GitHubStandIn) -> None:
    by_name = caller.get("/repos/Acme/TOOLS")
    by_number = caller.get(f"/repositories/{github.repository('acme/tools').id}")

    assert by_name.json == by_number.json
    assert by_name.json["default_branch"] == "main"


def test_the_repositories_of_an_installation_come_in_pages(caller: Caller, github: GitHubStandIn) -> None:
    github.add_repository("acme/other")

    first = caller.get("/installation/repositories?per_page=1")
    second = caller.get("/installation/repositories?per_page=1&page=2")

    assert [each.json["repositories"][0]["name"] for each in (first, second)] == ["tools", "other"]
    assert first.json["total_count"] == 2
    assert f'<{github.url}/installation/repositories?per_page=1&page=2>; rel="next"' in first.headers["link"]
    assert 'rel="next"' not in second.headers["link"]


def test_the_head_is_plain_text_and_costs_nothing_while_it_stands(caller: Caller, github: GitHubStandIn) -> None:
    accept, token = "application/vnd.github.sha", caller.token()
    fresh = caller.get(f"{REPO}/commits/refs/heads/main", token, Accept=accept)

    again = caller.get(f"{REPO}/commits/main", token, Accept=accept, If_None_Match=fresh.headers["etag"])

    assert fresh.body.decode() == head(github)
    assert (again.status, again.body) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == fresh.headers["x-ratelimit-remaining"]


def test_an_etag_belongs_to_its_token(caller: Caller) -> None:
    mine, yours = caller.token(), caller.token()
    tag = caller.get(REPO, mine).headers["etag"]

    answers = [caller.get(REPO, each, If_None_Match=tag).status for each in (mine, yours)]

    assert answers == [304, 200]


def test_a_branch_is_found_before_a_tag_of_its_name(caller: Caller, github: GitHubStandIn) -> None:
    first = head(github)
    second = github.commit("acme/tools", {"a": b"a"})
    github.repository("acme/tools").git.run("update-ref", "refs/tags/main", first)

    found = [caller.get(f"{REPO}/commits/{ref}").json["sha"] for ref in ("main", "heads/main", "tags/main", first)]

    assert found == [second, second, first, first]


def test_refs_commits_and_branches_agree_on_the_head(caller: Caller, github: GitHubStandIn) -> None:
    ref = caller.get(f"{REPO}/git/ref/heads/main").json
    commit = caller.get(f"{REPO}/git/commits/{head(github)}").json
    branch = caller.get(f"{REPO}/branches/main").json

    assert {ref["object"]["sha"], commit["sha"], branch["commit"]["sha"]} == {head(github)}
    assert commit["author"] == {
        "name": "Mona Lisa Octocat",
        "email": "mona@example.com",
        "date": "2023-11-14T22:13:20Z",
    }


def test_a_tree_lists_every_kind_of_entry(caller: Caller, github: GitHubStandIn) -> None:
    tree = caller.get(f"{REPO}/git/trees/main").json

    assert tree["sha"] == head(github)
    assert [(each["path"], each["mode"], each["type"], each.get("size")) for each in tree["tree"]] == [
        ("README.md", "100644", "blob", 8),
        ("bin", "040000", "tree", None),
        ("link", "120000", "blob", 9),
        ("skills", "040000", "tree", None),
        ("vendored", "160000", "commit", None),
    ]
    assert "url" not in tree["tree"][-1]


def test_any_value_of_recursive_lists_all_and_the_list_may_be_cut(caller: Caller) -> None:
    tree = caller.get(f"{REPO}/git/trees/main?recursive=0").json

    assert [each["path"] for each in tree["tree"]] == [
        "README.md", "bin", "bin/run", "link", "skills", "skills/review",
    ]  # fmt: skip
    assert tree["truncated"] is True


def test_a_subtree_is_read_by_its_id(caller: Caller) -> None:
    folder = caller.get(f"{REPO}/git/trees/main").json["tree"][3]

    tree = caller.get(folder["url"]).json

    assert (tree["sha"], tree["truncated"]) == (folder["sha"], False)
    assert [each["path"] for each in tree["tree"]] == ["review"]


def test_a_blob_is_base64_in_lines_of_sixty_or_raw(caller: Caller, github: GitHubStandIn) -> None:
    data = bytes(range(256))
    github.commit("acme/tools", {"data": data})
    url = next(each["url"] for each in caller.get(f"{REPO}/git/trees/main").json["tree"] if each["path"] == "data")

    blob, raw = caller.get(url).json, caller.get(url, Accept="application/vnd.github.raw+json")

    assert base64.b64decode(blob["content"]) == raw.body == data
    assert {len(line) for line in blob["content"].splitlines()[:-1]} == {60}
    assert (blob["size"], blob["encoding"]) == (256, "base64")


def test_a_tarball_is_behind_an_address_that_lasts_five_minutes(
    caller: Caller, github: GitHubStandIn, clock: Clock
) -> None:
    redirect = caller.get(f"{REPO}/tarball/{head(github)}")
    archive = caller.call("GET", redirect.headers["location"])
    clock.at += 300

    late = caller.call("GET", redirect.headers["location"])

    assert (redirect.status, late.status) == (302, 404)
    with tarfile.open(fileobj=io.BytesIO(archive.body)) as members:
        assert f"acme-tools-{head(github)[:7]}/bin/run" in members.getnames()


def test_many_blobs_come_in_one_query(caller: Caller, github: GitHubStandIn) -> None:
    github.commit("acme/tools", {"binary": b"a\0b", "long": b"x" * 512_001, "plain": b"hi"})
    ids = [github.repository("acme/tools").git.run("rev-parse", f"main:{each}").decode().strip()
           for each in ("binary", "long", "plain")]  # fmt: skip
    parts = " ".join(
        f'a{n}: object(oid: "{each}") {{ ... on Blob {{ text isBinary isTruncated byteSize }} }}'
        for n, each in enumerate(ids)
    )
    query = f"query($o: String!, $n: String!) {{ repository(owner: $o, name: $n) {{ {parts} }} }}"

    headers = {"Authorization": f"Bearer {caller.token()}"}
    variables = {"o": "acme", "n": "tools"}
    answer = caller.call("POST", "/graphql", headers, {"query": query, "variables": variables}).json

    binary, long, plain = (answer["data"]["repository"][f"a{n}"] for n in range(3))
    assert binary == {"text": None, "isBinary": True, "isTruncated": False, "byteSize": 3}
    assert (len(long["text"]), long["isTruncated"], long["byteSize"]) == (512_000, True, 512_001)
    assert json.dumps(plain) == '{"text": "hi", "isBinary": false, "isTruncated": false, "byteSize": 2}'


def test_an_empty_repository_says_so(caller: Caller, github: GitHubStandIn) -> None:
    github.add_repository("acme/empty")

    answers = [caller.get(f"/repos/acme/empty/{each}") for each in ("git/trees/main", "commits/main")]

    assert [(each.status, each.json["message"]) for each in answers] == [(409, "Git Repository is empty.")] * 2


def test_what_is_not_there_is_refused_as_github_does(caller: Caller) -> None:
    absent = ["commits/nope", "commits/main~1", "branches/nope", "git/ref/heads/nope", "git/trees/nope"]

    answers = [caller.get(f"{REPO}/{each}") for each in [*absent, f"git/blobs/{'0' * 40}", "tarball/nope"]]

    assert [each.status for each in answers] == [422, 422, 404, 404, 404, 404, 404]
    assert answers[0].json["message"] == "No commit found for SHA: nope"
    assert answers[2].json["message"] == "Branch not found"


def test_a_commit_without_files_has_a_tree_that_is_not_found(caller: Caller, github: GitHubStandIn) -> None:
    everything = dict.fromkeys(["README.md", "bin/run", "link", "skills/review/SKILL.md", "vendored"])
    github.commit("acme/tools", everything)

    answer = caller.get(f"{REPO}/git/trees/main")

    assert answer.status == 404
