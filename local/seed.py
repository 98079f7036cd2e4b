"""The first org of a stack: an owner, a member and a team, and the sample repository connected and synced."""

from pathlib import Path
from typing import Final

from local.api import Api, Operations, RefusedError
from local.connect import Connector, importable
from local.errors import LocalStackError
from local.memory import Memory
from local.progress import step
from local.repository import commit_files
from local.stand_in import INSTALLATION_ID, StandIn
from local.synth import ROOT

ORG_SLUG: Final = "acme"
SAMPLE: Final = "acme/engineering-reviews"
_SAMPLE_FILES: Final = ROOT / "examples" / "plugin-repository"


def seed_people(operations: Operations, memory: Memory) -> None:
    """Make the org and who is in it, as an operator does on AWS: by invoking the operations function."""
    owner = {"email": "olivia@acme.example", "displayName": "Olivia Owner"}
    organization = memory.once(
        "organization",
        lambda: operations.run("create_organization", slug=ORG_SLUG, name="Acme", owner=owner),
    )
    org_id = organization["orgId"]
    member = memory.once(
        "member",
        lambda: operations.run(
            "add_member",
            orgId=org_id,
            email="milo@acme.example",
            displayName="Milo Member",
            role="member",
        ),
    )
    team = memory.once(
        "team",
        lambda: operations.run("add_team", orgId=org_id, name="Engineering", memberIds=[member["memberId"]]),
    )
    memory.once(
        "deliveryToken",
        lambda: operations.run("create_token", orgId=org_id, kind="delivery", name="laptop", teamId=team["teamId"]),
    )
    memory.once(
        "installation",
        lambda: operations.run("claim_installation", orgId=org_id, installationId=INSTALLATION_ID),
    )


def still_there(base_url: str, memory: Memory) -> bool:
    """Whether the remembered org exists: an emulator that was killed forgets what it had not put away."""
    if memory.get("organization") is None:
        return False
    try:
        Api(base_url, memory.get("organization")["token"]).get(f"/v1/orgs/{ORG_SLUG}/plugins?limit=1")
    except RefusedError as refused:
        if refused.status in (401, 404):
            return False
        raise
    return True


def seed_sample(api: Api, memory: Memory, stand_in: StandIn, scratch: Path) -> str:
    """Put the sample into a repository of its own, connect it, wait for its first sync; its plugin's id."""
    memory.once("sample", lambda: str(_publish_sample(stand_in, scratch)))
    connector = Connector(api, memory.get("organization")["orgId"], memory)
    plugin_id: str = memory.once("sample plugin", lambda: _connect_sample(connector))
    return plugin_id


def _connect_sample(connector: Connector) -> str:
    with step(f"Connecting {SAMPLE}"):
        place = connector.place(SAMPLE, INSTALLATION_ID)
        keys = [candidate["key"] for candidate in importable(connector.discover(place))]
        connected = connector.apply(place, keys)
    if connector.sync(connected)["status"] == "failed":
        raise LocalStackError("The first sync of the sample failed. `make logs` says more; `make up` tries again.")
    (plugin_id,) = connected.plugin_ids.values()
    return plugin_id


def _publish_sample(stand_in: StandIn, scratch: Path) -> Path:
    work = scratch / "sample"
    commit_files(_SAMPLE_FILES, work, "Add the engineering reviews plugin")
    return stand_in.register(SAMPLE, work)
