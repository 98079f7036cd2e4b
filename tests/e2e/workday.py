"""A day's work of a deployment: everything that its functions do, asked for as people and GitHub ask for it."""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import urllib3

from local import follow
from local.github.git import run_git
from tests.e2e.running import RunningStack

_FUNCTION: Final = "depot-local-{}"
_BROKEN: Final = b"---\nname: &a [*a, *a]\n---\nBroken.\n"
_GOOD: Final = b"---\nname: mended\ndescription: Mended.\n---\nFine.\n"
_LISTS: Final = "plugins config-objects connector-sync-events".split()
_LISTS_OF_OWNERS: Final = "connector-accounts connector-instances".split()
# Less than what a run keeps in reserve before its function's limit: it stops after its first chunk.
_NO_TIME_S: Final = 25
# One more than one chunk of a run takes: the first is written however little time is left.
_TWO_CHUNKS: Final = 12


@dataclass(frozen=True, slots=True)
class Workday:
    stack: RunningStack

    def look_around(self) -> None:
        """Readiness, and every list as an owner and as a plain member."""
        assert self._ask("GET", "/readyz").json()["ready"]
        for name in (*_LISTS, *_LISTS_OF_OWNERS):
            self._ask("GET", f"{self.stack.org}/{name}?limit=1")
        for name in _LISTS:
            self._ask("GET", f"{self.stack.org}/{name}?limit=1", token=self.stack.details["memberToken"])

    def author_by_hand(self) -> None:
        """An object with two versions in a plugin that is shared, and all of it taken back."""
        made = self._make("config-objects", {"type": "skill", "input": _skill("One")})
        thing = f"{self.stack.org}/config-objects/{made['id']}"
        self._ask("POST", f"{thing}/versions", {"input": _skill("Two")})
        self._ask("GET", f"{thing}/versions/latest")
        self._ask("GET", f"{thing}/versions")
        plugin = f"plugins/{self._make('plugins', {'name': f'by-hand-{uuid4().hex[:8]}'})['id']}"
        self._make(f"{plugin}/config-objects", {"configObjectId": made["id"]})
        self._make(f"{plugin}/releases", {})
        self._ask("GET", "/.well-known/plugin-depot/keys.json")
        grant = self._make(f"{plugin}/access", {"orgWide": True, "role": "viewer"})
        self._ask("DELETE", f"{self.stack.org}/{plugin}/access/{grant['id']}")
        self._ask("DELETE", f"{self.stack.org}/{plugin}/config-objects/{made['id']}")

    def be_refused(self) -> None:
        """A refusal gives its idempotency key back."""
        body = {"configObjectId": "cfg_00000000000000000000000000"}
        path = f"{self.stack.org}/plugins/{self.stack.details['pluginId']}/config-objects"
        self._ask("POST", path, body, status=404, key=uuid4().hex)

    def deliver(self, folder: Path) -> None:
        """Lists, a manifest, downloads, and a clone; the second clone meets a function that remembers nothing."""
        delivery, token = f"{self.stack.org}/delivery", self.stack.details["deliveryToken"]
        self._ask("GET", f"{delivery}/plugins?limit=1")
        self._ask("GET", f"{delivery}/plugins/{self.stack.details['pluginId']}/manifest", token=token)
        self._download(f"{delivery}/plugins/{self.stack.details['pluginId']}/download?client=raw&format=zip")
        objects = self._ask("GET", f"{self.stack.org}/config-objects?type=skill&limit=1").json()["items"]
        self._download(f"{delivery}/config-objects/{objects[0]['id']}/download")
        run_git("clone", "--quiet", self.stack.marketplace_url, str(folder / uuid4().hex))
        with self._configured("delivery", Timeout=20):
            run_git("clone", "--quiet", self.stack.marketplace_url, str(folder / uuid4().hex))

    def sync(self) -> None:
        """A file that comes broken, is tried again, mended, announced twice, and deleted."""
        path = f"agents/{uuid4().hex}.md"
        partial = self.stack.push({path: _BROKEN})
        assert partial["status"] == "partial"
        job = self._ask("POST", f"{self.stack.org}/connector-sync-events/{partial['id']}/retry").json()["job"]
        follow.await_event(self.stack.owner, self.stack.org, job["id"])
        self.stack.push({path: _GOOD})
        self._announce_again()
        self.stack.push({path: None})

    def edit_a_skill(self) -> None:
        """One changed file of a skill that has several: the others are read from storage."""
        self.stack.edit_sample("skills/audit-dependencies/SKILL.md", f"\n{uuid4().hex}\n")

    def be_put_off(self) -> None:
        """GitHub fails for longer than one run waits."""
        self._control("faults", {"status": 502, "times": 5})
        assert self.stack.push({f"agents/{uuid4().hex}.md": _GOOD})["status"] == "completed"

    def run_out_of_time(self) -> None:
        """A run that has no time left queues itself again."""
        with self._queue_held_back():
            self.stack.commit({f"agents/{uuid4().hex}.md": _GOOD for _ in range(_TWO_CHUNKS)})
            event = self._await_queued()
            with self._configured("sync", Timeout=_NO_TIME_S):
                self._invoke("sync", self._message(event))
        assert follow.await_event(self.stack.owner, self.stack.org, event["id"])["attempts"] == 2

    def sweep(self) -> None:
        """A commit that no webhook told of is found once its target is due, and found again while it waits."""
        known = follow.newest_event(self.stack.owner, self.stack.org, self.stack.target_id)
        self._commit_unheard()
        with self._queue_held_back():
            for _ in range(2):
                self._make_due()
                assert self._invoke("sweep", {})["moved"] == 1
        follow.await_next(self.stack.owner, self.stack.org, self.stack.target_id, after=known)

    def be_cut_off(self) -> None:
        """A function dies while it creates a plugin in stages; the next sweep removes what it left."""
        row = {"pk": {"S": f"PLG#{self.stack.details['orgId']}#plg_{uuid4().hex[:26]}"}, "sk": {"S": "PLUGIN"}}
        texts = {"id": row["pk"]["S"].rpartition("#")[2], "org_id": self.stack.details["orgId"], "created_by": "mem_x"}
        due = {"unfinished": "preparing", "due_pk": "DUE#00", "due_sk": "plg#2026-01-01T00:00:00.000Z"}
        table, dynamodb = "depot-local", self.stack.aws.client("dynamodb")
        dynamodb.put_item(TableName=table, Item=row | {name: {"S": text} for name, text in (texts | due).items()})

        assert self._invoke("sweep", {})["unfinished"] == 1
        assert "Item" not in dynamodb.get_item(TableName=table, Key=row)

    def form_a_team(self) -> None:
        """A team with one member, and no more of it."""
        team = f"{self.stack.org}/teams/{self._make('teams', {'name': uuid4().hex[:8]})['id']}"
        person = self._ask("GET", f"{self.stack.org}/members?limit=1").json()["items"][0]
        self._ask("PUT", f"{team}/members/{person['id']}")
        self._ask("DELETE", team)

    def give_and_revoke_a_token(self) -> None:
        _, token_id = self.stack.new_marketplace_url()
        self.stack.revoke(token_id)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        token: str = "",
        status: int = 0,
        key: str = "",
    ) -> urllib3.BaseHTTPResponse:
        """A request that must be answered as told, or well."""
        headers = {"authorization": f"Bearer {token or self.stack.details['ownerToken']}"}
        headers |= {"idempotency-key": key} if key else {}
        url = self.stack.details["baseUrl"] + path
        answer = urllib3.request(method, url, json=body, headers=headers, redirect=False, retries=False, timeout=40)
        good = answer.status == status if status else answer.status < 400
        assert good, f"{method} {path} answered {answer.status}: {answer.data!r}"
        return answer

    def _make(self, collection: str, body: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = self._ask("POST", f"{self.stack.org}/{collection}", body).json()["item"]
        return made

    def _download(self, path: str) -> None:
        redirect = self._ask("GET", path, token=self.stack.details["deliveryToken"], status=302)
        trusting = urllib3.PoolManager(ca_certs=str(self.stack.state.certificate))
        assert trusting.request("GET", redirect.headers["location"]).status == 200

    def _announce_again(self) -> None:
        """GitHub delivers a push once more, under another delivery's id."""
        repository = self.stack.details["sampleRepository"]
        before, after = (_git(repository, "rev-parse", commit) for commit in ("main~1", "main"))
        update = {"ref": "refs/heads/main", "before": before, "after": after}
        self._control("pushed", {"path": repository, "updates": [update]})

    def _commit_unheard(self) -> None:
        repository = self.stack.details["sampleRepository"]
        author = ("-c", "user.name=Olivia Owner", "-c", "user.email=olivia@acme.example")
        commit = _git(repository, *author, "commit-tree", "-p", "main", "-m", uuid4().hex, "main^{tree}")
        _git(repository, "update-ref", "refs/heads/main", commit)

    def _make_due(self) -> None:
        """As if the time between two checks had passed."""
        table = self.stack.aws.client("dynamodb")
        key = {"pk": {"S": f"CTG#{self.stack.details['orgId']}#{self.stack.target_id}"}, "sk": {"S": "TARGET"}}
        due = {":due": {"S": f"ctg#2000-01-01T00:00:00.000Z#{self.stack.target_id}"}}
        table.update_item(
            TableName="depot-local", Key=key, UpdateExpression="SET due_sk = :due", ExpressionAttributeValues=due
        )

    def _control(self, what: str, body: Mapping[str, Any]) -> None:
        token = json.loads((self.stack.state.github / "control.json").read_text())["token"]
        url = f"{self.stack.details['githubApiUrl']}/_standin/{what}"
        answer = urllib3.request("POST", url, json=body, headers={"X-Standin-Token": token}, retries=False, timeout=40)
        assert answer.status < 300, answer.data

    @contextmanager
    def _configured(self, function: str, **settings: Any) -> Iterator[None]:
        """A function with other settings meanwhile; a changed configuration starts it anew."""
        functions, name = self.stack.aws.client("lambda"), _FUNCTION.format(function)
        before = functions.get_function_configuration(FunctionName=name)
        functions.update_function_configuration(FunctionName=name, **settings)
        try:
            yield
        finally:
            functions.update_function_configuration(FunctionName=name, **{each: before[each] for each in settings})

    @contextmanager
    def _queue_held_back(self) -> Iterator[None]:
        """What is queued meanwhile is worked on afterwards."""
        functions = self.stack.aws.client("lambda")
        (mapping,) = functions.list_event_source_mappings(FunctionName=_FUNCTION.format("sync"))["EventSourceMappings"]
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    def _await_queued(self) -> dict[str, Any]:
        """The event of a push, once its webhook has been received."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            event = follow.newest_event(self.stack.owner, self.stack.org, self.stack.target_id)
            if event is not None and event["status"] == "queued":
                return event
            time.sleep(0.2)
        raise AssertionError("the push was not queued")

    def _message(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The event's message as SQS hands it to the function."""
        ids = {"org_id": self.stack.details["orgId"], "target_id": self.stack.target_id, "sync_event_id": event["id"]}
        record = {
            "messageId": uuid4().hex,
            "receiptHandle": "none",
            "body": json.dumps(ids | {"attempt": event["attempts"]}),
            "attributes": {"MessageGroupId": self.stack.target_id, "ApproximateReceiveCount": "1"},
        }
        return {"Records": [record]}

    def _invoke(self, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """What a function answers to an event."""
        functions, name = self.stack.aws.client("lambda"), _FUNCTION.format(function)
        answer = functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        assert "FunctionError" not in answer, answer
        content: dict[str, Any] = json.loads(answer["Payload"].read())
        return content


def _skill(description: str) -> dict[str, str]:
    return {"rawSourceText": f"---\nname: by-hand\ndescription: {description}.\n---\nHello.\n"}


def _git(repository: str, *arguments: str) -> str:
    command = ["git", f"--git-dir={repository}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
