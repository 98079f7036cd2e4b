"""Brings one local stack up, or up to date: every step is harmless to repeat."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import urllib3

from local import credentials, emulator, processes, seed, stand_in, summary
from local.api import Api, Operations
from local.aws import Aws
from local.deploy import deploy
from local.down import bring_down
from local.memory import Memory
from local.progress import say, step
from local.recall import read_again
from local.state import Ports, State, choose_ports, require_free
from local.synth import API_ID, ROOT, base_url, github_url, synthesize

EMULATOR_PYTHON = ROOT / ".local" / "emulator-venv" / "bin" / "python"
_FRONT_START_S = 10.0


def bring_up(state: State, environment: Mapping[str, str]) -> None:
    """Emulator, app, GitHub stand-in, front, secrets, people, sample; then say how to use it."""
    ports = choose_ports(state, environment)
    _settle_ports(state, ports)
    kept = credentials.obtain(state)
    forgot = processes.ended_unasked(state, emulator.NAME)
    with step("Starting the emulator of AWS"):
        emulator.start(state, ports, EMULATOR_PYTHON)
    with step("Synthesizing the CDK app"):
        synthesize(state, ports, EMULATOR_PYTHON)
    aws = Aws(emulator.endpoint(ports), state.certificate)
    with step("Deploying it into the emulator"):
        outputs = deploy(aws, state.cloud_assembly)
        credentials.fill_secrets(aws, outputs, kept)
    with step("Starting the GitHub stand-in and the front"):
        stand_in.start(state, ports, kept)
        start_front(state, ports)
    state.write("details", {"emulatorUrl": aws.endpoint, "outputs": outputs})
    _seed(state, ports, Operations(aws, outputs["OperationsFunction"]), kept, forgot)


def start_front(state: State, ports: Ports) -> None:
    if processes.running(state, "front") is not None:
        return
    upstream = f"{emulator.endpoint(ports)}/_aws/execute-api/{API_ID}/$default"
    command = [sys.executable, "-m", "local.front", "--port", str(ports.front), "--upstream", upstream]
    if ports.enforced:
        command += ["--certificate", str(state.certificate)]
    processes.start(state, processes.Service("front", command, {"PYTHONUNBUFFERED": "1"}, ROOT))
    processes.await_ready(state, "front", lambda: _front_answers(ports), _FRONT_START_S)


def _settle_ports(state: State, ports: Ports) -> None:
    """Remember the ports; a stack that moves stops first, since its processes know each other by port."""
    chosen = {"front": ports.front, "emulator": ports.emulator, "github": ports.github}
    if state.read("ports") not in ({}, chosen | {"enforced": ports.enforced}):
        bring_down(state)
    for name, port in chosen.items():
        if processes.running(state, name) is None:
            require_free(port, Ports.VARIABLES[name])
    state.write("ports", chosen | {"enforced": ports.enforced})


def _seed(state: State, ports: Ports, operations: Operations, kept: credentials.Credentials, forgot: bool) -> None:
    """An emulator that `forgot` is back at its last orderly stop: what was pushed since then is read again."""
    memory = Memory(state, "seed")
    if not seed.still_there(base_url(ports), memory):
        forgot = False
        memory.forget()
        with step("Making an org with an owner, a member and a team"):
            seed.seed_people(operations, memory)
    api = Api(base_url(ports), memory.get("organization")["token"])
    with tempfile.TemporaryDirectory() as scratch:
        plugin_id = seed.seed_sample(api, memory, stand_in.StandIn(state, ports), Path(scratch))
    if forgot:
        say("  The emulator was killed. What was pushed since it last stopped in order is read again:")
        read_again(api, f"/v1/orgs/{memory.get('organization')['orgId']}", memory)
    state.write("stack", _stack(ports, memory, kept, plugin_id))
    summary.show(state)


def _stack(ports: Ports, memory: Memory, kept: credentials.Credentials, plugin_id: str) -> dict[str, str]:
    """What scripts find in stack.json; these names do not change."""
    delivery = memory.get("deliveryToken")["secret"]
    host = base_url(ports).removeprefix("http://")
    return {
        "baseUrl": base_url(ports),
        "orgId": memory.get("organization")["orgId"],
        "orgSlug": seed.ORG_SLUG,
        "ownerToken": memory.get("organization")["token"],
        "memberToken": memory.get("member")["token"],
        "deliveryToken": delivery,
        "webhookSecret": kept.webhook_secret,
        "githubApiUrl": github_url(ports),
        "sampleRepository": memory.get("sample"),
        "marketplaceGitUrl": f"http://depot:{delivery}@{host}/git/{seed.ORG_SLUG}/{seed.ORG_SLUG}.git",
        "pluginId": plugin_id,
    }


def _front_answers(ports: Ports) -> bool:
    try:
        urllib3.request("OPTIONS", base_url(ports) + "/", retries=False, timeout=2)
    except urllib3.exceptions.HTTPError:
        return False
    return True
