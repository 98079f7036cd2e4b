"""Small plugins, one for each rule of the official client: what it loads of them, seen on Claude Code 2.1.330.

Each lies below `plugins/<name>` of a marketplace that lists it. `tests/e2e/test_claude_code_agrees.py` installs all of
them with the real client; `loaded` names what it shows then, by its own headings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Files = Mapping[str, str]


@dataclass(frozen=True)
class Oddity:
    """`files` below the plugin's root, `entry` beside name and source in marketplace.json."""

    name: str
    files: Files
    loads: bool = True
    skills: Sequence[str] = ()
    agents: Sequence[str] = ()
    hooks: Sequence[str] = ()
    mcps: Sequence[str] = ()
    lsps: Sequence[str] = ()
    entry: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tree(self) -> Files:
        """Its files, whose manifest calls it by its name."""
        return {path: text.replace(NAME, self.name) for path, text in self.files.items()}


NAME = "<the plugin's name>"


def manifest(**fields: Any) -> str:
    return json.dumps({"name": NAME, **fields})


def skill(name: str) -> str:
    return f"---\nname: {name}\ndescription: How to {name}.\n---\nDo it.\n"


def agent(name: str) -> str:
    return f"---\nname: {name}\ndescription: Is {name}.\n---\nBe it.\n"


COMMAND = "---\ndescription: Does it.\n---\nDo it.\n"
HOOKS = json.dumps({"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}})
MORE_HOOKS = {"SessionStart": [{"hooks": [{"type": "command", "command": "true"}]}]}
SERVERS = json.dumps({"mcpServers": {"search": {"command": "search"}}})
LSP = {"py": {"command": "pyls", "extensionToLanguage": {".py": "python"}}}
PLUGIN = ".claude-plugin/plugin.json"
A, B = "skills/a/SKILL.md", "more/b/SKILL.md"

ODDITIES = (
    Oddity(
        "default-places",
        {
            PLUGIN: manifest(),
            A: skill("a"),
            "commands/c.md": COMMAND,
            "commands/sub/d.md": COMMAND,
            "agents/x.md": agent("x"),
            "agents/sub/y.md": agent("y"),
            "hooks/hooks.json": HOOKS,
            ".mcp.json": SERVERS,
            ".lsp.json": json.dumps(LSP),
        },
        skills=("a", "c", "sub:d"),
        agents=("x", "sub:y"),
        hooks=("Stop",),
        mcps=("search",),
        lsps=("py",),
    ),
    Oddity("no-manifest", {A: skill("a"), "agents/x.md": agent("x")}, skills=("a",), agents=("x",)),
    Oddity(
        "skills-one-level", {PLUGIN: manifest(), A: skill("a"), "skills/deep/b/SKILL.md": skill("b")}, skills=("a",)
    ),
    Oddity("skill-exact-case", {PLUGIN: manifest(), A: skill("a"), "skills/b/skill.md": skill("b")}, skills=("a",)),
    Oddity("root-skill", {PLUGIN: manifest(), "SKILL.md": skill("a")}, skills=("a",)),
    Oddity("root-skill-ignored", {PLUGIN: manifest(), "SKILL.md": skill("r"), A: skill("a")}, skills=("a",)),
    Oddity("readme-is-agent", {PLUGIN: manifest(), "agents/README.md": "Read me.\n"}, agents=("README",)),
    Oddity(
        "commands-replace",
        {
            PLUGIN: manifest(commands="./other"),
            "commands/c.md": COMMAND,
            "other/d.md": COMMAND,
        },
        skills=("d",),
    ),
    Oddity(
        "commands-list",
        {
            PLUGIN: manifest(commands=["./other/d.md", "./third"]),
            "other/d.md": COMMAND,
            "third/e.md": COMMAND,
        },
        skills=("d", "e"),
    ),
    Oddity(
        "commands-object",
        {
            PLUGIN: manifest(commands={"named": {"source": "./other/d.md", "description": "x"}}),
            "other/d.md": COMMAND,
            "commands/c.md": COMMAND,
        },
        skills=("named",),
    ),
    Oddity(
        "commands-inline",
        {
            PLUGIN: manifest(commands={"named": {"content": "Do it.", "description": "x"}}),
        },
        skills=("named",),
    ),
    Oddity(
        "agents-replace",
        {
            PLUGIN: manifest(agents=["./other/y.md"]),
            "agents/x.md": agent("x"),
            "other/y.md": agent("y"),
        },
        agents=("y",),
    ),
    Oddity("agents-one", {PLUGIN: manifest(agents="./other/y.md"), "other/y.md": agent("y")}, agents=("y",)),
    Oddity("agents-folder", {PLUGIN: manifest(agents="./other"), "other/y.md": agent("y")}, loads=False),
    Oddity("skills-add", {PLUGIN: manifest(skills="./more"), A: skill("a"), B: skill("b")}, skills=("a", "b")),
    Oddity(
        "skills-one-folder", {PLUGIN: manifest(skills=["./more/b"]), A: skill("a"), B: skill("b")}, skills=("a", "b")
    ),
    Oddity(
        "hooks-merge-path",
        {
            PLUGIN: manifest(hooks="./extra.json"),
            "hooks/hooks.json": HOOKS,
            "extra.json": json.dumps({"hooks": MORE_HOOKS}),
        },
        hooks=("Stop", "SessionStart"),
    ),
    Oddity(
        "hooks-merge-inline",
        {
            PLUGIN: manifest(hooks=MORE_HOOKS),
            "hooks/hooks.json": HOOKS,
        },
        hooks=("Stop", "SessionStart"),
    ),
    Oddity(
        "hooks-list",
        {
            PLUGIN: manifest(hooks=["./extra.json"]),
            "extra.json": json.dumps({"hooks": MORE_HOOKS}),
        },
        hooks=("SessionStart",),
    ),
    Oddity(
        "hooks-standard-path",
        {PLUGIN: manifest(hooks="./hooks/hooks.json"), "hooks/hooks.json": HOOKS},
        hooks=("Stop",),
    ),
    Oddity(
        "mcp-merge-inline",
        {
            PLUGIN: manifest(mcpServers={"mail": {"command": "mail"}}),
            ".mcp.json": SERVERS,
        },
        mcps=("mail", "search"),
    ),
    Oddity("mcp-path", {PLUGIN: manifest(mcpServers="./servers.json"), "servers.json": SERVERS}, mcps=("search",)),
    Oddity("mcp-flat", {PLUGIN: manifest(), ".mcp.json": json.dumps({"flat": {"command": "x"}})}, mcps=("flat",)),
    Oddity("lsp-inline", {PLUGIN: manifest(lspServers=LSP)}, lsps=("py",)),
    Oddity(
        "missing-path", {PLUGIN: manifest(commands=["./nowhere.md"], skills="./nowhere"), A: skill("a")}, skills=("a",)
    ),
    Oddity("bare-path", {PLUGIN: manifest(commands="other"), "other/d.md": COMMAND}, loads=False),
    Oddity("outside-path", {PLUGIN: manifest(skills="../elsewhere")}, loads=False),
    Oddity("outside-dotted", {PLUGIN: manifest(commands="./../elsewhere")}),
    Oddity("invalid-json", {PLUGIN: "{", A: skill("a")}, loads=False),
    Oddity("no-name", {PLUGIN: json.dumps({"description": "x"}), A: skill("a")}, loads=False),
    Oddity("spaced-name", {PLUGIN: json.dumps({"name": "two words"}), A: skill("a")}, loads=False),
    Oddity("dependencies-object", {PLUGIN: manifest(dependencies={"x": "1"}), A: skill("a")}, loads=False),
    Oddity("hooks-array-inside", {PLUGIN: manifest(), "hooks/hooks.json": '{"hooks": []}', A: skill("a")}, loads=False),
    Oddity("hooks-array-top", {PLUGIN: manifest(), "hooks/hooks.json": "[]", A: skill("a")}, skills=("a",)),
    Oddity("hooks-broken-json", {PLUGIN: manifest(), "hooks/hooks.json": "{", A: skill("a")}, skills=("a",)),
    Oddity("bom", {PLUGIN: "\ufeff" + manifest(), A: skill("a")}, skills=("a",)),
    Oddity(
        "unknown-keys",
        {PLUGIN: manifest(funny=1, keywords="x", author=3, repository={"a": 1}), A: skill("a")},
        skills=("a",),
    ),
    Oddity("broken-mcp", {PLUGIN: manifest(), ".mcp.json": "{", A: skill("a")}, skills=("a",)),
    Oddity(
        "entry-adds",
        {
            PLUGIN: manifest(),
            "commands/c.md": COMMAND,
            "other/d.md": COMMAND,
            A: skill("a"),
            B: skill("b"),
        },
        entry={"commands": ["./other/d.md"], "skills": ["./more/b"]},
        skills=("a", "b", "c", "d"),
    ),
    Oddity(
        "entry-without-manifest",
        {"commands/c.md": COMMAND, "other/d.md": COMMAND},
        entry={"commands": ["./other/d.md"]},
        skills=("c", "d"),
    ),
    Oddity(
        "entry-mcp", {A: skill("a")}, entry={"mcpServers": {"mail": {"command": "mail"}}}, skills=("a",), mcps=("mail",)
    ),
    Oddity("entry-lsp", {"README.md": "x"}, entry={"lspServers": LSP, "strict": False}, lsps=("py",)),
    Oddity("loose", {A: skill("a"), "commands/c.md": COMMAND}, entry={"strict": False}, skills=("a", "c")),
    Oddity(
        "loose-conflict",
        {PLUGIN: manifest(), A: skill("a"), "x/d.md": COMMAND},
        entry={"strict": False, "commands": ["./x/d.md"]},
        loads=False,
    ),
    Oddity("loose-with-manifest", {PLUGIN: manifest(), A: skill("a")}, entry={"strict": False}, skills=("a",)),
    Oddity("skills-file", {PLUGIN: manifest(skills=["./more/b/SKILL.md"]), B: skill("b")}),
    Oddity("skills-root", {PLUGIN: manifest(skills="./"), A: skill("a"), "b/SKILL.md": skill("b")}, skills=("a", "b")),
    Oddity("commands-number", {PLUGIN: manifest(commands=3), A: skill("a")}, loads=False),
    Oddity("hooks-missing-path", {PLUGIN: manifest(hooks="./none.json"), A: skill("a")}, skills=("a",)),
    Oddity("mcp-missing-path", {PLUGIN: manifest(mcpServers="./none.json"), A: skill("a")}, skills=("a",)),
    Oddity("mcp-bad-server", {PLUGIN: manifest(mcpServers={"x": {"command": 3}}), A: skill("a")}, loads=False),
    Oddity("mcp-bare-path", {PLUGIN: manifest(mcpServers="servers.json"), "servers.json": SERVERS}, loads=False),
    Oddity(
        "hooks-unknown-event",
        {
            PLUGIN: manifest(),
            A: skill("a"),
            "hooks/hooks.json": HOOKS.replace("Stop", "Funny"),
        },
        skills=("a",),
    ),
    Oddity(
        "commands-with-skill",
        {PLUGIN: manifest(), "commands/x/SKILL.md": skill("x"), "commands/x/y.md": COMMAND},
        skills=("x",),
    ),
    Oddity("empty-agents-list", {PLUGIN: manifest(agents=[]), "agents/x.md": agent("x")}, agents=()),
    Oddity("version-number", {PLUGIN: manifest(version=1), A: skill("a")}, loads=False),
    Oddity("description-number", {PLUGIN: manifest(description=1), A: skill("a")}, skills=("a",)),
    Oddity("empty-name", {PLUGIN: json.dumps({"name": ""}), A: skill("a")}, loads=False),
    Oddity("odd-name", {PLUGIN: json.dumps({"name": "Odd_Name.1"}), A: skill("a")}, skills=("a",)),
    Oddity("comments", {PLUGIN: manifest().replace("{", "{ // note\n"), A: skill("a")}, loads=False),
    Oddity("manifest-array", {PLUGIN: "[]", A: skill("a")}, loads=False),
    Oddity(
        "loose-root-manifest",
        {"plugin.json": manifest(commands="./x.md"), A: skill("a"), "x.md": COMMAND},
        skills=("a",),
    ),
    Oddity("manifest-name-differs", {PLUGIN: json.dumps({"name": "another"}), A: skill("a")}, skills=("a",)),
    Oddity(
        "skill-nested-skills", {PLUGIN: manifest(), A: skill("a"), "skills/a/agents/z.md": agent("z")}, skills=("a",)
    ),
    Oddity("bare-entry-path", {"other/d.md": COMMAND}, entry={"commands": ["other/d.md"]}, loads=False),
)
