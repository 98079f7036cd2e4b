"""What large repositories take of a worker: processor and memory, AWS standing still, GitHub in another process."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.github.writing import Files
from tests.fixtures.people import Person
from tests.integration.sync.world import Connected, World

ROOT = Path(__file__).resolve().parents[3]
CPU_SECONDS, MEMORY_MIB = 4, 512
WORDS = "Read what was asked, look at the code, and say what you would change and why. " * 160


def skills(count: int, supporting: int, size: int) -> Files:
    """`count` skills of `supporting` files more, each of `size` bytes and like no other."""
    files: dict[str, Any] = {}
    for at in range(count):
        root = f"plugins/p{at % 40:02d}/skills/skill-{at:04d}"
        files[f"{root}/SKILL.md"] = f"---\nname: skill-{at:04d}\ndescription: Does {at}.\n---\n{WORDS[:size]}\n"
        for other in range(supporting):
            files[f"{root}/references/{other:02d}.md"] = f"# {at}.{other}\n{WORDS[:size]}\n"
    return files


@dataclass(frozen=True)
class Used:
    cpu: float
    idle: float
    peak: float
    aws: dict[str, int]

    def show(self, name: str, calls: int) -> None:
        cpu = f"{self.cpu:.2f} s of CPU ({self.cpu / CPU_SECONDS:.2f} of the bar of 1,000 skills), "
        memory = f"{self.peak:.0f} MiB at most ({self.peak / MEMORY_MIB:.2f} of the bar; {self.idle:.0f} idle)"
        print(f"\n{name}: {cpu}{memory}, {calls} GitHub calls, {sum(self.aws.values())} AWS calls")


def measure(world: World, record: dict[str, Any], tmp_path: Path, *, deaf: bool = False) -> Used:
    """Have another process work on a message, and be told what it took."""
    job = {"url": world.github.url, "key": world.app_key, "rows": world.rows.items(), "record": record, "deaf": deaf}
    path = tmp_path / "job.json"
    path.write_text(json.dumps(job))
    world.github.requests.clear()
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.sync.measured_worker", str(path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["failed"] == {"batchItemFailures": []}, done.stdout
    return Used(told["cpu"], told["idle"], told["peak"], told["aws"])


def asked_to_sync(world: World, connected: Connected) -> dict[str, Any]:
    world.depot.sync_events.resync(connected.actor, connected.target_id)
    [record] = world.queue.receive()
    return record


@pytest.mark.benchmark
@pytest.mark.parametrize("deaf", [True, False], ids=["storage stubbed", "with botocore's own work"])
def test_the_first_sync_of_a_thousand_skills(
    world: World, alice: Person, tmp_path: Path, deaf: bool, request: pytest.FixtureRequest
) -> None:
    connected = world.connect(alice, skills(1_000, supporting=4, size=1_500), (("skills/", "skill"),))

    used = measure(world, asked_to_sync(world, connected), tmp_path, deaf=deaf)

    used.show(f"{request.node.callspec.id}: first sync of 1,000 skills, 5,000 files", len(world.github.requests))
    assert len(world.github.requests) <= 10


@pytest.mark.benchmark
@pytest.mark.parametrize("size", [1_500, 12_000], ids=["30 MB", "240 MB"])
def test_the_first_sync_of_twenty_thousand_files(world: World, alice: Person, tmp_path: Path, size: int) -> None:
    connected = world.connect(alice, skills(1_000, supporting=19, size=size), (("skills/", "skill"),))

    used = measure(world, asked_to_sync(world, connected), tmp_path)

    used.show(f"first sync of 20,000 files of {size} bytes", len(world.github.requests))
    assert used.peak <= MEMORY_MIB


def marketplace(plugins: int) -> Files:
    """Lists the plugins that `skills` are in, each with a manifest of its own."""
    entries = [{"name": f"p{at:02d}", "source": f"./plugins/p{at:02d}"} for at in range(plugins)]
    listed = {"name": "large", "owner": {"name": "Acme"}, "plugins": entries}
    manifests = {
        f"plugins/{one['name']}/.claude-plugin/plugin.json": json.dumps({"name": one["name"]}) for one in entries
    }
    return {".claude-plugin/marketplace.json": json.dumps(listed), **manifests}


@pytest.mark.benchmark
@pytest.mark.parametrize("manifests", [{}, marketplace(40)], ids=["inferred from folders", "a marketplace"])
def test_a_look_at_twenty_thousand_files(
    world: World, alice: Person, tmp_path: Path, manifests: Files, request: pytest.FixtureRequest
) -> None:
    connected = world.connect(alice, {**skills(1_000, supporting=19, size=100), **manifests}, ())
    world.depot.discoveries.refresh(connected.actor, connected.instance_id, None)
    [record] = world.queue.receive()

    used = measure(world, record, tmp_path)

    used.show(f"discovery of 20,000 files, {request.node.callspec.id}", len(world.github.requests))
    assert len(world.github.requests) <= 10
    assert used.peak <= MEMORY_MIB


@pytest.mark.benchmark
def test_a_cut_listing_of_seventeen_thousand_files(world: World, alice: Person, tmp_path: Path) -> None:
    connected = world.connect(alice, skills(850, supporting=19, size=300), (("skills/", "skill"),))
    record = asked_to_sync(world, connected)
    world.github.conditions.switch(tree_entries=6_000)

    used = measure(world, record, tmp_path)

    listings = sum("/git/trees/" in one for one in world.github.requests)
    used.show(f"first sync of 17,000 files, {listings} listings", len(world.github.requests))
    cut = 2 + 28  # the commit, the folder of plugins, and the plugins of which not everything was listed
    assert len(world.github.requests) <= cut + 10
