"""Faults, limits, and the stand-in's own controls."""

import subprocess
from pathlib import Path

import pytest
from urllib3.exceptions import ProtocolError

from local.github import GitHubStandIn, public_key_of
from tests.unit.local_github.caller import APP_ID, Caller
from tests.unit.local_github.conftest import Mailbox

REPO = "/repos/acme/tools"


def test_a_fault_strikes_as_often_as_told_and_only_where_told(caller: Caller, github: GitHubStandIn) -> None:
    token = caller.token()
    github.fail_next(f"{REPO}/git", 502, times=2)

    statuses = [caller.get(path, token).status for path in (REPO, *[f"{REPO}/git/trees/main"] * 3)]

    assert statuses == [200, 502, 502, 200]


def test_a_secondary_limit_carries_its_headers(caller: Caller, github: GitHubStandIn) -> None:
    github.fail_next("/rate_limit", 429, headers={"Retry-After": "30", "X-RateLimit-Remaining": "0"})

    answer = caller.call("GET", "/rate_limit")

    assert (answer.status, answer.headers["retry-after"]) == (429, "30")
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert "secondary rate limit" in answer.json["message"]


def test_a_fault_can_cut_the_connection(caller: Caller, github: GitHubStandIn) -> None:
    github.fail_next(status=0)

    with pytest.raises(ProtocolError):
        caller.call("GET", "/rate_limit")


def test_faults_are_set_and_cleared_over_http(caller: Caller) -> None:
    caller.control("faults", {"match": "/rate_limit", "status": 503, "times": 9})
    struck = caller.call("GET", "/rate_limit").status
    caller.control("faults", None, "DELETE")

    spared = caller.call("GET", "/rate_limit").status

    assert (struck, spared) == (503, 200)


def test_the_hourly_allowance_runs_out(caller: Caller) -> None:
    token = caller.token()
    for _ in range(50):
        last = caller.get(REPO, token)

    over = caller.get(REPO, token)

    assert last.headers["x-ratelimit-remaining"] == "0"
    assert (over.status, over.headers["x-ratelimit-remaining"]) == (403, "0")
    assert over.json["message"].startswith("API rate limit exceeded")
    assert caller.get("/rate_limit", token).json["rate"]["remaining"] == 0


def test_what_was_asked_is_recorded(caller: Caller, github: GitHubStandIn) -> None:
    token = caller.token()
    github.requests.clear()

    caller.get(f"{REPO}/git/trees/main?recursive=1", token)
    caller.control("faults", None, "DELETE")

    assert github.requests == [f"GET {REPO}/git/trees/main?recursive=1"]


def test_a_repository_of_this_machine_is_served_under_a_name(
    caller: Caller, github: GitHubStandIn, tmp_path: Path
) -> None:
    source = github.repository("acme/tools")
    subprocess.run(["git", "clone", "-q", source.path, tmp_path / "work"], check=True, capture_output=True)

    added = caller.control("repositories", {"path": str(tmp_path / "work"), "fullName": "globex/copy"})

    assert added.status == 201
    assert added.json["defaultBranch"] == "main"
    assert added.json == caller.control("repositories", {"fullName": "globex/copy"}).json
    assert caller.get("/repos/globex/copy/commits/main").json["sha"] == source.git.commit_id("main")


@pytest.mark.parametrize(
    "wanted",
    [
        {"fullName": "../escape"},
        {"fullName": "acme/.."},
        {"fullName": "acme"},
        {"fullName": "a/b", "path": "/dev/null"},
    ],
)
def test_a_repository_that_cannot_be_served_is_refused(caller: Caller, wanted: dict[str, str]) -> None:
    answer = caller.control("repositories", wanted)

    assert answer.status == 422


def test_the_controls_are_hidden_without_the_token(caller: Caller) -> None:
    answers = [caller.call("GET", "/_standin/repositories", headers) for headers in ({}, {"X-Standin-Token": "guess"})]

    assert [each.status for each in answers] == [404, 404]


def test_a_ping_is_sent_on_demand(caller: Caller, mailbox: Mailbox) -> None:
    answer = caller.control("ping", None)

    assert answer.json == {"status": 200}
    assert mailbox.mail[0][0]["X-GitHub-Event"] == "ping"


def test_ids_survive_a_restart(tmp_path: Path, private_key: Path) -> None:
    public = public_key_of(private_key)
    with GitHubStandIn(tmp_path / "root", APP_ID, public) as first:
        ids = [first.add_repository(f"acme/{name}").id for name in ("a", "b")]

    with GitHubStandIn(tmp_path / "root", APP_ID, public) as second:
        found = [second.repository(f"acme/{name}").id for name in ("a", "b")]
        new = second.add_repository("acme/c").id

    assert found == ids
    assert new not in ids


def test_an_answer_can_break_off_in_its_middle(caller: Caller, github: GitHubStandIn) -> None:
    github.fail_next(REPO, None, cut_after=20)

    with pytest.raises(ProtocolError):
        caller.get(REPO)


def test_conditions_are_switched_and_ended_over_http(caller: Caller) -> None:
    token = caller.token()
    caller.control("conditions", {"treeEntries": 2, "remaining": 7})
    cut = caller.get(f"{REPO}/git/trees/main?recursive=1", token)
    caller.control("conditions", None, "DELETE")

    whole = caller.get(f"{REPO}/git/trees/main?recursive=1", token)

    assert (cut.json["truncated"], len(cut.json["tree"]), cut.headers["x-ratelimit-remaining"]) == (True, 2, "6")
    assert (whole.json["truncated"], whole.headers["x-ratelimit-remaining"]) == (True, "49")


def test_a_condition_that_is_none_is_refused(caller: Caller) -> None:
    assert caller.control("conditions", {"weather": 1}).status == 422


def test_reads_right_after_a_push_may_be_stale(caller: Caller, github: GitHubStandIn) -> None:
    path, token = f"{REPO}/commits/refs/heads/main", caller.token()
    before = caller.get(path, token).json["sha"]
    caller.control("conditions", {"staleReads": 2})
    after = github.commit("acme/tools", {"new": b"x"})

    assert [caller.get(path, token).json["sha"] for _ in range(3)] == [before, before, after]


def test_a_lost_delivery_is_listed_as_failed(caller: Caller, github: GitHubStandIn, mailbox: Mailbox) -> None:
    caller.control("conditions", {"lostDeliveries": 1})
    github.commit("acme/tools", {"new": b"x"})
    github.redeliver(github.deliveries[0])

    attempts = caller.call("GET", "/_standin/deliveries", {"X-Standin-Token": github.control_token}).json["deliveries"]

    assert [(one["event"], one["status"], one["again"]) for one in attempts] == [
        ("push", 502, False), ("push", 200, True),
    ]  # fmt: skip
    assert len(mailbox.mail) == 1
