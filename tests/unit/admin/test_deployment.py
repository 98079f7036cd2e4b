"""What anybody may ask of a deployment: alive, ready, which version, and how it is used."""

import re

import pytest

from functions.admin.handler import app, handler
from shared.bootstrap import Services, services
from shared.version import VERSION
from tests.fixtures.http import Api

api = Api(handler)


def test_it_is_alive_whatever_is_behind_it() -> None:
    answer = api.get("/healthz")

    assert (answer.status, answer.json) == (200, {"status": "ok"})


def test_it_tells_its_version(depot: Services) -> None:
    assert api.get("/version").json == {"version": VERSION, "stage": "test"}


def test_it_is_ready_when_table_queue_and_bucket_answer(depot: Services) -> None:
    answer = api.get("/readyz")

    assert (answer.status, answer.json["ready"]) == (200, True)
    assert answer.json["checks"] == {"table": True, "queue": True, "bucket": True}


def test_it_says_what_is_missing(depot: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPOT_QUEUE_URL", depot.settings.queue_url.replace("sync", "other"))
    services.cache_clear()

    answer = api.get("/readyz")

    assert (answer.status, answer.json["ready"]) == (503, False)
    assert answer.json["checks"] == {"table": True, "queue": False, "bucket": True}


def test_its_description_names_every_path_it_takes() -> None:
    document = api.get("/openapi.json").json

    assert document["openapi"].startswith("3.1")
    assert all(any(path.startswith(area.base) for path in document["paths"]) for area in app.areas)


def test_its_page_asks_for_nothing_else() -> None:
    answer = api.get("/docs")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not re.search(rb"<script|<link|<img|<form|src=|url\(|href=.https?://", answer.body)
    assert b"/v1/orgs/{orgId}/plugins" in answer.body
