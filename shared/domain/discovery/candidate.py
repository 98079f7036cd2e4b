"""What discovery proposes: candidates, each of which may become a plugin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from shared.domain.diagnostics import Diagnostic
from shared.domain.discovery.components import Held


class Classification(StrEnum):
    """What kind of repository it is; the first of these that fits."""

    CLAUDE_MARKETPLACE_REPO = "claude_marketplace_repo"
    CLAUDE_MULTI_PLUGIN_REPO = "claude_multi_plugin_repo"
    CLAUDE_SINGLE_PLUGIN_REPO = "claude_single_plugin_repo"
    OPENCODE_WORKSPACE = "opencode_workspace"
    STANDALONE_CLAUDE = "standalone_claude"
    FOLDER_INFERRED_REPO = "folder_inferred_repo"
    UNSUPPORTED = "unsupported"


class SourceKind(StrEnum):
    """By what a candidate was found."""

    MARKETPLACE_ENTRY = "marketplace_entry"
    PLUGIN_MANIFEST = "plugin_manifest"
    OPENCODE = "opencode"
    STANDALONE_CLAUDE = "standalone_claude"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a client loads a plugin, and what stands against it or is left out."""

    loads: bool
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ProposedMapping:
    selector: str
    object_type: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """`key` names it in this target for good: applying again finds the plugin that it became.

    `name` is what the plugin is going to be called, `display_name` what the source calls it. `external` is the kind
    of source of one that lies outside the repository.
    """

    key: str
    name: str
    display_name: str
    source_kind: SourceKind
    root_path: str
    supported: bool
    selected_by_default: bool
    description: str | None = None
    manifest_path: str | None = None
    external: str | None = None
    components: Mapping[str, Held] = field(default_factory=dict)
    mappings: Sequence[ProposedMapping] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    diagnostics: Sequence[Diagnostic] = ()


@dataclass(frozen=True, slots=True)
class ProposedMarketplace:
    """The marketplace that a repository declares."""

    name: str
    display_name: str
    description: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """`scanned` are the paths looked at for what no manifest declares; `truncated` says that there are more.

    `manifests` is the fingerprint of the documents that declare plugins, None where none does.
    """

    classification: Classification
    candidates: Sequence[Candidate] = ()
    warnings: Sequence[Diagnostic] = ()
    marketplace: ProposedMarketplace | None = None
    scanned: int = 0
    truncated: bool = False
    strategy: str = "manifest"
    manifests: str | None = None
