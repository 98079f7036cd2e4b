"""A short suite against any deployed stack, reading only: what an emulator cannot prove about the real gateway.

Each check is one function; its docstring is what it says when it passes.
"""

import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import urllib3

from local.progress import say


class CheckError(Exception):
    """A check did not find what it needs; the message says what it found."""


class SkipError(Exception):
    """A check has nothing to look at on this stack; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """The stack under test: its base URL, a token of any kind, and the org it belongs to."""

    url: str
    token: str
    org: str

    def send(
        self, method: str, path: str, *, token: str | None = None, body: bytes | None = None, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """Send one request; without a token it is anonymous, and redirects are shown, not followed."""
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            spelled["authorization"] = f"Bearer {token}"
        return urllib3.request(
            method, self.url + path, body=body, headers=spelled, redirect=False, retries=False, timeout=40
        )


def answers_its_probes(stack: Deployed) -> None:
    """/healthz, /readyz and /version answer 200"""
    for path in ("/healthz", "/readyz", "/version"):
        _expect(stack.send("GET", path), 200, path)


def names_every_request(stack: Deployed) -> None:
    """an unknown route is a problem document with a request id"""
    answer = stack.send("GET", "/no-such-route")
    _expect(answer, 404, "/no-such-route")
    _expect_header(answer, "content-type", "application/problem+json")
    _expect_header(answer, "x-request-id", "")


def challenges_api_callers(stack: Deployed) -> None:
    """the API answers 401 with a challenge, to nobody and to a wrong token"""
    for token in (None, "dpt_wrong"):
        answer = stack.send("GET", f"/v1/orgs/{stack.org}/plugins", token=token)
        _expect(answer, 401, "plugins")
        _expect_header(answer, "www-authenticate", "")


def challenges_git(stack: Deployed) -> None:
    """git is asked for credentials under the header's own name, once"""
    answer = stack.send("GET", f"{_marketplace(stack)}/info/refs?service=git-upload-pack")
    _expect(answer, 401, "git info/refs")
    _expect_header(answer, "www-authenticate", "Basic ")
    challenges = answer.headers.getlist("www-authenticate")
    if len(challenges) != 1:
        raise CheckError(f"the challenge came {len(challenges)} times: {challenges}")


def refuses_unsigned_webhooks(stack: Deployed) -> None:
    """webhooks without a true signature are refused, as text and as binary bodies"""
    path = "/api/webhooks/connectors/github"
    for kind, body in (("application/json", b'{"zen": "no"}'), ("application/octet-stream", b"\xff\x00\xfe")):
        for signature in ({}, {"x_hub_signature_256": "sha256=" + "0" * 64}):
            answer = stack.send(
                "POST", path, body=body, content_type=kind, x_github_event="ping",
                x_github_delivery="00000000-0000-0000-0000-000000000000", **signature,
            )  # fmt: skip
            _expect(answer, 401, f"webhook as {kind}")


def hides_other_orgs(stack: Deployed) -> None:
    """an org that the token does not belong to is not found"""
    _expect(stack.send("GET", "/v1/orgs/no-such-org-here/plugins", token=stack.token), 404, "foreign org")


def redirects_downloads(stack: Deployed) -> None:
    """a plugin's download is a redirect to its archive"""
    plugins = stack.send("GET", f"/v1/orgs/{stack.org}/delivery/plugins", token=stack.token)
    _expect(plugins, 200, "delivery/plugins")
    listed = plugins.json()["items"]
    if not listed:
        raise SkipError("this token may view no plugin")
    path = f"/v1/orgs/{stack.org}/delivery/plugins/{listed[0]['id']}/download?client=raw&format=zip"
    answer = stack.send("GET", path, token=stack.token)
    _expect(answer, 302, "download")
    archive = urllib3.request("GET", answer.headers["location"], timeout=40)
    if not archive.data.startswith(b"PK"):
        raise CheckError(f"the archive behind the redirect answered {archive.status} and is no zip")


def starts_opencode(stack: Deployed) -> None:
    """OpenCode finds its way in without a token, and its configuration with one"""
    start = stack.send("GET", f"/o/{stack.org}/.well-known/opencode")
    _expect(start, 200, "OpenCode's start")
    configuration = urlsplit(start.json()["remote_config"]["url"]).path
    _expect(stack.send("GET", configuration, token=stack.token), 200, configuration)


def takes_encoded_slashes(stack: Deployed) -> None:
    """npm asks for a package by its name with an encoded slash"""
    answer = stack.send("GET", f"/npm/{stack.org}/@{stack.org}%2fno-such-package", token=stack.token)
    _expect(answer, 404, "npm package")
    if answer.json()["code"] != "not_found":
        raise CheckError(f"the path was not taken for a package's: {answer.json()['detail']}")


def clones_with_git(stack: Deployed) -> None:
    """git clones the marketplace: base64 requests and binary answers pass through"""
    parts = urlsplit(stack.url)
    url = parts._replace(netloc=f"smoke:{stack.token}@{parts.netloc}", path=_marketplace(stack)).geturl()
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch) / "marketplace"
        cloned = subprocess.run(
            ["git", "-c", "credential.helper=", "clone", "--quiet", "--depth", "1", url, str(work)],
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        if cloned.returncode != 0:
            raise CheckError(cloned.stderr.replace(stack.token, "…").strip())
        if not (work / ".claude-plugin" / "marketplace.json").is_file():
            raise CheckError("the clone has no .claude-plugin/marketplace.json")


CHECKS: Final[tuple[Callable[[Deployed], None], ...]] = (
    answers_its_probes,
    names_every_request,
    challenges_api_callers,
    challenges_git,
    refuses_unsigned_webhooks,
    hides_other_orgs,
    redirects_downloads,
    starts_opencode,
    takes_encoded_slashes,
    clones_with_git,
)


def run_checks(stack: Deployed) -> bool:
    """Run every check, say how each ended, and tell whether none failed."""
    ended = Counter[str]()
    for check in CHECKS:
        said = (check.__doc__ or check.__name__).strip()
        try:
            check(stack)
        except SkipError as skipped:
            ended["skipped"] += 1
            say(f"  skip  {said}: {skipped}")
        except (CheckError, urllib3.exceptions.HTTPError) as wrong:
            ended["failed"] += 1
            say(f"  FAIL  {said}: {wrong}")
        else:
            ended["passed"] += 1
            say(f"  ok    {said}")
    say(", ".join(f"{number} {how}" for how, number in ended.items()) + f" against {stack.url}")
    return not ended["failed"]


def _marketplace(stack: Deployed) -> str:
    return f"/git/{stack.org}/{stack.org}.git"


def _expect(answer: urllib3.BaseHTTPResponse, status: int, what: str) -> None:
    if answer.status != status:
        raise CheckError(f"{what} answered {answer.status} instead of {status}: {answer.data[:200]!r}")


def _expect_header(answer: urllib3.BaseHTTPResponse, name: str, start: str) -> None:
    value = answer.headers.get(name)
    if value is None or not value.startswith(start):
        raise CheckError(f"{name} is {value!r}; all headers: {sorted(answer.headers)}")
