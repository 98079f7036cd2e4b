"""An independent GitHub: the npm package `emulate`, on loopback, with one app that is installed on one organization.

Its git objects have git's own ids, its app tokens are checked as GitHub checks them, its pushes are signed webhooks.
Where it answers otherwise than GitHub, `Bridge` stands in front of it and says so.

Further from GitHub than the stand-in of `local/github`, and left as it is: a token that it does not know is nobody's
instead of a 401, a JWT may be good for hours, a repository outside a token is a 403 instead of a 404; nothing has an
ETag; there are no archives, no list of an installation's repositories, and no log of deliveries; deleting a branch
sends no push, and pushes have neither `deleted` nor `forced` nor `created`; a tree of a commit bears its own id.
"""

import base64
import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
import urllib3

VERSION: Final = "0.12.2"
"""The last of this emulator: later versions of the package's name are another library."""

NODE: Final = "24.9.0"
"""It needs Node 24; the machine's own may be older."""

APP_ID: Final = "12345"
INSTALLATION_ID: Final = 100
_PERSON: Final = "token-of-octocat"
_STARTS_WITHIN_S: Final = 30
_FOLDER: Final = Path(__file__).parents[2] / ".local" / f"github-emulator-{VERSION}"
_NOT_FOUND: Final = 404
_PASSED_ON: Final = ("authorization", "accept", "content-type", "user-agent")


@dataclass(frozen=True)
class GitHubEmulator:
    """`url` is where the connector asks; pushes are made as a person makes them, by GitHub's API for git's data."""

    url: str
    own_url: str

    def commit(
        self, repository: str, files: Mapping[str, str | None], *, onto: str | None = None, force: bool = False
    ) -> str:
        """Point main at a new commit with these files changed, None removes one; the commit's id."""
        parent = onto or self.head(repository)
        base = self.ask("GET", f"/repos/{repository}/git/commits/{parent}")["tree"]["sha"]
        entries = [_entry(path, content) for path, content in files.items()]
        tree = self.ask("POST", f"/repos/{repository}/git/trees", {"base_tree": base, "tree": entries})["sha"]
        made = {"message": "Change", "tree": tree, "parents": [parent]}
        commit = str(self.ask("POST", f"/repos/{repository}/git/commits", made)["sha"])
        self.ask("PATCH", f"/repos/{repository}/git/refs/heads/main", {"sha": commit, "force": force})
        return commit

    def head(self, repository: str) -> str:
        return str(self.ask("GET", f"/repos/{repository}/git/ref/heads/main")["object"]["sha"])

    def blob_ids(self, repository: str) -> dict[str, str]:
        tree = self.ask("GET", f"/repos/{repository}/git/trees/{self.head(repository)}?recursive=1")["tree"]
        return {entry["path"]: entry["sha"] for entry in tree if entry["type"] == "blob"}

    def add_branch(self, repository: str, branch: str) -> None:
        """At the head of main."""
        made = {"ref": f"refs/heads/{branch}", "sha": self.head(repository)}
        self.ask("POST", f"/repos/{repository}/git/refs", made)

    def delete_branch(self, repository: str, branch: str) -> None:
        self.ask("DELETE", f"/repos/{repository}/git/refs/heads/{branch}")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = urllib3.request(
            method,
            self.own_url + path,
            body=json.dumps(body) if body is not None else None,
            headers={"Authorization": f"Bearer {_PERSON}", "Content-Type": "application/json", "User-Agent": "test"},
        )
        assert answer.status < 300, (method, path, answer.status, answer.data[:300])
        return json.loads(answer.data) if answer.data else None


@contextmanager
def github_emulator(folder: Path, key: str, webhook_url: str, webhook_secret: str) -> Iterator[GitHubEmulator]:
    """One with the private repository acme/tools; `key` is the app's, in PEM."""
    node, program = _program()
    seed, port = folder / "seed.json", _free_port()
    seed.write_text(json.dumps(_seed(key, webhook_url, webhook_secret)))
    command = [str(node), str(program), "start", "--service", "github", "--port", str(port), "--seed", str(seed)]
    log = folder / "emulator.log"
    with log.open("wb") as output, _running(subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)):
        own_url = f"http://127.0.0.1:{port}"
        _wait_for(own_url, log)
        with _bridged(own_url) as url:
            yield GitHubEmulator(url, own_url)


def _seed(key: str, webhook_url: str, webhook_secret: str) -> dict[str, Any]:
    app = {
        "app_id": int(APP_ID),
        "slug": "depot",
        "name": "Depot",
        "private_key": key,
        "permissions": {"contents": "read", "metadata": "read"},
        "events": ["push", "repository"],
        "webhook_url": webhook_url,
        "webhook_secret": webhook_secret,
        "installations": [
            {"installation_id": INSTALLATION_ID, "account": "acme", "repository_selection": "all"},
        ],
    }
    github = {
        "users": [{"login": "octocat"}],
        "orgs": [{"login": "acme", "members": [{"login": "octocat", "role": "admin"}]}],
        "repos": [{"owner": "acme", "name": "tools", "auto_init": True, "private": True}],
        "apps": [app],
    }
    return {"github": github, "tokens": {_PERSON: {"login": "octocat", "scopes": ["repo"]}}}


def _entry(path: str, content: str | None) -> dict[str, Any]:
    at = {"path": path, "mode": "100644", "type": "blob"}
    return at | ({"sha": None} if content is None else {"content": content})


def _program() -> tuple[Path, Path]:
    """Installed once and kept between runs; a test that cannot have it is skipped, and says why."""
    node, program = _FOLDER / "node_modules/.bin/node", _FOLDER / "node_modules/emulate/dist/index.js"
    if not node.exists() or not program.exists():
        _FOLDER.mkdir(parents=True, exist_ok=True)
        packages = [f"emulate@{VERSION}", f"node@{NODE}"]
        command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(_FOLDER), *packages]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"{' and '.join(packages)} cannot be installed: {error}")
    return node, program


@contextmanager
def _running(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline:
        try:
            if urllib3.request("GET", f"{url}/meta", retries=False, timeout=1).status:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    pytest.fail(f"the emulator does not answer: {log.read_text()[-500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _bridged(own_url: str) -> Iterator[str]:
    bridge = Bridge(own_url)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, bridge)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Bridge:
    """What GitHub does and the emulator does not, in front of it; everything else passes as it is.

    - `/repositories/{id}/…` leads to the same as `/repos/{owner}/{name}/…`: the emulator has the bare id alone.
    - `Accept: application/vnd.github.sha` gets the commit's id, `…raw+json` a blob's bytes: it answers JSON.
    - A branch that is not there is a 422 of `/commits/{ref}`, an empty repository a 409: it answers 404 for both.
    """

    own_url: str
    names: dict[str, str] = field(default_factory=dict)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
        status, data = self._pass_on(method, self._by_name(path, headers), headers, body)
        wanted = headers.get("accept", "")
        if status == _NOT_FOUND and "/commits/refs" in path:
            return 422, b'{"message": "No commit found for SHA"}'
        if status == 200 and wanted.endswith("github.sha"):
            return status, json.loads(data)["sha"].encode()
        if status == 200 and "github.raw" in wanted:
            return status, base64.b64decode(json.loads(data)["content"])
        return status, data

    def _by_name(self, path: str, headers: Mapping[str, str]) -> str:
        _, _, area, *rest = *path.split("/", 3), ""
        if not path.startswith("/repositories/") or not rest[0]:
            return path
        if area not in self.names:
            known = self._pass_on("GET", f"/repositories/{area}", headers, None)[1]
            self.names[area] = json.loads(known)["full_name"]
        return f"/repos/{self.names[area]}/{rest[0]}"

    def _pass_on(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
        kept = {name: value for name, value in headers.items() if name in _PASSED_ON}
        answer = urllib3.request(method, self.own_url + path, headers=kept, body=body, retries=False, redirect=False)
        return answer.status, answer.data


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, bridge: Bridge, *arguments: Any) -> None:
        self._bridge = bridge
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Quiet: the tests look at what comes of it."""

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length) if length else None
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, data = self._bridge.answer(self.command, self.path, headers, body)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
