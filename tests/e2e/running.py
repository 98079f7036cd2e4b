"""A running local stack, as a test drives it: its repository, its queue's outcome, its operator."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import emulator, follow
from local.api import Api, Operations
from local.aws import Aws
from local.memory import Memory
from local.repository import clone, commit_and_push
from local.state import Ports, State
from tests.e2e.clients.address import Address


@dataclass(frozen=True, slots=True)
class RunningStack:
    state: State

    @property
    def marketplace_url(self) -> str:
        return str(self.details["marketplaceGitUrl"])

    def sample_files(self) -> dict[str, bytes]:
        """The sample repository's files at its head, by path."""
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch) / "work"
            clone(Path(self.details["sampleRepository"]), work)
            paths = [path for path in work.rglob("*") if path.is_file() and ".git" not in path.parts]
            return {str(path.relative_to(work)): path.read_bytes() for path in paths}

    def edit_sample(self, path: str, addition: str) -> bytes:
        """Append to a file of the sample, push it, wait for its sync; the file's new content."""
        edited = self.sample_files()[path] + addition.encode()
        self.push({path: edited})
        return edited

    def push(self, changes: Mapping[str, bytes | None]) -> dict[str, Any]:
        """Commit and push changes (None deletes) and wait for their sync; its event."""
        known = follow.newest_event(self.owner, self.org, self.target_id)
        self.commit(changes)
        return follow.await_next(self.owner, self.org, self.target_id, after=known)

    def commit(self, changes: Mapping[str, bytes | None]) -> None:
        """Commit and push changes; None deletes."""
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch) / "work"
            clone(Path(self.details["sampleRepository"]), work)
            for path, data in changes.items():
                _write(work / path, data)
            commit_and_push(work, "Change the sample")

    def new_address(self, origin: str | None = None) -> tuple[Address, str]:
        """Where a new delivery token finds everything, and that token's id; at `origin`, where that is another."""
        token, token_id = self._new_token()
        reached = self.details["baseUrl"]
        links = Api(reached, token).get(f"{self.org}/delivery/links")["item"]
        at = {name: _moved(url, origin or reached) for name, url in links.items()}
        org = at["jsonMarketplace"].split("/")[-2]
        address = Address(
            origin or reached,
            org,
            git=at["gitMarketplace"],
            json=at["jsonMarketplace"],
            skills=at["agentSkills"],
            registry=at["mcpRegistry"],
            token=token,
        )
        return address, token_id

    def map(self, selector: str, object_type: str, plugin_id: str | None = None) -> str:
        """Have the sample's repository give objects of a type to a plugin, its own unless told; the mapping's id."""
        mappings = f"{self.org}/connector-targets/{self.target_id}/mappings"
        known = {each["selector"]: each["id"] for each in self.owner.items(f"{mappings}?limit=100")}
        wanted = {"selector": selector, "objectType": object_type, "pluginId": plugin_id or self.details["pluginId"]}
        return str(known.get(selector) or self.owner.post(mappings, wanted)["item"]["id"])

    def unmap(self, mapping_id: str) -> None:
        """Take a mapping back, and wait for the run that ends what it brought."""
        known = follow.newest_event(self.owner, self.org, self.target_id)
        self.owner.delete(f"{self.org}/connector-mappings/{mapping_id}")
        follow.await_next(self.owner, self.org, self.target_id, after=known)

    @contextmanager
    def reached_at(self, origin: str) -> Iterator[None]:
        """Links lead to another address meanwhile."""
        functions, name = self.aws.client("lambda"), "depot-local-delivery"
        before = functions.get_function_configuration(FunctionName=name)["Environment"]
        moved = {"Variables": {**before["Variables"], "DEPOT_PUBLIC_URL": origin}}
        functions.update_function_configuration(FunctionName=name, Environment=moved)
        try:
            yield
        finally:
            functions.update_function_configuration(FunctionName=name, Environment=before)

    @property
    def port(self) -> int:
        """Of the address that people use."""
        return Ports(**self.state.read("ports")).front

    def new_marketplace_url(self) -> tuple[str, str]:
        """The marketplace with a delivery token of its own, and that token's id."""
        token, token_id = self._new_token()
        return self.marketplace_url.replace(self.details["deliveryToken"], token), token_id

    def _new_token(self) -> tuple[str, str]:
        members = self.owner.get("/v1/me")["item"]["orgs"]
        made = self._operations.run(
            "create_token",
            orgId=self.details["orgId"],
            kind="delivery",
            name="To be revoked",
            memberId=members[0]["memberId"],
        )
        return made["secret"], made["tokenId"]

    def revoke(self, token_id: str) -> None:
        self._operations.run("revoke_token", orgId=self.details["orgId"], tokenId=token_id)

    @property
    def details(self) -> dict[str, Any]:
        return self.state.stack()

    @property
    def org(self) -> str:
        return f"/v1/orgs/{self.details['orgId']}"

    @property
    def owner(self) -> Api:
        return Api(self.details["baseUrl"], self.details["ownerToken"])

    @property
    def target_id(self) -> str:
        """The connector target of the sample."""
        return str(Memory(self.state, "seed").get("target acme/engineering-reviews"))

    @property
    def aws(self) -> Aws:
        """The operator's own access, which nothing restricts."""
        return Aws(emulator.endpoint(Ports(**self.state.read("ports"))), self.state.certificate)

    @property
    def _operations(self) -> Operations:
        return Operations(self.aws, self.state.read("details")["outputs"]["OperationsFunction"])


def _moved(url: str, origin: str) -> str:
    """The same path elsewhere."""
    return origin + urlsplit(url).path


def _write(file: Path, data: bytes | None) -> None:
    if data is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
