"""Applying what was discovered: chosen candidates become plugins with their mappings, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.access import Action, Actor, Capability
from shared.domain.connector import ConnectorTarget
from shared.domain.discovery.application import (
    MARKETPLACE_KEY,
    Application,
    ApplicationPlan,
    NewMapping,
    NewPlugin,
    PlannedAction,
    PlannedMarketplace,
)
from shared.domain.discovery.candidate import Candidate, Proposal
from shared.domain.discovery.planning import Known, plan_imports
from shared.domain.discovery.run import DiscoveryRun, RunStatus
from shared.domain.errors import Conflict, FieldError, Invalid, MissingCapability
from shared.domain.lifecycle import Lifecycle
from shared.domain.marketplace import Marketplace
from shared.domain.plugin import Plugin
from shared.services.discovery.applying import Applying
from shared.services.discovery.discoveries import Discoveries
from shared.services.discovery.marketplace_plan import joins, plan_marketplace
from shared.services.mappings import MAX_MAPPINGS
from shared.services.organizations import Capabilities
from shared.services.plugins import Plugins


@dataclass(frozen=True, slots=True)
class ApplyDraft:
    """`marketplace` None means: where the repository declares one, and the caller may create it.

    `auto_import` None leaves the instance as it is.
    """

    selected_keys: Sequence[str]
    target_id: str | None = None
    marketplace: bool | None = None
    auto_import: bool | None = None


@dataclass(frozen=True, slots=True)
class AppliedPlugin:
    key: str
    plugin: Plugin
    created: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """What an application made, or found made; `mappings` counts the new ones."""

    application: Application
    plugins: Sequence[AppliedPlugin]
    mappings: int
    marketplace: Marketplace | None


@dataclass(frozen=True, slots=True)
class Applications:
    discoveries: Discoveries
    applying: Applying
    plugins: Plugins
    capabilities: Capabilities

    def apply(self, actor: Actor, instance_id: str, draft: ApplyDraft) -> Applied:
        """Make the chosen candidates plugins, map their places to them, and queue the first sync.

        Needs editor on the instance, and on every plugin that a candidate became before.
        Raises: NotFound; MissingRole; MissingCapability; Invalid for keys that cannot be applied; Conflict while
            discovery is under way, or another application.
        """
        target = self.discoveries.target(actor, instance_id, draft.target_id, Action.EDIT)
        self.capabilities.require(actor, Capability.PLUGIN_CREATE)
        run = self._completed_run(target)
        proposal = self.discoveries.stored.get(run.org_id, run.proposal or "")
        chosen = _chosen(proposal, draft.selected_keys)
        self.applying.finish_open(actor.org_id, target.id)
        known = self.applying.known(target)
        self._require_editor(actor, chosen, known)
        plan = self._plan(actor, target, proposal, chosen, known, draft)
        application = self.applying.finish(self.applying.start(target, plan, actor.id))
        return self._applied(actor.org_id, application, plan)

    def _completed_run(self, target: ConnectorTarget) -> DiscoveryRun:
        run = self.discoveries.runs.find(target.org_id, target.id)
        if run is None or run.status is not RunStatus.COMPLETED or run.proposal is None:
            state = run.status.value if run else "absent"
            raise Conflict(f"The discovery of this target is {state}; refresh it, and apply when it is completed.")
        return run

    def _require_editor(self, actor: Actor, chosen: Sequence[Candidate], known: Known) -> None:
        there = [plugin.id for one in chosen if (plugin := known.plugin_of(one.key)) is not None]
        if there:
            self.plugins.get_all(actor, there, Action.EDIT)

    def _plan(
        self,
        actor: Actor,
        target: ConnectorTarget,
        proposal: Proposal,
        chosen: Sequence[Candidate],
        known: Known,
        draft: ApplyDraft,
    ) -> ApplicationPlan:
        names = self.applying.names(target, actor.id, chosen)
        actions, plugin_ids = plan_imports(chosen, known, names, self.applying.mint.new_id)
        _require_room(actions, known)
        marketplace = self._marketplace(actor, target, proposal, known, draft)
        if marketplace is not None:
            actions += joins(actions, plugin_ids, known, marketplace)
        return ApplicationPlan(actions, plugin_ids, marketplace, draft.auto_import, proposal.manifests)

    def _marketplace(
        self, actor: Actor, target: ConnectorTarget, proposal: Proposal, known: Known, draft: ApplyDraft
    ) -> PlannedMarketplace | None:
        if draft.marketplace is False:
            return None
        if proposal.marketplace is None:
            if draft.marketplace:
                raise Invalid.field("marketplace", "the repository declares none in .claude-plugin/marketplace.json")
            return None
        held = known.imports.get(MARKETPLACE_KEY)
        found = self.applying.rows.marketplaces.find(actor.org_id, held.resource_id) if held else None
        if found is not None and found.status is Lifecycle.ACTIVE:
            return PlannedMarketplace(found.id, found.name, found.slug, is_new=False)
        try:
            self.capabilities.require(actor, Capability.MARKETPLACE_CREATE)
        except MissingCapability:
            if draft.marketplace:
                raise
            return None
        marketplaces = self.applying.rows.marketplaces
        own_id = self.applying.mint.new_id("mkt")
        return plan_marketplace(proposal.marketplace, own_id, actor, target.repository_full_name, marketplaces)

    def _applied(self, org_id: str, application: Application, plan: ApplicationPlan) -> Applied:
        rows = self.applying.rows
        found = rows.plugins.find_all(org_id, plan.plugin_ids.values())
        made = {action.plugin_id for action in plan.actions if isinstance(action, NewPlugin)}
        plugins = [AppliedPlugin(key, found[each], each in made) for key, each in plan.plugin_ids.items()]
        mappings = sum(isinstance(action, NewMapping) for action in plan.actions)
        planned = plan.marketplace
        marketplace = rows.marketplaces.find(org_id, planned.marketplace_id) if planned else None
        return Applied(application, plugins, mappings, marketplace)


def _chosen(proposal: Proposal, keys: Sequence[str]) -> list[Candidate]:
    """Raises: Invalid, for every key that is none, or whose candidate is not supported."""
    found = {one.key: one for one in proposal.candidates}
    wrong = [
        FieldError(f"selectedKeys.{at}", "is no candidate of this discovery; refresh it" if key not in found
                   else f"cannot be imported: {_why_not(found[key])}")
        for at, key in enumerate(keys)
        if key not in found or not found[key].supported
    ]  # fmt: skip
    if wrong:
        raise Invalid("Some of the selected candidates cannot be applied; nothing was.", wrong)
    return [found[key] for key in dict.fromkeys(keys)]


def _why_not(one: Candidate) -> str:
    return "; ".join(note.message for note in one.diagnostics) or "it is not supported"


def _require_room(actions: Sequence[PlannedAction], known: Known) -> None:
    new = sum(isinstance(action, NewMapping) for action in actions)
    if new + len(known.mappings) > MAX_MAPPINGS:
        raise Conflict(f"A target has at most {MAX_MAPPINGS} mappings; select fewer candidates.")
