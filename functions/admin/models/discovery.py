"""Discovery on the wire: runs, candidates, paths, and what applying them made."""

from typing import Annotated, Self

from pydantic import Field

from shared.domain.discovery.candidate import Classification, SourceKind
from shared.domain.discovery.run import RunStatus
from shared.http.cursors import PageQuery
from shared.http.models import DiagnosticRead, Input, Moment, Output, example
from shared.http.path_ids import TargetIdField
from shared.services.discovery.applications import Applied, ApplyDraft
from shared.services.discovery.discoveries import Discovered

_TARGET = "The target to look at; needed where the instance has several."


CandidateKey = Annotated[str, Field(min_length=1, max_length=1024)]


class DiscoveryQuery(Input):
    target_id: Annotated[TargetIdField | None, Field(description=_TARGET)] = None


class TreeQuery(PageQuery):
    target_id: Annotated[TargetIdField | None, Field(description=_TARGET)] = None
    prefix: Annotated[str, Field(max_length=1024, description="What the paths begin with, such as `plugins/`.")] = ""


class RefreshInput(Input):
    """`targetId` where the instance has several targets."""

    target_id: TargetIdField | None = None


class ApplyInput(Input):
    """Every key or none. `marketplace` false leaves the repository's marketplace out; true insists on it.

    With `autoImport`, a sync imports plugins that appear in the repository's manifests later, and archives those
    that disappear.
    """

    model_config = example(selectedKeys=["entry:reviews"], marketplace=True, autoImport=True)

    selected_keys: Annotated[list[CandidateKey], Field(min_length=1, max_length=500)]
    target_id: TargetIdField | None = None
    marketplace: bool | None = None
    auto_import: bool | None = None

    def to_draft(self) -> ApplyDraft:
        return ApplyDraft(self.selected_keys, self.target_id, self.marketplace, self.auto_import)


class StepRead(Output):
    name: str
    outcome: str
    milliseconds: int


class TreeSummaryRead(Output):
    """`scanned` of `paths` were looked at; `strategy` says by what plugins were found: manifest or inference."""

    paths: int
    scanned: int
    truncated: bool
    strategy: str


class FailureRead(Output):
    code: str
    message: str


class HeldRead(Output):
    """`paths` and `names` (of hooks' events and of servers) may be cut; `count` is not."""

    count: int
    paths: list[str]
    names: list[str]


class VerdictRead(Output):
    loads: bool
    reasons: list[str]


class ProposedMappingRead(Output):
    selector: str
    object_type: str


class CandidateRead(Output):
    """`external` is the kind of source of a plugin that lies outside the repository; such a one is not supported."""

    key: str
    name: str
    display_name: str
    description: str | None
    source_kind: SourceKind
    root_path: str
    manifest_path: str | None
    external: str | None
    supported: bool
    selected_by_default: bool
    components: dict[str, HeldRead]
    mappings: list[ProposedMappingRead]
    verdicts: dict[str, VerdictRead]
    diagnostics: list[DiagnosticRead]


class ProposedMarketplaceRead(Output):
    name: str
    display_name: str
    description: str | None
    owner: str | None


class ImportRead(Output):
    """What a candidate became; `goneAt` since its source is gone. The key `marketplace` names the marketplace."""

    key: str
    resource_id: str
    gone_at: Moment | None


class DiscoveryRead(Output):
    """What it found is there once it is `completed`; `imports` are what was applied before."""

    id: str
    instance_id: str
    target_id: str
    status: RunStatus
    revision: str | None
    classification: Classification | None
    tree_summary: TreeSummaryRead | None
    steps: list[StepRead]
    warnings: list[DiagnosticRead]
    candidates: list[CandidateRead]
    marketplace: ProposedMarketplaceRead | None
    imports: list[ImportRead]
    failure: FailureRead | None
    created_at: Moment
    updated_at: Moment
    completed_at: Moment | None

    @classmethod
    def of_discovered(cls, found: Discovered) -> Self:
        run, proposal = found.run, found.proposal
        fields = {name: getattr(run, name) for name in cls.model_fields if hasattr(run, name)}
        return cls.model_validate(
            {
                **fields,
                "candidates": proposal.candidates if proposal else (),
                "marketplace": proposal.marketplace if proposal else None,
                "imports": [
                    ImportRead(key=one.candidate_key, resource_id=one.resource_id, gone_at=one.gone_at)
                    for one in found.imports
                ],
            }
        )


class PathRead(Output):
    """`kind` is file, symlink or submodule."""

    path: str
    kind: str
    size: int | None


class AppliedPluginRead(Output):
    key: str
    plugin_id: str
    name: str
    created: bool


class AppliedMarketplaceRead(Output):
    marketplace_id: str
    name: str
    slug: str


class AppliedRead(Output):
    """`mappings` counts the new ones; `syncEventId` is the first sync, which brings the plugins' contents."""

    job_id: str
    plugins: list[AppliedPluginRead]
    mappings: int
    marketplace: AppliedMarketplaceRead | None
    sync_event_id: str | None

    @classmethod
    def of_applied(cls, done: Applied) -> Self:
        held = done.marketplace
        return cls(
            job_id=done.application.id,
            plugins=[
                AppliedPluginRead(key=one.key, plugin_id=one.plugin.id, name=one.plugin.name, created=one.created)
                for one in done.plugins
            ],
            mappings=done.mappings,
            marketplace=AppliedMarketplaceRead(marketplace_id=held.id, name=held.name, slug=held.slug)
            if held
            else None,
            sync_event_id=done.application.sync_event_id,
        )
