"""A running local stack, as a test drives it: its repository, its queue's outcome, its operator."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import emulator, follow
from local.api import Api, Operations
from local.aws import Aws
from local.memory import Memory
from local.repository import clone, commit_and_push
from local.state import Ports, State


@dataclass(frozen=True, slots=True)
class RunningStack:
    state: State

    @property
    def marketplace_url(self) -> str:
        return str(self._stack["marketplaceGitUrl"])

    def sample_files(self) -> dict[str, bytes]:
        """The sample repository's files at its head, by path."""
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch) / "work"
            clone(Path(self._stack["sampleRepository"]), work)
            paths = [path for path in work.rglob("*") if path.is_file() and ".git" not in path.parts]
            return {str(path.relative_to(work)): path.read_bytes() for path in paths}

    def edit_sample(self, path: str, addition: str) -> bytes:
        """Append to a file of the sample, push it, wait for its sync; the file's new content."""
        edited = self.sample_files()[path] + addition.encode()
        self.push({path: edited})
        return edited

    def push(self, changes: Mapping[str, bytes | None]) -> dict[str, Any]:
        """Commit and push changes (None deletes) and wait for their sync; its event."""
        target = Memory(self.state, "seed").get("target acme/engineering-reviews")
        known = follow.newest_event(self._owner, self._org, target)
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch) / "work"
            clone(Path(self._stack["sampleRepository"]), work)
            for path, data in changes.items():
                _write(work / path, data)
            commit_and_push(work, "Change the sample")
        return follow.await_next(self._owner, self._org, target, after=known)

    def new_marketplace_url(self) -> tuple[str, str]:
        """The marketplace with a delivery token of its own, and that token's id."""
        members = self._owner.get("/v1/me")["item"]["orgs"]
        made = self._operations.run(
            "create_token",
            orgId=self._stack["orgId"],
            kind="delivery",
            name="To be revoked",
            memberId=members[0]["memberId"],
        )
        url = self.marketplace_url.replace(self._stack["deliveryToken"], made["secret"])
        return url, made["tokenId"]

    def revoke(self, token_id: str) -> None:
        self._operations.run("revoke_token", orgId=self._stack["orgId"], tokenId=token_id)

    @property
    def _stack(self) -> dict[str, Any]:
        return self.state.stack()

    @property
    def _org(self) -> str:
        return f"/v1/orgs/{self._stack['orgId']}"

    @property
    def _owner(self) -> Api:
        return Api(self._stack["baseUrl"], self._stack["ownerToken"])

    @property
    def _operations(self) -> Operations:
        aws = Aws(emulator.endpoint(Ports(**self.state.read("ports"))))
        return Operations(aws, self.state.read("details")["outputs"]["OperationsFunction"])


def _write(file: Path, data: bytes | None) -> None:
    if data is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
