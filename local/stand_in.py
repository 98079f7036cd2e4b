"""The GitHub stand-in of this stack: its process, and the repositories it serves."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import urllib3

from local import processes
from local.credentials import Credentials
from local.errors import LocalStackError
from local.github.git import GitError, run_git
from local.state import Ports, State
from local.synth import GITHUB_APP_ID, ROOT, base_url, github_url

NAME: Final = "github"
INSTALLATION_ID: Final = "4242424"

_START_S: Final = 10.0


def start(state: State, ports: Ports, credentials: Credentials) -> None:
    """Start the stand-in unless it runs already, and wait until it answers."""
    if processes.running(state, NAME) is not None:
        return
    state.github.mkdir(parents=True, exist_ok=True)
    command = [
        *(sys.executable, "-m", "local.github"),
        *("--root", str(state.github), "--port", str(ports.github)),
        *("--app-id", GITHUB_APP_ID, "--public-key-file", str(credentials.app_public_key)),
        *("--installation-id", INSTALLATION_ID),
        *("--callback-url", f"{base_url(ports)}/v1/connectors/github/install/callback"),
        *("--client-secret-file", str(credentials.client_secret_file)),
        *("--webhook-url", f"{base_url(ports)}/api/webhooks/connectors/github"),
        *("--webhook-secret-file", str(credentials.webhook_secret_file)),
    ]
    processes.start(state, processes.Service(NAME, command, os.environ, ROOT))
    processes.await_ready(state, NAME, lambda: _answers(ports), _START_S)


class StandIn:
    """The running stand-in's controls."""

    def __init__(self, state: State, ports: Ports) -> None:
        self._token: str = json.loads((state.github / "control.json").read_text())["token"]
        self._url = github_url(ports)

    def register(self, name: str, source: Path) -> Path:
        """Serve a copy of a git repository as `owner/name`; return the bare repository's path.

        A name that is served already keeps what it has.
        """
        answer = self._ask("POST", "repositories", {"fullName": name, "path": str(source.absolute())})
        if answer.status >= 300:
            raise LocalStackError(f"{source} cannot be served as {name}: {answer.data.decode(errors='replace')}")
        return Path(answer.json()["path"])

    def publish(self, name: str, source: Path) -> Path:
        """Serve a repository as it is now: register it, and push its head when it was known before.

        Raises: LocalStackError when it is no git repository, or has no commit.
        """
        try:
            run_git("-C", str(source), "rev-parse", "--verify", "HEAD^{commit}")
        except GitError as reason:
            raise LocalStackError(f"{source} is not a git repository with a commit: {reason}") from reason
        served = self.register(name, source)
        branch = run_git(f"--git-dir={served}", "symbolic-ref", "HEAD").decode().strip()
        run_git("-C", str(source), "push", "--quiet", "--force", str(served), f"HEAD:{branch}")
        return served

    def repository_id(self, name: str) -> int:
        """GitHub's number of a repository that is served."""
        served: list[dict[str, Any]] = self._control("GET", "repositories")["repositories"]
        return next(int(each["id"]) for each in served if each["fullName"] == name)

    def fail(self, **fault: Any) -> None:
        """Let requests to come fail; the members are those of `local.github.faults.Fault`."""
        self._control("POST", "faults", fault)

    def switch(self, **conditions: int) -> None:
        """Switch what lasts; the names are those of `local.github.conditions.NAMES`."""
        self._control("POST", "conditions", conditions)

    def change_installation(self, verb: str) -> None:
        """`suspend`, `unsuspend` and what else can happen to it."""
        self._control("POST", f"installation/{verb}", {})

    def requests(self) -> list[str]:
        """What was asked of GitHub so far, as `GET /path?query`."""
        asked: list[str] = self._control("GET", "requests")["requests"]
        return asked

    def back_to_normal(self) -> None:
        """Nothing fails any more, and no condition holds."""
        self._control("DELETE", "faults")
        self._control("DELETE", "conditions")

    def _control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer = self._ask(method, path, body)
        if answer.status >= 300:
            raise LocalStackError(f"The GitHub stand-in refuses {path}: {answer.data.decode(errors='replace')}")
        content: dict[str, Any] = answer.json() if answer.data else {}
        return content

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> urllib3.BaseHTTPResponse:
        headers = {"X-Standin-Token": self._token}
        url = f"{self._url}/_standin/{path}"
        return urllib3.request(method, url, json=body, headers=headers, timeout=120, retries=False)


def _answers(ports: Ports) -> bool:
    try:
        urllib3.request("GET", f"{github_url(ports)}/meta", retries=False, timeout=2)
    except urllib3.exceptions.HTTPError:
        return False
    return True
