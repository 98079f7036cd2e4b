"""Who may call the stand-in, and what GitHub says to the others."""

import stat
from pathlib import Path

import jwt
import pytest

from local.github import GitHubStandIn, generate_app_key
from tests.unit.local_github.caller import APP_ID, INSTALLATION, NOW, Caller, Clock


def test_the_app_sees_itself_and_its_installation(caller: Caller) -> None:
    app = caller.as_app("/app")
    listed = caller.as_app("/app/installations")
    one = caller.as_app(f"/app/installations/{INSTALLATION}")

    assert app.json["id"] == APP_ID
    assert listed.json == [one.json]
    assert one.json["account"]["login"] == "acme"


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"exp": NOW + 601}, "'Expiration time' claim ('exp') is too far in the future"),
        ({"exp": NOW - 1}, "'Expiration time' claim ('exp') must be a numeric value"),
        ({"exp": None}, "'Expiration time' claim ('exp') must be a numeric value"),
        ({"iat": NOW + 5}, "'Issued at' claim ('iat') must be an Integer"),
    ],
)
def test_a_jwt_with_wrong_times_is_refused_in_githubs_words(
    caller: Caller, claims: dict[str, object], message: str
) -> None:
    token = caller.app_jwt(**claims)

    answer = caller.call("GET", "/app", {"Authorization": f"Bearer {token}"})

    assert answer.status == 401
    assert answer.json["message"].startswith(message)


def test_a_jwt_signed_with_another_key_cannot_be_decoded(caller: Caller, tmp_path: Path) -> None:
    generate_app_key(tmp_path / "other.pem")
    claims = {"iss": str(APP_ID), "iat": NOW, "exp": NOW + 60}
    forged = jwt.encode(claims, (tmp_path / "other.pem").read_text(), algorithm="RS256")

    answer = caller.call("GET", "/app", {"Authorization": f"Bearer {forged}"})

    assert (answer.status, answer.json["message"]) == (401, "A JSON web token could not be decoded")


def test_an_installation_token_does_not_speak_for_the_app(caller: Caller) -> None:
    answer = caller.get("/app", caller.token())

    assert (answer.status, answer.json["message"]) == (401, "A JSON web token could not be decoded")


def test_a_jwt_of_another_app_is_not_found(caller: Caller) -> None:
    token = caller.app_jwt(iss="999")

    answer = caller.call("GET", "/app", {"Authorization": f"Bearer {token}"})

    assert (answer.status, answer.json["message"]) == (404, "Integration not found")


def test_a_token_lives_for_an_hour(caller: Caller, clock: Clock) -> None:
    token = caller.token()
    clock.at += 3_599
    before = caller.get("/repos/acme/tools", token)
    clock.at += 1

    after = caller.get("/repos/acme/tools", token)

    assert before.status == 200
    assert (after.status, after.json["message"]) == (401, "Bad credentials")


def test_a_token_for_one_repository_does_not_find_another(caller: Caller, github: GitHubStandIn) -> None:
    other = github.add_repository("acme/other", {"a": b"a"})
    token = caller.token(repository_ids=[github.repository("acme/tools").id])

    answers = [caller.get(path, token) for path in ("/repos/acme/other", f"/repositories/{other.id}")]

    assert [each.status for each in answers] == [404, 404]
    assert caller.get("/repos/acme/tools", token).status == 200


def test_a_token_answer_names_its_reach(caller: Caller) -> None:
    granted = caller.as_app(f"/app/installations/{INSTALLATION}/access_tokens", "POST", {"repositories": ["tools"]})

    assert granted.status == 201
    assert granted.json["repository_selection"] == "selected"
    assert granted.json["expires_at"] == "2023-11-14T23:13:20Z"
    assert [each["full_name"] for each in granted.json["repositories"]] == ["acme/tools"]


@pytest.mark.parametrize("wanted", [{"repository_ids": [1]}, {"permissions": {"contents": "write"}}])
def test_a_token_cannot_reach_further_than_the_installation(caller: Caller, wanted: dict[str, object]) -> None:
    answer = caller.as_app(f"/app/installations/{INSTALLATION}/access_tokens", "POST", wanted)

    assert answer.status == 422


def test_a_token_without_the_permission_reads_no_contents(caller: Caller) -> None:
    token = caller.token(permissions={"metadata": "read"})

    answer = caller.get("/repos/acme/tools/git/trees/main", token)

    assert (answer.status, answer.json["message"]) == (403, "Resource not accessible by integration")


def test_a_call_without_credentials_is_told_to_authenticate(caller: Caller) -> None:
    answer = caller.call("GET", "/repos/acme/tools")

    assert (answer.status, answer.json["message"]) == (401, "Requires authentication")


def test_a_call_without_a_user_agent_is_forbidden(caller: Caller) -> None:
    answer = caller.call("GET", "/rate_limit", {"User-Agent": ""})

    assert answer.status == 403
    assert b"User-Agent header" in answer.body


def test_an_unknown_installation_or_path_is_not_found(caller: Caller) -> None:
    answers = [caller.as_app("/app/installations/1"), caller.get("/user"), caller.get("/repos/acme/nothing")]

    assert [(each.status, each.json["message"]) for each in answers] == [(404, "Not Found")] * 3
    assert answers[0].json["status"] == "404"


def test_an_app_key_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    public = generate_app_key(tmp_path / "key.pem")

    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    assert public.startswith("-----BEGIN PUBLIC KEY-----")
    with pytest.raises(FileExistsError):
        generate_app_key(tmp_path / "key.pem")
