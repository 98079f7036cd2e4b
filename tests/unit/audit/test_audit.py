"""The audit function: what the company's own pipelines are told of audit events, and what comes again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.audit.handler import handler as audit
from shared.bootstrap import Services
from shared.domain.errors import Retryable
from shared.messaging.audit_bus import BATCH, AuditBus
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person

SECRET = "k-93kdm20sk3mdlq"
SERVER = f'{{"mcpServers": {{"search": {{"command": "search", "env": {{"API_KEY": "{SECRET}"}}}}}}}}'


@dataclass
class FakeEvents:
    """EventBridge: takes what it is given, but for events of `refused` resources; `down` fails every call from that."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    calls: int = 0
    down: int | None = None

    def put_events(self, *, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803  # AWS's name
        self.calls += 1
        if self.down is not None and self.calls >= self.down:
            raise Retryable("AWS is busy.")
        assert len(Entries) <= BATCH
        good = [entry for entry in Entries if entry["Resources"][0] not in self.refused]
        self.taken += map(dict, good)
        results = [{"EventId": "1"} if entry in good else {"ErrorCode": "InternalFailure"} for entry in Entries]
        return {"FailedEntryCount": len(Entries) - len(good), "Entries": results}


@pytest.fixture
def bus(depot: Services) -> FakeEvents:
    far_side = FakeEvents()
    depot.__dict__["audit_bus"] = AuditBus(far_side, "security")
    return far_side


@pytest.fixture
def api(api_as: ApiAs, alice: Person) -> Api:
    return api_as(alice)


def records(depot: Services, person: Person) -> list[dict[str, Any]]:
    """What the stream says of an org's audit events, oldest first."""
    rows = depot.table.client.scan(TableName=depot.table.name)["Items"]
    events = sorted(
        (row for row in rows if row["pk"]["S"].startswith(f"AUD#{person.org_id}")), key=lambda row: row["sk"]["S"]
    )
    return [
        {"eventName": "INSERT", "dynamodb": {"NewImage": row, "SequenceNumber": str(number)}}
        for number, row in enumerate(events)
    ]


def told(stream: list[dict[str, Any]]) -> list[str]:
    """The records that are to come again."""
    return [each["itemIdentifier"] for each in audit({"Records": stream}, None)["batchItemFailures"]]


def details(bus: FakeEvents) -> list[dict[str, Any]]:
    return [json.loads(entry["Detail"]) for entry in bus.taken]


def test_the_bus_hears_what_the_api_shows(depot: Services, api: Api, alice: Person, bus: FakeEvents) -> None:
    made = [api.post("/plugins", {"name": name}).item.id for name in ("one", "two")]
    api.post(f"/plugins/{made[0]}/access", {"orgWide": True, "role": "viewer"})

    assert told(records(depot, alice)) == []

    shown = api.get("/audit-events?limit=100").json["items"]
    assert details(bus) == [{**one, "orgId": alice.org_id} for one in reversed(shown)]
    assert {(entry["Source"], entry["EventBusName"]) for entry in bus.taken} == {("plugin-depot", "security")}
    assert [entry["DetailType"] for entry in bus.taken[-3:]] == ["createPlugin", "createPlugin", "givePluginAccess"]
    assert bus.taken[-1]["Resources"][0] == made[0]


def test_a_refusal_is_told_like_a_deed(
    depot: Services, api_as: ApiAs, alice: Person, bob: Person, bus: FakeEvents
) -> None:
    api_as(bob).get("/audit-events")

    told(records(depot, alice))

    (refused,) = [one for one in details(bus) if one["outcome"] == "refused"]
    assert (refused["actor"]["id"], refused["action"]) == (bob.id, "listAuditEvents")


def test_many_events_are_handed_over_ten_at_a_time(depot: Services, api: Api, alice: Person, bus: FakeEvents) -> None:
    for number in range(21):
        api.post("/plugins", {"name": f"plugin-{number}"})
    stream = records(depot, alice)

    assert told(stream) == []

    assert len(bus.taken) == len(stream)
    assert bus.calls == -(-len(stream) // BATCH)


def test_what_the_bus_refuses_comes_again_from_there_on(
    depot: Services, api: Api, alice: Person, bus: FakeEvents
) -> None:
    made = [api.post("/plugins", {"name": f"plugin-{number}"}).item.id for number in range(15)]
    stream = records(depot, alice)
    place = next(n for n, one in enumerate(stream) if one["dynamodb"]["NewImage"]["resource"]["S"] == made[4])
    bus.refused = {made[4]}

    again = told(stream)
    bus.refused = set()

    assert again == [str(place)]
    assert told(stream[place:]) == []
    assert {one["resource"] for one in details(bus)} >= set(made)


def test_a_bus_that_fails_midway_is_asked_no_more(depot: Services, api: Api, alice: Person, bus: FakeEvents) -> None:
    for number in range(25):
        api.post("/plugins", {"name": f"plugin-{number}"})
    bus.down = 2

    assert told(records(depot, alice)) == [str(BATCH)]

    assert bus.calls == 2


def test_a_first_record_that_fails_fails_the_batch_so_that_lambda_halves_it(
    depot: Services, api: Api, alice: Person, bus: FakeEvents
) -> None:
    refused = api.post("/plugins", {"name": "refused"}).item.id
    stream = records(depot, alice)[-1:]
    bus.refused = {refused}

    with pytest.raises(Retryable, match="InternalFailure"):
        told(stream)


def test_no_secret_reaches_the_bus(depot: Services, api: Api, alice: Person, bus: FakeEvents) -> None:
    token = api.post("/tokens", {"kind": "delivery", "name": "laptop", "memberId": alice.id}).item.secret
    assert api.post("/mcps", {"input": {"rawSourceText": SERVER}}).status == 201

    told(records(depot, alice))

    said = json.dumps(bus.taken, default=str)
    assert {"createMcp", "createToken"} <= {one["action"] for one in details(bus)}
    assert SECRET not in said
    assert token not in said
