"""Every mutating route of an org leaves exactly one audit event: a route without a line here fails."""

import re
from collections import defaultdict
from importlib import import_module

import pytest

from functions.admin.handler import app
from shared.bootstrap import Services
from shared.bootstrap.occasions import UNATTENDED, take_up
from shared.domain.audit import AuditActorKind, AuditEvent, Outcome
from shared.http.routes import operation_id
from shared.repositories.audit_events import read_event
from tests.fixtures.github import INSTALLATION
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.archives import tarred
from tests.unit.admin.contents import AGENT, SKILL, skill
from tests.unit.admin.mutations import AUTHORING, CONNECTING, PEOPLE, SECRET, TEXTS, TYPES, Step
from tests.unit.admin.rows import filled

_MODULES = dict.fromkeys(module for area in app.areas if "{orgId}" in area.base for module in area.modules.values())
_ROUTES = [declared for module in _MODULES for declared in import_module(module).routes.declared]
OPERATIONS = {operation_id("", each.function.__name__) for each in _ROUTES if each.method != "GET"}

WRITE_NOTHING = {
    *(f"validate{kind.title()}" for kind in TEXTS),
    *("validateConfigObject", "renderCommandPreview", "previewSkill", "analyzeTool"),
    *("checkInstall", "checkConnection", "previewMapping", "validateTarget"),
}
"""They tell, and change nothing."""

CONNECTED = "needs a repository: tests/integration/sync/test_audited_connecting.py"
INSTALLED = "needs a GitHub beside it: tests/integration/setup/test_audited_setup.py"
ELSEWHERE = {
    "importConfigObjects": "an event per object: below",
    "promoteRelease": "promotes an older release than the newest: below",
    **dict.fromkeys(
        ("refreshDiscovery", "applyDiscovery", "createMappings", "updateMapping", "deleteMapping"), CONNECTED
    ),
    **dict.fromkeys(("updateTarget", "syncInstanceNow", "retrySyncEvent", "disconnectAccount"), CONNECTED),
    **dict.fromkeys(("startInstall", "bindInstallation", "setUpRepository"), INSTALLED),
}


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> None:
    """What is prepared is no request's, also where another test was before."""
    take_up(UNATTENDED)


@pytest.fixture
def ids(alice: Person, bob: Person) -> dict[str, str]:
    return {"alice": alice.id, "bob": bob.id}


def test_every_mutating_route_has_its_line() -> None:
    done = {step[0] for step in (*AUTHORING, *PEOPLE, *CONNECTING, *TYPES)}

    assert done | WRITE_NOTHING | ELSEWHERE.keys() == OPERATIONS
    assert not done & (WRITE_NOTHING | ELSEWHERE.keys())


@pytest.mark.usefixtures("github")
@pytest.mark.parametrize(
    "steps", [AUTHORING, PEOPLE, CONNECTING, TYPES], ids=["authoring", "people", "connecting", "types"]
)
def test_each_step_leaves_one_event_of_its_own(
    depot: Services, api_as: ApiAs, alice: Person, ids: dict[str, str], steps: list[Step]
) -> None:
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION))

    live_through(api_as(alice), steps, ids)

    events = told(depot)
    assert {name: len(found) for name, found in events.items()} == {step[0]: 1 for step in steps}
    assert_true(events, steps, ids)


def test_an_older_release_that_is_promoted_leaves_one_event(depot: Services, api_as: ApiAs, alice: Person) -> None:
    api = api_as(alice)
    plugin = api.post("/plugins", {"name": "reviews"}).item.id
    api.post("/config-objects", skill(pluginIds=[plugin]))
    older, _ = (api.post(f"/plugins/{plugin}/releases", {"version": f"1.0.{at}"}).item.id for at in range(2))

    api.post(f"/plugins/{plugin}/releases/{older}/promote", x_request_id="promoted")

    (event,) = told(depot)["promoted"]
    assert (event.action, event.resource) == ("promoteRelease", plugin)


def test_an_import_leaves_an_event_for_each_object(depot: Services, api_as: ApiAs, alice: Person) -> None:
    archive = tarred({"skills/review/SKILL.md": SKILL, "agents/critic.md": AGENT})

    made = api_as(alice).post(
        "/config-objects/import", archive, content_type="application/gzip", x_request_id="imported"
    )

    events = told(depot)["imported"]
    assert {event.action for event in events} == {"importConfigObjects"}
    assert sorted(event.resource for event in events) == sorted(each["item"]["id"] for each in made.json["items"])


def test_a_repeated_request_and_a_change_of_nothing_leave_no_event(
    depot: Services, api_as: ApiAs, alice: Person
) -> None:
    api = api_as(alice)
    made = [
        api.post("/plugins", {"name": "reviews"}, idempotency_key="key-1", x_request_id=name)
        for name in ("first-request", "second-request")
    ]
    plugin, shop = made[0].item.id, api.post("/marketplaces", {"name": "tools", "description": "Tools."}).item
    before = api.get(f"/plugins/{plugin}").headers["etag"]

    answers = [
        api.patch(f"/plugins/{plugin}", {"description": None}, x_request_id="equal-request"),
        api.patch(f"/marketplaces/{shop.id}", {"description": "Tools."}, x_request_id="equal-request"),
    ]

    assert [each.status for each in answers] == [200, 200]
    assert answers[0].headers["etag"] == before
    assert told(depot).keys() & {"first-request", "second-request", "equal-request"} == {"first-request"}


def test_no_event_holds_a_secret(depot: Services, api_as: ApiAs, alice: Person, ids: dict[str, str]) -> None:
    answers = live_through(api_as(alice), [*TYPES, *PEOPLE[5:6]], ids)

    said = repr(told(depot))

    assert {"createMcp", "createToken"} <= told(depot).keys()
    assert SECRET not in said
    assert answers["createToken"].item.secret not in said


def live_through(api: Api, steps: list[Step], ids: dict[str, str]) -> dict[str, Answer]:
    """Each request carries its operation as its id; what is made gets a name."""
    answers = {}
    for name, method, path, body, called in steps:
        answer = api.send(method, path.format(**ids), filled(body, ids) if body else None, x_request_id=name)
        assert answer.status < 300, f"{name}: {answer.status} {answer.body.decode()}"
        answers[name] = answer
        if called:
            ids[called] = answer.item.id
    return answers


def told(depot: Services) -> dict[str, list[AuditEvent]]:
    """The audit events by the request that they were written in."""
    rows = depot.table.client.scan(TableName=depot.table.name)["Items"]
    found: dict[str, list[AuditEvent]] = defaultdict(list)
    for row in rows:
        if row["pk"]["S"].startswith("AUD#") and row["request_id"]["S"] != UNATTENDED.request_id:
            found[row["request_id"]["S"]].append(read_event(row))
    return found


def assert_true(events: dict[str, list[AuditEvent]], steps: list[Step], ids: dict[str, str]) -> None:
    """Who, what for, and on what: the first id in the path, else what was made."""
    for name, _, path, _, called in steps:
        (event,) = events[name]
        assert (event.actor.kind, event.actor.id) == (AuditActorKind.MEMBER, ids["alice"]), name
        assert (event.action, event.outcome) == (name, Outcome.DONE)
        named = re.findall(r"{(\w+)}", path)
        if named and named[0] in ids and named[0] != "grant":
            assert event.resource == ids[named[0]], name
        elif called:
            assert event.resource == ids[called], name
