"""The webhooks that pushes send."""

import hashlib
import hmac
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from local.github import GitHubStandIn
from local.github.pushes import NOTHING, RefUpdate, announced
from local.github.webhooks import over_http, signatures
from tests.unit.local_github.caller import Caller, Clock
from tests.unit.local_github.conftest import Mailbox


def git(folder: Path, *arguments: str) -> str:
    identity = {f"GIT_{who}_{what}": f"mona@{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, **identity},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def cloned(github: GitHubStandIn, folder: Path) -> Path:
    git(folder, "clone", "--quiet", str(github.repository("acme/tools").path), "work")
    return folder / "work"


def payloads(mailbox: Mailbox) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in mailbox.mail]


def test_a_git_push_is_announced_with_what_it_changed(github: GitHubStandIn, mailbox: Mailbox, tmp_path: Path) -> None:
    work = cloned(github, tmp_path)
    before = git(work, "rev-parse", "HEAD").strip()
    (work / "README.md").write_text("# Better tools\n")
    (work / "nëw").write_text("new\n")
    git(work, "rm", "-q", "bin/run")
    git(work, "add", ".")
    git(work, "commit", "-qm", "Better\n\nMuch better")

    git(work, "push", "-q", "origin", "main")

    [push] = payloads(mailbox)
    after = git(work, "rev-parse", "HEAD").strip()
    assert (push["ref"], push["before"], push["after"]) == ("refs/heads/main", before, after)
    assert (push["created"], push["deleted"], push["forced"]) == (False, False, False)
    [commit] = push["commits"]
    assert (commit["added"], commit["removed"], commit["modified"]) == (["nëw"], ["bin/run"], ["README.md"])
    assert push["head_commit"] == commit
    assert commit["message"] == "Better\n\nMuch better"


def test_a_delivery_is_signed_and_names_its_event(github: GitHubStandIn, mailbox: Mailbox) -> None:
    github.commit("acme/tools", {"a": b"a"})

    [(headers, body)] = mailbox.mail
    expected = hmac.new(b"It's a Secret to Everybody", body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert headers["X-GitHub-Event"] == "push"
    assert headers["X-GitHub-Delivery"] == github.deliveries[0].guid
    assert headers["X-GitHub-Hook-Installation-Target-ID"] == "12345"


def test_signatures_equal_githubs_published_example() -> None:
    signed = signatures(b"It's a Secret to Everybody", b"Hello, World!")

    assert signed["X-Hub-Signature-256"] == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_a_push_names_the_repository_and_the_installation(github: GitHubStandIn, mailbox: Mailbox) -> None:
    github.commit("acme/tools", {"a": b"a"})

    [push] = payloads(mailbox)
    assert push["repository"]["id"] == github.repository("acme/tools").id
    assert push["repository"]["full_name"] == "acme/tools"
    assert push["repository"]["owner"]["login"] == "acme"
    assert push["installation"]["id"] == 4_242_424


def test_new_forced_and_deleted_branches_are_told_apart(github: GitHubStandIn, mailbox: Mailbox) -> None:
    first = github.repository("acme/tools").git.commit_id("main")
    topic = github.commit("acme/tools", {"a": b"a"}, branch="topic/x")
    github.point_branch("acme/tools", "topic/x", first)
    github.point_branch("acme/tools", "topic/x", None)

    created, forced, deleted = payloads(mailbox)
    assert (created["created"], created["before"], created["after"]) == (True, NOTHING, topic)
    assert [each["id"] for each in created["commits"]] == [topic]
    assert (forced["forced"], forced["after"], forced["commits"]) == (True, first, [])
    assert (deleted["deleted"], deleted["after"], deleted["head_commit"]) == (True, NOTHING, None)


def test_more_than_three_tags_at_once_are_not_announced() -> None:
    tags = [RefUpdate(f"refs/tags/v{n}", NOTHING, "1" * 40) for n in range(4)]
    branch = RefUpdate("refs/heads/main", NOTHING, "1" * 40)

    assert announced([*tags, branch]) == [branch]
    assert announced(tags[:3]) == tags[:3]


def test_a_push_succeeds_while_the_stand_in_is_down(github: GitHubStandIn, tmp_path: Path) -> None:
    work = cloned(github, tmp_path)
    git(work, "commit", "-q", "--allow-empty", "-m", "Nothing")
    control = github.repository("acme/tools").path.parents[1] / "control.json"
    control.write_text(json.dumps({"url": "http://127.0.0.1:9", "token": "x"}))

    printed = git(work, "push", "origin", "main")

    assert "sends no webhook for this push" in printed
    assert git(work, "rev-parse", "HEAD").strip() == github.repository("acme/tools").git.commit_id("main")


def test_a_lost_webhook_leaves_no_delivery(github: GitHubStandIn) -> None:
    github.commit("acme/tools", {"a": b"a"}, announce=False)

    assert github.deliveries == ()


def test_a_failed_delivery_is_listed_and_delivered_again_under_its_id(
    github: GitHubStandIn, caller: Caller, mailbox: Mailbox
) -> None:
    mailbox.status = 500
    github.commit("acme/tools", {"a": b"a"})
    [failed] = caller.as_app("/app/hook/deliveries").json
    mailbox.status = 200

    again = caller.as_app(f"/app/hook/deliveries/{failed['id']}/attempts", "POST")

    assert (failed["status_code"], failed["redelivery"], again.status) == (500, False, 202)
    newest = caller.as_app("/app/hook/deliveries").json[0]
    assert (newest["guid"], newest["status_code"], newest["redelivery"]) == (failed["guid"], 200, True)
    assert mailbox.mail[0] == mailbox.mail[1]


def test_deliveries_are_listed_newest_first_in_pages_for_three_days(
    github: GitHubStandIn, caller: Caller, clock: Clock
) -> None:
    for name in ("a", "b"):
        github.commit("acme/tools", {name: b""})
    first = caller.as_app("/app/hook/deliveries?per_page=1")
    link = first.headers["link"].removeprefix("<").removesuffix('>; rel="next"')

    second = caller.as_app(link)

    assert first.json[0]["id"] > second.json[0]["id"]
    assert "link" not in second.headers


def test_a_receiver_that_is_not_there_counts_as_a_failed_delivery() -> None:
    receive = over_http("http://127.0.0.1:9/")

    status = receive({}, b"{}")

    assert status == 502
