"""How each real client adds the service, installs from it, and updates: the lines that its users type."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import Template
from typing import Final

from tests.e2e.clients.address import Address
from tests.e2e.clients.isolated import Isolated, Ran, files_below
from tests.e2e.clients.sample import ENTRY, MARKETPLACE, PLUGIN, SERVER, SERVERS, SKILL, TOOL, server_in

Line = tuple[str, ...]
Files = Mapping[str, bytes]
_FOLDERS: Final = ("skills/", "agents/", "commands/")


@dataclass(frozen=True, slots=True)
class Journey:
    """One client and one way in; lines, files and environment name addresses as `Address.fill` has them.

    `installed` finds what the client has, by the path in the repository; `takes` are the beginnings of the paths
    that it installs, `spelled` is how a file of the repository looks in the client's hands. `changes` is the file that
    a push changes. `shows` has to stand in what the client says when it installs. `refusal` is what it says when it is
    refused and ends well nevertheless. `secure` says that it insists on https.
    """

    client: str
    protocol: str
    add: tuple[Line, ...]
    install: tuple[Line, ...]
    update: tuple[Line, ...]
    installed: Callable[[Isolated], Files]
    takes: tuple[str, ...] = _FOLDERS
    spelled: Callable[[bytes], bytes] = bytes
    changes: str = SKILL
    shows: str = ""
    refusal: str = ""
    writes: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    secure: bool = False
    since: str = ""

    @property
    def name(self) -> str:
        return f"{self.client} {self.protocol}".replace(" ", "-").replace(",", "")


@dataclass(frozen=True, slots=True)
class Traveller:
    """A journey in a home of its own, to one address."""

    journey: Journey
    isolated: Isolated
    at: Address

    @classmethod
    def at_the_start(cls, journey: Journey, isolated: Isolated, at: Address) -> "Traveller":
        """With what the client's user has set and written before."""
        own = isolated.environment
        places = {"home": isolated.home, "authority": own.get("GIT_SSL_CAINFO"), "proxy": own.get("HTTPS_PROXY")}
        for path, text in journey.writes.items():
            isolated.write(path, Template(at.fill(text)).safe_substitute(places))
        told = {name: at.fill(value) for name, value in journey.environment.items()}
        return cls(journey, replace(isolated, environment={**own, **told}), at)

    def walk(self, lines: tuple[Line, ...]) -> Ran:
        """The lines in their order, up to the first that fails; what they said, without the token."""
        said, status = "", 0
        for line in lines:
            ran = self.isolated.run(*map(self.at.fill, line))
            said, status = said + ran.output, ran.status
            if status != 0:
                break
        return Ran(status, said.replace(self.at.token, "dpt_…"))

    def was_refused(self, ran: Ran) -> bool:
        return ran.status != 0 or bool(self.journey.refusal and self.journey.refusal in ran.output)

    def taken(self) -> Files:
        """What is installed."""
        return self._own(self.journey.installed(self.isolated))

    def authored(self, repository: Files) -> Files:
        """What should be."""
        return {path: self.journey.spelled(data) for path, data in self._own(repository).items()}

    def _own(self, files: Files) -> Files:
        return {path: data for path, data in files.items() if path.startswith(self.journey.takes)}


def _below(path: str, prefix: str = "") -> Callable[[Isolated], Files]:
    """What lies in a folder of the home; one that is named by a pattern is the newest."""

    def find(isolated: Isolated) -> Files:
        folders = sorted(isolated.home.glob(path), key=lambda folder: folder.stat().st_ctime)
        found = files_below(folders[-1]) if folders else {}
        return {prefix + name: data for name, data in found.items() if not name.endswith(".opencode-version")}

    return find


def _claude_code(isolated: Isolated) -> Files:
    record = json.loads((isolated.home / ".claude/plugins/installed_plugins.json").read_text())
    entries = record["plugins"][ENTRY]
    entry = entries[0] if isinstance(entries, list) else entries
    return files_below(isolated.home / entry["installPath"])


_OPENCODE_SKILLS: Final = _below(".cache/opencode/skills", "skills/")


def _opencode(isolated: Isolated) -> Files:
    """Skills, and the newest package of the plugin's code."""
    tools = _below(f".cache/opencode/packages/**/@acme/{PLUGIN}/tools", ".opencode/tools/")
    return {**_OPENCODE_SKILLS(isolated), **tools(isolated)}


def _apm_servers(isolated: Isolated) -> Files:
    return {SERVERS: server_in((isolated.work / SERVERS).read_bytes())}


_CLAUDE_UPDATE: Final = (("plugin", "marketplace", "update", MARKETPLACE), ("plugin", "update", ENTRY))
_BY_SETTINGS: Final = {"source": "url", "url": "$json", "headers": {"Authorization": "Bearer $token"}}
_KNOWN: Final = {
    "source": _BY_SETTINGS,
    "installLocation": f"$home/.claude/plugins/marketplaces/{MARKETPLACE}",
    "lastUpdated": "2026-01-01T00:00:00.000Z",
}
_NPM_PACKAGE: Final = f"@acme/{PLUGIN}"


def _claude_journeys() -> Iterator[Journey]:
    def journey(protocol: str, url: str, *, secure: bool = False, since: str = "") -> Journey:
        add = (("plugin", "marketplace", "add", url),)
        install = (("plugin", "install", ENTRY),)
        return Journey("Claude Code", protocol, add, install, _CLAUDE_UPDATE, _claude_code, secure=secure, since=since)

    yield journey("git marketplace", "$git_with_token")
    # The entries' own headers open the archives.
    yield journey("JSON marketplace, token in the URL", "$json_with_token", secure=True, since="2.1.330")


JOURNEYS: Final = (
    *_claude_journeys(),
    Journey(
        client="Claude Code",
        protocol="JSON marketplace, headers in settings",
        # Headers are for settings alone, which an interactive start takes up: its record is written in its place.
        writes={
            ".claude/settings.json": json.dumps({"extraKnownMarketplaces": {MARKETPLACE: {"source": _BY_SETTINGS}}}),
            ".claude/plugins/known_marketplaces.json": json.dumps({MARKETPLACE: _KNOWN}),
        },
        add=(("plugin", "marketplace", "update", MARKETPLACE),),
        install=(("plugin", "install", ENTRY),),
        update=_CLAUDE_UPDATE,
        installed=_claude_code,
        secure=True,
    ),
    Journey(
        client="Codex CLI",
        protocol="git marketplace",
        add=(("plugin", "marketplace", "add", "$git_with_token"),),
        install=(("plugin", "add", ENTRY),),
        update=(("plugin", "marketplace", "upgrade", MARKETPLACE),),
        installed=_below(f".codex/plugins/cache/{MARKETPLACE}/{PLUGIN}/*"),
    ),
    Journey(
        client="Copilot CLI",
        protocol="git marketplace",
        add=(("plugin", "marketplace", "add", "$git_with_token"),),
        install=(("plugin", "install", ENTRY),),
        update=_CLAUDE_UPDATE,
        installed=_below(f".copilot/installed-plugins/{MARKETPLACE}/{PLUGIN}"),
    ),
    Journey(
        client="APM",
        protocol="git marketplace",
        # It takes no credential in a URL: git finds it where it looks for credentials.
        writes={
            ".netrc": "machine $hostname login depot password $token\n",
            ".gitconfig": "[http]\n\tsslCAInfo = $authority\n\tproxy = $proxy\n",
        },
        add=(("init", "--yes"), ("marketplace", "add", "$git", "--name", MARKETPLACE)),
        install=(("install", ENTRY, "--target", "claude"),),
        update=(("marketplace", "update", MARKETPLACE), ("update", "--yes", "--target", "claude")),
        installed=_below(f"work/apm_modules/git/*/*/plugins/{PLUGIN}"),
        secure=True,
    ),
    Journey(
        client="APM",
        protocol="MCP registry",
        environment={"MCP_REGISTRY_URL": "$registry", "MCP_REGISTRY_ALLOW_HTTP": "1"},
        add=(("init", "--yes"), ("mcp", "list")),
        install=(("mcp", "install", f"acme/{SERVER}", "--target", "claude"),),
        update=(("mcp", "install", f"acme/{SERVER}", "--target", "claude", "--force"),),
        installed=_apm_servers,
        takes=(SERVERS,),
        spelled=server_in,
        changes=SERVERS,
        refusal="Could not reach MCP registry",
    ),
    Journey(
        client="Gemini CLI",
        protocol="git repository",
        add=(("skills", "--help"),),
        install=(("skills", "install", "$git_with_token", "--path", f"plugins/{PLUGIN}/skills", "--consent"),),
        update=(("skills", "install", "$git_with_token", "--path", f"plugins/{PLUGIN}/skills", "--consent"),),
        installed=_below(".gemini/skills", "skills/"),
        takes=("skills/",),
    ),
    Journey(
        client="npx skills",
        protocol="Agent Skills index",
        add=(("add", "$skills", "--list"),),
        install=(("add", "$skills", "--global", "--yes", "--agent", "claude-code", "--skill", "*"),),
        update=(("update", "--global", "--yes"),),
        installed=_below(".claude/skills", "skills/"),
        takes=("skills/",),
        refusal="Failed",
    ),
    Journey(
        client="OpenCode",
        protocol="Agent Skills index",
        # It fetches when it starts; what it cannot fetch it has from before.
        writes={
            ".config/opencode/opencode.json": json.dumps({"skills": {"urls": ["$skills/.well-known/agent-skills"]}})
        },
        add=(("--version",),),
        install=(("debug", "skill", "--print-logs"),),
        update=(("debug", "skill", "--print-logs"),),
        installed=_OPENCODE_SKILLS,
        takes=("skills/",),
        refusal="failed to fetch index",
    ),
    Journey(
        client="OpenCode",
        protocol="remote configuration",
        environment={"DEPOT_TOKEN": "$token"},
        add=(("auth", "login", "$opencode"),),
        install=(("debug", "config"), ("debug", "skill"), ("debug", "agent", "build")),
        update=(("debug", "skill"), ("debug", "agent", "build")),
        installed=_opencode,
        takes=("skills/", ".opencode/tools/"),
        changes=TOOL,
        shows='"line_count": true',
    ),
    Journey(
        client="npm",
        protocol="npm registry",
        add=(
            ("config", "set", "--location=user", "@acme:registry=$npm"),
            ("config", "set", "--location=user", "$npm_place:_authToken=$token"),
            ("view", _NPM_PACKAGE, "version"),
        ),
        install=(("install", "--no-audit", "--no-fund", _NPM_PACKAGE),),
        update=(("install", "--no-audit", "--no-fund", f"{_NPM_PACKAGE}@latest"),),
        installed=_below(f"work/node_modules/{_NPM_PACKAGE}/tools", ".opencode/tools/"),
        takes=(".opencode/tools/",),
        changes=TOOL,
    ),
)

LINKED: Final = tuple(
    journey
    for journey in JOURNEYS
    if journey.protocol == "git marketplace" and journey.client in ("Claude Code", "Codex CLI", "Copilot CLI")
)
"""Those that follow a catalog's links to a repository per plugin."""
