"""A sync holds documents to the JSON Schemas of their org."""

import json

from shared.domain.config_object import ObjectStatus
from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.world import World

MAPPINGS = (("/config/*.json", "custom"),)
SCHEMA = json.dumps({"required": ["port"]})


def test_a_document_that_breaks_its_schema_keeps_its_last_good_version(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"config/schema.json": SCHEMA}, MAPPINGS)
    world.resync(connected)
    schema_id = world.rows.objects()["config/schema.json"].id
    good, bad = (json.dumps({"schemaRef": schema_id, key: 1}) for key in ("port", "host"))
    world.sync({"config/schema.json": SCHEMA, "config/server.json": good})

    event = world.sync({"config/schema.json": SCHEMA, "config/server.json": bad})

    entity = world.rows.objects()["config/server.json"]
    [failure] = event.failures
    assert (event.status, failure.path, failure.code) == (SyncStatus.PARTIAL, "config/server.json", "schema_mismatch")
    assert (entity.status, entity.is_delivered) == (ObjectStatus.INGESTION_ERROR, True)
    assert world.files(entity)["server.json"][0] == good.encode()
