"""How each real client adds the service, installs from it, and updates: the lines that its users type."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from tests.e2e.clients.isolated import Isolated, Ran, files_below

PLUGIN = "engineering-reviews"
MARKETPLACE = "acme"
ENTRY = f"{PLUGIN}@{MARKETPLACE}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a caller finds everything; `token` is a delivery token of its own."""

    git: str
    json: str
    skills: str
    token: str

    def with_user(self, url: str) -> str:
        """The URL with the token in it."""
        return url.replace("://", f"://depot:{self.token}@", 1)


class Journey(ABC):
    """`takes` are the folders of the plugin that this client installs; `secure` says that it insists on https."""

    client: ClassVar[str]
    protocol: ClassVar[str]
    takes: ClassVar[tuple[str, ...]] = ("skills/", "agents/", "commands/")
    secure: ClassVar[bool] = False
    since: ClassVar[str] = ""

    def __init__(self, isolated: Isolated) -> None:
        self.isolated = isolated

    @abstractmethod
    def add(self, at: Address) -> Ran: ...

    @abstractmethod
    def install(self) -> Ran: ...

    @abstractmethod
    def update(self) -> Ran: ...

    @abstractmethod
    def files(self) -> Mapping[str, bytes]:
        """What is installed, by the path in the plugin."""

    def knows_refusal(self, ran: Ran) -> bool:
        """Whether a refusal was noticed."""
        return ran.status != 0


class ClaudeCodeGit(Journey):
    client = "Claude Code"
    protocol = "git marketplace"

    def add(self, at: Address) -> Ran:
        return self.isolated.run("plugin", "marketplace", "add", at.with_user(at.git))

    def install(self) -> Ran:
        return self.isolated.run("plugin", "install", ENTRY)

    def update(self) -> Ran:
        fetched = self.isolated.run("plugin", "marketplace", "update", MARKETPLACE)
        return self.isolated.run("plugin", "update", ENTRY) if fetched.status == 0 else fetched

    def files(self) -> Mapping[str, bytes]:
        record = json.loads((self.isolated.home / ".claude/plugins/installed_plugins.json").read_text())
        entries = record["plugins"][ENTRY]
        entry = entries[0] if isinstance(entries, list) else entries
        return files_below(self.isolated.home / entry["installPath"])


class ClaudeCodeJson(ClaudeCodeGit):
    protocol = "JSON marketplace, headers in settings"
    secure = True

    def add(self, at: Address) -> Ran:
        """Headers are for settings alone, which an interactive start takes up: its record is written in its place."""
        source = {"source": "url", "url": at.json, "headers": {"Authorization": f"Bearer {at.token}"}}
        location = str(self.isolated.home / ".claude/plugins/marketplaces" / MARKETPLACE)
        known = {"source": source, "installLocation": location, "lastUpdated": "2026-01-01T00:00:00.000Z"}
        settings = {"extraKnownMarketplaces": {MARKETPLACE: {"source": source}}}
        self.isolated.write(".claude/settings.json", json.dumps(settings))
        self.isolated.write(".claude/plugins/known_marketplaces.json", json.dumps({MARKETPLACE: known}))
        return self.isolated.run("plugin", "marketplace", "update", MARKETPLACE)


class ClaudeCodeJsonByUrl(ClaudeCodeGit):
    """The entries' own headers open the archives."""

    protocol = "JSON marketplace, token in the URL"
    secure = True
    since = "2.1.330"

    def add(self, at: Address) -> Ran:
        return self.isolated.run("plugin", "marketplace", "add", at.with_user(at.json))


class CodexGit(Journey):
    client = "Codex CLI"
    protocol = "git marketplace"

    def add(self, at: Address) -> Ran:
        return self.isolated.run("plugin", "marketplace", "add", at.with_user(at.git))

    def install(self) -> Ran:
        return self.isolated.run("plugin", "add", ENTRY)

    def update(self) -> Ran:
        return self.isolated.run("plugin", "marketplace", "upgrade", MARKETPLACE)

    def files(self) -> Mapping[str, bytes]:
        (version,) = (self.isolated.home / ".codex/plugins/cache" / MARKETPLACE / PLUGIN).iterdir()
        return files_below(version)


class CopilotGit(Journey):
    client = "Copilot CLI"
    protocol = "git marketplace"

    def add(self, at: Address) -> Ran:
        return self.isolated.run("plugin", "marketplace", "add", at.with_user(at.git))

    def install(self) -> Ran:
        return self.isolated.run("plugin", "install", ENTRY)

    def update(self) -> Ran:
        fetched = self.isolated.run("plugin", "marketplace", "update", MARKETPLACE)
        return self.isolated.run("plugin", "update", ENTRY) if fetched.status == 0 else fetched

    def files(self) -> Mapping[str, bytes]:
        return files_below(self.isolated.home / ".copilot/installed-plugins" / MARKETPLACE / PLUGIN)


class GeminiSkills(Journey):
    """Installs skills from a folder of the marketplace's repository; the same line again updates them."""

    client = "Gemini CLI"
    protocol = "git repository"
    takes = ("skills/",)
    url = ""

    def add(self, at: Address) -> Ran:
        self.url = at.with_user(at.git)
        return self.isolated.run("skills", "--help")

    def install(self) -> Ran:
        return self.isolated.run("skills", "install", self.url, "--path", f"plugins/{PLUGIN}/skills", "--consent")

    update = install

    def files(self) -> Mapping[str, bytes]:
        found = files_below(self.isolated.home / ".gemini/skills")
        return {f"skills/{path}": data for path, data in found.items()}


class NpxSkills(Journey):
    client = "npx skills"
    protocol = "Agent Skills index"
    takes = ("skills/",)
    url = ""

    def add(self, at: Address) -> Ran:
        self.url = at.skills
        return self.isolated.run("add", self.url, "--list")

    def install(self) -> Ran:
        return self.isolated.run("add", self.url, "--global", "--yes", "--agent", "claude-code", "--skill", "*")

    def update(self) -> Ran:
        return self.isolated.run("update", "--global", "--yes")

    def files(self) -> Mapping[str, bytes]:
        found = files_below(self.isolated.home / ".claude/skills")
        return {f"skills/{path}": data for path, data in found.items()}

    def knows_refusal(self, ran: Ran) -> bool:
        return ran.status != 0 or "Failed" in ran.output


class OpenCodeSkills(Journey):
    """OpenCode fetches when it starts; what it cannot fetch it has from before."""

    client = "OpenCode"
    protocol = "Agent Skills index"
    takes = ("skills/",)

    def add(self, at: Address) -> Ran:
        config = {"skills": {"urls": [f"{at.skills}/.well-known/agent-skills"]}}
        self.isolated.write(".config/opencode/opencode.json", json.dumps(config))
        return self.isolated.run("--version")

    def install(self) -> Ran:
        return self.isolated.run("debug", "skill", "--print-logs")

    update = install

    def files(self) -> Mapping[str, bytes]:
        found = files_below(self.isolated.home / ".cache/opencode/skills")
        own = {path: data for path, data in found.items() if not path.endswith(".opencode-version")}
        return {f"skills/{path}": data for path, data in own.items()}

    def knows_refusal(self, ran: Ran) -> bool:
        return "failed to fetch index" in ran.output


class ApmMarketplace(Journey):
    """Takes no credential in a URL: git finds it where it looks for credentials."""

    client = "APM"
    protocol = "git marketplace"
    secure = True

    def add(self, at: Address) -> Ran:
        host = urlsplit(at.git).hostname
        self.isolated.write(".netrc", f"machine {host} login depot password {at.token}\n")
        environment = self.isolated.environment
        trust = f"[http]\n\tsslCAInfo = {environment['GIT_SSL_CAINFO']}\n\tproxy = {environment['HTTPS_PROXY']}\n"
        self.isolated.write(".gitconfig", trust)
        self.isolated.run("init", "--yes")
        return self.isolated.run("marketplace", "add", at.git, "--name", MARKETPLACE)

    def install(self) -> Ran:
        return self.isolated.run("install", ENTRY, "--target", "claude")

    def update(self) -> Ran:
        fetched = self.isolated.run("marketplace", "update", MARKETPLACE)
        return self.isolated.run("update", "--yes", "--target", "claude") if fetched.status == 0 else fetched

    def files(self) -> Mapping[str, bytes]:
        folders = self.isolated.work.glob(f"apm_modules/git/*/*/plugins/{PLUGIN}")
        return files_below(next(iter(folders)))


JOURNEYS: tuple[type[Journey], ...] = (
    ClaudeCodeGit,
    ClaudeCodeJson,
    ClaudeCodeJsonByUrl,
    CodexGit,
    CopilotGit,
    ApmMarketplace,
    GeminiSkills,
    NpxSkills,
    OpenCodeSkills,
)
