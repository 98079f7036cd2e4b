"""Installing the app: who started it, who came back, and what each of them may do."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from local.github import GitHubStandIn
from shared.bootstrap import Services
from shared.domain.access import OrgRole
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person, join
from tests.integration.setup.conftest import CALLBACK, Browser, say_yes, ticket_of
from tests.integration.sync.clock import Clock

FORM = {"content_type": "application/x-www-form-urlencoded"}


def changed(path: str, **parameters: str) -> str:
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | parameters
    return f"{parts.path}?{urlencode({name: value for name, value in query.items() if value})}"


def test_an_installation_is_bound_by_who_sees_it_and_says_yes(
    api_as: ApiAs, alice: Person, public: Api, browser: Browser, install_url: str
) -> None:
    page = public.get(browser.install(install_url))
    before = api_as(alice).get("/connector-accounts").items

    done = say_yes(public, page)

    (account,) = api_as(alice).get("/connector-accounts").items
    assert (page.status, done.status, before) == (200, 200, [])
    assert all(shown in page.body.decode() for shown in ("Acme", "alice@acme.example"))
    assert (account.login, account.status, account.createdBy) == ("acme", "active", alice.id)
    assert account.id in done.body.decode()


def test_the_installation_is_found_behind_a_hundred_others(
    public: Api, github: GitHubStandIn, browser: Browser, install_url: str
) -> None:
    github._world.installation.neighbours = 130

    assert public.get(browser.install(install_url)).status == 200
    assert [one for one in github.requests if one.startswith("GET /user/inst")] == [
        "GET /user/installations?per_page=100&page=1",
        "GET /user/installations?per_page=100&page=2",
    ]


def test_who_does_not_see_the_installation_binds_nothing(
    api_as: ApiAs, alice: Person, public: Api, stranger: Browser, install_url: str
) -> None:
    answer = public.get(stranger.install(install_url))

    assert (answer.status, answer.code) == (403, "forbidden")
    assert api_as(alice).get("/connector-accounts").items == []


def test_an_installation_that_is_named_in_the_address_has_to_be_seen(
    public: Api, browser: Browser, install_url: str
) -> None:
    answer = public.get(changed(browser.install(install_url), installation_id="777"))

    assert (answer.status, answer.code) == (403, "forbidden")


def test_a_state_is_good_once_whatever_came_of_it(
    public: Api, browser: Browser, stranger: Browser, install_url: str
) -> None:
    first = public.get(stranger.install(install_url))

    again = public.get(browser.install(install_url))

    assert (first.status, again.status, again.code) == (403, 409, "conflict")


def test_a_ticket_is_good_once(public: Api, browser: Browser, install_url: str) -> None:
    page = public.get(browser.install(install_url))

    assert [say_yes(public, page).status for _ in range(2)] == [200, 400]


@pytest.mark.parametrize(("step", "path"), [("state", "state"), ("ticket", "ticket")])
def test_ten_minutes_later_it_is_too_late(
    public: Api, browser: Browser, clock: Clock, install_url: str, step: str, path: str
) -> None:
    back = browser.install(install_url)
    page = public.get(back) if step == "ticket" else None
    clock.advance(minutes=10, seconds=1)

    answer = say_yes(public, page) if page else public.get(back)

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, path)


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({"state": "forged"}, "state"),
        ({"state": "org_1.mem_1.99999999999.0.0"}, "state"),
        ({"state": ""}, "state"),
        ({"code": ""}, "code"),
        ({"code": "used"}, "code"),
        ({"installation_id": ""}, "installation_id"),
        ({"installation_id": "four"}, "installation_id"),
        ({"installation_id": "9" * 30}, "installation_id"),
        ({"error": "access_denied"}, "error"),
        ({"state": "x" * 5_000}, "state"),
    ],
)
def test_what_did_not_come_from_github_is_refused_by_name(
    public: Api, browser: Browser, install_url: str, parameters: dict[str, str], path: str
) -> None:
    answer = public.get(changed(browser.install(install_url), **parameters))

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, path)


def test_a_state_is_that_of_its_org_and_member_alone(
    api_as: ApiAs, mallory: Person, alice: Person, public: Api, browser: Browser, install_url: str
) -> None:
    back = browser.install(install_url)
    state = parse_qs(urlsplit(back).query)["state"][0]

    answer = public.get(changed(back, state=state.replace(alice.org_id, mallory.org_id)))

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "state")


@pytest.mark.parametrize("form", ["", "ticket=", "ticket=forged", "ticket=a.b", "ticket=" + "x" * 3_000, "%ff=%fe"])
def test_a_ticket_that_is_not_ours_binds_nothing(
    api_as: ApiAs, alice: Person, public: Api, install_url: str, form: str
) -> None:
    answer = public.post(CALLBACK, form, **FORM)

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "ticket")
    assert api_as(alice).get("/connector-accounts").items == []


def test_a_ticket_needs_its_secret(public: Api, browser: Browser, install_url: str) -> None:
    nonce = ticket_of(public.get(browser.install(install_url))).partition(".")[0]

    assert public.post(CALLBACK, f"ticket={nonce}.{'0' * 64}", **FORM).status == 400


def test_who_is_no_admin_any_more_finishes_nothing(
    depot: Services, api_as: ApiAs, alice: Person, public: Api, browser: Browser
) -> None:
    dana = join(depot, alice, "dana", OrgRole.ADMIN)
    started = api_as(dana).post("/connectors/github/install/start").item
    page = public.get(browser.install(started.installUrl))
    api_as(alice).patch(f"/members/{dana.id}", {"role": "member"})

    answer = say_yes(public, page)

    assert (answer.status, answer.code) == (403, "missing_capability")
    assert api_as(alice).get("/connector-accounts").items == []


def test_members_and_service_tokens_start_no_installation(
    api_as: ApiAs, alice: Person, bob: Person, github: GitHubStandIn
) -> None:
    body = {"kind": "service", "name": "ci", "role": "admin", "scopes": ["admin:write"]}
    service = api_as(alice).post("/tokens", body).item.secret
    robot = Api(api_as(alice).handler, api_as(alice).base, {"authorization": f"Bearer {service}"})

    answers = [each.post("/connectors/github/install/start") for each in (api_as(bob), robot)]

    assert [(answer.status, answer.code) for answer in answers] == [(403, "missing_capability")] * 2


def test_the_page_loads_and_frames_nothing_and_is_kept_nowhere(public: Api, browser: Browser, install_url: str) -> None:
    page = public.get(browser.install(install_url))

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_a_name_at_github_cannot_write_into_the_page(
    public: Api, github: GitHubStandIn, browser: Browser, install_url: str
) -> None:
    github._world.installation.login = "<script>alert(1)</script>"

    assert b"<script>" not in public.get(browser.install(install_url)).body


def test_an_installation_that_waits_for_its_owner_is_told_so(public: Api, install_url: str) -> None:
    page = public.get(f"{CALLBACK}?setup_action=request&state=x")

    assert (page.status, "approve" in page.body.decode()) == (200, True)


def test_binding_again_keeps_the_account(
    api_as: ApiAs, alice: Person, public: Api, browser: Browser, install_url: str
) -> None:
    say_yes(public, public.get(browser.install(install_url)))
    again = api_as(alice).post("/connectors/github/install/start").item.installUrl

    done = say_yes(public, public.get(browser.install(again)))

    assert done.status == 200
    assert len(api_as(alice).get("/connector-accounts").items) == 1


def test_neither_code_nor_token_nor_ticket_is_logged_or_stored(
    depot: Services, public: Api, browser: Browser, install_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    back = browser.install(install_url)
    page = public.get(back)
    secrets = [parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state")]
    secrets += [ticket_of(page).partition(".")[2], *browser.github._world.people._tokens]
    say_yes(public, page)

    kept = capsys.readouterr().out + json.dumps(rows(depot), default=str)

    assert len(secrets) == 4
    assert [secret for secret in secrets if secret in kept] == []


def rows(depot: Services) -> list[Any]:
    pages = depot.table.client.get_paginator("scan").paginate(TableName=depot.table.name)
    return [item for page in pages for item in page["Items"]]
