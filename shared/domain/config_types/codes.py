"""The table of diagnostic codes: what each means, how bad it is, and which clients refuse it."""

from enum import StrEnum
from typing import Self

from shared.domain.diagnostics import Diagnostic, Severity

_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR
_STRICT = ("copilot", "vscode")


class Code(StrEnum):
    """A stable code. `refused_by` names the clients whose own rules leave such a unit out."""

    severity: Severity
    meaning: str
    refused_by: tuple[str, ...]

    def __new__(cls, value: str, severity: Severity, meaning: str, refused_by: tuple[str, ...] = ()) -> Self:
        code = str.__new__(cls, value)
        code._value_ = value
        code.severity, code.meaning, code.refused_by = severity, meaning, refused_by
        return code

    # Any type: files
    ENTRY_MISSING = "entry_missing", _ERROR, "the unit's entry file is not among its files"
    ENTRY_TOO_LARGE = "entry_too_large", _ERROR, "the entry is larger than 1 MiB, or a server than 64 KiB"
    UNIT_TOO_LARGE = "unit_too_large", _ERROR, "the unit's files add up to more than 25 MiB"
    TOO_MANY_FILES = "too_many_files", _ERROR, "the unit has more than 2,000 files"
    ENTRY_NOT_A_FILE = "entry_not_a_file", _WARNING, "the entry is a symlink or submodule, so it is no unit"
    SYMLINK_SKIPPED = "symlink_skipped", _WARNING, "a symlink is not delivered"
    SYMLINK_DUPLICATE = "symlink_duplicate", _INFO, "a symlink leads to what is delivered already"
    SUBMODULE_SKIPPED = "submodule_skipped", _WARNING, "a submodule is not delivered"
    UNSAFE_PATH = "unsafe_path", _WARNING, "a path that no client could check out safely is not delivered"
    CASE_COLLISION = "case_collision", _WARNING, "the file is written over another one on macOS and Windows"
    LFS_POINTER = "lfs_pointer", _WARNING, "the file is a Git LFS pointer: the pointer is not its content"
    LFS_ENTRY = "lfs_entry", _ERROR, "the entry file is a Git LFS pointer: its text is not in the repository"
    UNKNOWN_PARSER_MODE = "unknown_parser_mode", _WARNING, "the mapping's parser mode is unknown to the type"

    # Any type: text
    BYTE_ORDER_MARK = "byte_order_mark", _INFO, "the text starts with a byte order mark"
    NOT_UTF8 = "not_utf8", _WARNING, "the text is not UTF-8; unreadable bytes are shown as �"
    EMPTY_FILE = "empty_file", _WARNING, "the file is empty"

    # Any type: safety
    HIDDEN_TEXT = "hidden_text", _WARNING, "characters that nobody sees can hold instructions for a model"
    BIDI_CONTROL = "bidi_control", _WARNING, "a bidirectional control makes text look otherwise than it reads"
    ZERO_WIDTH = "zero_width", _WARNING, "a character without width stands in the text"
    CREDENTIAL = "credential", _WARNING, "what looks like a credential is written out; revoke it and take it out"
    PIPED_DOWNLOAD = "piped_download", _WARNING, "a download is run without being looked at"
    SHELL_ARGUMENTS = "shell_arguments", _WARNING, "a caller's arguments become part of a shell command"
    OUTSIDE_REFERENCE = (
        "outside_reference",
        _WARNING,
        "a reference leaves the plugin, and what it names is not delivered",
    )

    # Frontmatter
    NO_FRONTMATTER = "no_frontmatter", _WARNING, "the file has no frontmatter"
    FRONTMATTER_UNCLOSED = "frontmatter_unclosed", _WARNING, "the opening --- has no closing ---"
    TEXT_BEFORE_FRONTMATTER = (
        "text_before_frontmatter",
        _WARNING,
        "text stands before the opening ---",
        ("opencode", "codex"),
    )
    FRONTMATTER_NOT_YAML = "frontmatter_not_yaml", _WARNING, "the frontmatter is not YAML; read line by line"
    FRONTMATTER_NOT_A_MAP = "frontmatter_not_a_map", _WARNING, "the frontmatter holds no keys"
    FRONTMATTER_UNREADABLE = "frontmatter_unreadable", _ERROR, "the frontmatter is neither YAML nor key: value"
    DUPLICATE_KEY = "duplicate_key", _WARNING, "a key is written twice; the last one counts"
    FIELD_SHAPE = "field_shape", _WARNING, "a field holds another kind of value than its meaning asks for"
    YAML_TOO_LARGE = "yaml_too_large", _ERROR, "the frontmatter is larger than 64 KiB"
    YAML_ALIAS = "yaml_alias", _ERROR, "YAML aliases are refused: they can grow without bound"
    YAML_TOO_DEEP = "yaml_too_deep", _ERROR, "the YAML is nested deeper than 16 levels"
    YAML_TOO_MANY_EVENTS = "yaml_too_many_events", _ERROR, "the YAML has more than 2,000 parts"

    # Names and descriptions
    NAME_MISSING = "name_missing", _WARNING, "there is no name", ("opencode",)
    NAME_PATTERN = (
        "name_pattern",
        _WARNING,
        "a skill's name is 1 to 64 of a-z, 0-9 and single inner hyphens",
        _STRICT,
    )
    NAME_TOO_LONG = "name_too_long", _WARNING, "the name has more than 64 characters", (*_STRICT, "codex")
    NAME_NOT_DIRECTORY = "name_not_directory", _WARNING, "the name differs from the directory's", _STRICT
    NAME_NOT_FILE = "name_not_file", _INFO, "the name differs from the file's"
    DESCRIPTION_MISSING = "description_missing", _WARNING, "there is no description"
    SKILL_DESCRIPTION_MISSING = (
        "skill_description_missing",
        _WARNING,
        "the skill has no description",
        ("opencode", "codex"),
    )
    DESCRIPTION_TOO_LONG = "description_too_long", _WARNING, "the description has more than 1,024 characters"
    SKILL_DESCRIPTION_TOO_LONG = (
        "skill_description_too_long",
        _WARNING,
        "the skill's description has more than 1,024 characters",
        ("copilot", "vscode"),
    )

    # Skill
    SKILL_CASE = (
        "skill_case",
        _WARNING,
        "the file's name is not exactly SKILL.md, so it is no skill",
        ("claude-code",),
    )
    SKILL_NESTED = "skill_nested", _INFO, "the skill lies deeper than skills/<dir>/, where claude-code looks"
    ROOT_SKILL_IGNORED = "root_skill_ignored", _WARNING, "a SKILL.md beside a skills/ directory is no skill"

    # Agent and command
    COMMAND_NOT_FOR_CODEX = (
        "command_not_for_codex",
        _INFO,
        "codex makes skills of commands that have a description, and neither arguments, shell nor files",
        ("codex",),
    )
    COMMAND_NESTED = (
        "command_nested",
        _INFO,
        "copilot makes skills only of commands that lie directly in commands/",
        ("copilot",),
    )
    AGENT_FIELDS_LEFT_OUT = (
        "agent_fields_left_out",
        _INFO,
        "OpenCode has no word for some fields and does without",
    )
    README_LOADED = "readme_loaded", _WARNING, "clients load README.md here like any other file"
    AGENT_MODE = "agent_mode", _WARNING, "mode is none of primary, subagent, all", ("opencode",)

    # JSON files, and units inside them
    JSON_INVALID = "json_invalid", _ERROR, "the file is not JSON"
    JSON_WITH_COMMENTS = (
        "json_with_comments",
        _WARNING,
        "JSON with comments or trailing commas; delivered without",
        ("claude-code",),
    )
    JSON_BYTE_ORDER_MARK = (
        "json_byte_order_mark",
        _WARNING,
        "JSON behind a byte order mark; delivered without",
        ("claude-code",),
    )
    INLINE_NOT_AN_OBJECT = "inline_not_an_object", _WARNING, "what should be an object is none, so it is no unit"
    INLINE_KEY_REFUSED = "inline_key_refused", _WARNING, "a unit's key is empty or longer than 128 characters"
    INLINE_TOO_MANY = "inline_too_many", _ERROR, "the file declares more than 200 units of one type"
    INLINE_REFERENCE = "inline_reference", _WARNING, "the text refers to a file that is not delivered with it"

    # MCP
    MCP_NO_SERVERS = "mcp_no_servers", _INFO, "the file declares no MCP server"
    MCP_REFERENCE = "mcp_reference", _INFO, "mcpServers points to another file; map that file"
    MCP_NOT_A_SERVER = "mcp_not_a_server", _WARNING, "an entry beside the servers is no server"
    MCP_KEY_REFUSED = "mcp_key_refused", _WARNING, "a server's key is empty or longer than 128 characters"
    MCP_TOO_MANY_SERVERS = "mcp_too_many_servers", _ERROR, "the file declares more than 200 servers"
    MCP_UNREACHABLE = "mcp_unreachable", _ERROR, "the server has neither a command nor a URL"
    MCP_RESPELLED = (
        "mcp_respelled",
        _WARNING,
        "claude-code drops the server as it is written; delivered as it should be",
        ("claude-code",),
    )
    MCP_URL = "mcp_url", _WARNING, "the URL is not absolute, so that nothing connects to it", ("claude-code",)
    MCP_SWITCHED_OFF = "mcp_switched_off", _INFO, "the server is off; claude-code has no such switch and starts it"
    MCP_LITERAL_SECRET = "mcp_literal_secret", _WARNING, "a secret is written out; delivered as a variable"
    MCP_NEEDS_PLUGIN_FILES = "mcp_needs_plugin_files", _WARNING, "the server runs files that it does not carry"

    MCP_NOT_FOR_OPENCODE = "mcp_not_for_opencode", _INFO, "OpenCode could not use the server", ("opencode",)
    MCP_NOT_FOR_CODEX = "mcp_not_for_codex", _INFO, "Codex could not use the server", ("codex",)

    # Tool
    TOOL_UNREADABLE = "tool_unreadable", _ERROR, "the module cannot be parsed, and no tool was made out in it"
    TOOL_SYNTAX = "tool_syntax", _WARNING, "the module does not parse from here on"
    TOOL_NOT_ANALYZED = (
        "tool_not_analyzed",
        _WARNING,
        "the module is larger than 32 KiB, or too tangled, to be analyzed",
    )
    TOOL_MISSING = "tool_missing", _WARNING, "the module exports no tool"
    TOOL_EXPORT = "tool_export", _WARNING, "clients take every export for a tool, and this one is none"
    TOOL_REEXPORTS = "tool_reexports", _WARNING, "the module exports everything of another, which was not looked into"
    TOOL_PARTIAL = "tool_partial", _INFO, "only running the module would tell all of a tool"
    TOOL_NAME = "tool_name", _WARNING, "models know a tool by 1 to 64 of A-Z, a-z, 0-9, _ and -"
    TOOL_EXTENSION = "tool_extension", _WARNING, "tools are loaded from .ts and .js files", ("opencode",)
    TOOL_FOR_OPENCODE = (
        "tool_for_opencode",
        _INFO,
        "only OpenCode loads tools from modules",
        ("claude-code", "codex", "copilot", "vscode"),
    )

    # Hook
    HOOK_EMPTY = "hook_empty", _WARNING, "the document declares no hook"
    HOOK_NOT_READ = "hook_not_read", _WARNING, "an entry names no event or has no handlers; it is not delivered"
    HOOK_RESPELLED = (
        "hook_respelled",
        _WARNING,
        "claude-code does not take the document as it is written; delivered as a map of lists by event",
        ("claude-code",),
    )
    HOOK_UNKNOWN_TYPE = "hook_unknown_type", _WARNING, "no known client runs handlers of this type"
    HOOK_UNKNOWN_EVENT = "hook_unknown_event", _WARNING, "no known client has this event"
    HOOK_REFERENCE = "hook_reference", _INFO, "hooks points to another file; map that file"
    HOOK_NEEDS_PLUGIN_FILES = "hook_needs_plugin_files", _WARNING, "the hook runs files that it does not carry"
    HOOK_NOT_FOR_OPENCODE = "hook_not_for_opencode", _INFO, "OpenCode has no declarative hooks", ("opencode",)
    HOOK_NOT_FOR_CODEX = "hook_not_for_codex", _INFO, "Codex knows none of the events", ("codex",)
    HOOK_ONLY_OPENCODE = (
        "hook_only_opencode",
        _INFO,
        "only OpenCode loads code as a plugin",
        ("claude-code", "codex", "copilot", "vscode"),
    )

    # Context
    CONTEXT_BY_HAND = "context_by_hand", _INFO, "no plugin carries it: download it and place it", ("claude-code",)

    # Custom
    DOCUMENT_UNREAD = "document_unread", _WARNING, "the file is not what its name says; kept as it is"
    SCHEMA_NOT_FOUND = "schema_not_found", _WARNING, "the schema is no config object that the writer may see"
    SCHEMA_UNUSABLE = "schema_unusable", _WARNING, "the schema is no JSON Schema that can be checked against"
    SCHEMA_TOO_COSTLY = "schema_too_costly", _WARNING, "checking against the schema takes too many steps"
    SCHEMA_MISMATCH = "schema_mismatch", _ERROR, "the document does not meet its schema"

    def at(self, path: str, detail: str = "", line: int | None = None) -> Diagnostic:
        """The diagnostic for `path`: the meaning, then `detail`, then who refuses it."""
        message = f"{self.meaning}: {detail}" if detail else self.meaning
        return Diagnostic(self.severity, self.value, message + self.refusal, path, line)

    @property
    def refusal(self) -> str:
        """Who refuses it, as the end of a message; empty where all load it."""
        if not self.refused_by:
            return ""
        return f" ({', '.join(self.refused_by)} refuse{'s' * (len(self.refused_by) == 1)} this)"
