"""The page about checking a release: its program believes what was released and nothing else."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions.delivery.handler import handler as delivery
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person

PAGE = Path(__file__).resolve().parents[3] / "docs" / "releases.md"

Check = Callable[[Any, Any], subprocess.CompletedProcess[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Runs the page's program, in a process without our code, on keys and a manifest."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "check.py").write_text(program)

    def run(keys: Any, manifest: Any) -> subprocess.CompletedProcess[str]:
        (tmp_path / "keys.json").write_text(json.dumps(keys))
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        command = [sys.executable, "-I", "check.py", "keys.json", "manifest.json"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def manifest(api_as: ApiAs, alice: Person, plugin_id: str, release_id: str) -> Any:
    """Of a plugin that delivers its release."""
    api_as(alice).patch(f"/plugins/{plugin_id}", {"deliveryMode": "released"})
    api_as(alice).post(f"/plugins/{plugin_id}/releases/{release_id}/promote")
    return api_as(alice, delivery).get(f"/delivery/plugins/{plugin_id}/manifest").json


@pytest.fixture
def keys(manifest: Any) -> Any:
    return Api(delivery).get("/.well-known/plugin-depot/keys.json").json


def test_what_was_released_is_believed(check: Check, keys: Any, manifest: Any) -> None:
    done = check(keys, manifest)

    assert (done.returncode, done.stdout) == (0, "reviews 0.1.0: 1 item(s) as released\n"), done.stderr


def _change_file(manifest: Any) -> None:
    manifest["items"][0]["files"][0]["sha256"] = "0" * 64


def _make_executable(manifest: Any) -> None:
    manifest["items"][0]["files"][0]["mode"] = "100755"


def _add_item(manifest: Any) -> None:
    manifest["items"].append({**manifest["items"][0], "installName": "another"})


def _take_away_items(manifest: Any) -> None:
    manifest["items"] = []


def _describe_otherwise(manifest: Any) -> None:
    manifest["plugin"]["description"] = "Trust me."


@pytest.mark.parametrize("tamper", [_change_file, _make_executable, _add_item, _take_away_items, _describe_otherwise])
def test_what_was_changed_is_not(check: Check, keys: Any, manifest: Any, tamper: Callable[[Any], None]) -> None:
    tamper(manifest["item"])

    done = check(keys, manifest)

    assert (done.returncode, done.stdout) == (1, "")
    assert "these are not the files that were released" in done.stderr


def test_a_statement_that_was_changed_is_not(check: Check, keys: Any, manifest: Any) -> None:
    header, payload, signature = manifest["item"]["signature"].split(".")
    manifest["item"]["signature"] = f"{header}.{payload[:-4]}AAAA.{signature}"

    done = check(keys, manifest)

    assert (done.returncode, done.stdout) == (1, "")
    assert "InvalidSignatureError" in done.stderr
