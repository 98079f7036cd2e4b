"""Follows the manifests of a repository whose plugins were imported: what appears, what moves, what disappears.

A step of every run, and of almost every run only a comparison: as long as no manifest has changed, nothing is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.discovery.application import MARKETPLACE_KEY, ApplicationPlan, PlannedMarketplace
from shared.domain.discovery.candidate import Candidate, Proposal
from shared.domain.discovery.fingerprint import manifests_fingerprint
from shared.domain.discovery.notes import Note
from shared.domain.discovery.planning import Known, plan_imports, plan_retirements
from shared.domain.discovery.plugins import Repository
from shared.domain.discovery.survey import propose
from shared.domain.discovery.tree import Tree
from shared.domain.lifecycle import Lifecycle
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.services.discovery.applying import Applying
from shared.services.discovery.marketplace_plan import joins
from shared.services.discovery.survey import read_documents
from shared.services.reconciliation.run import Run


@dataclass(frozen=True, slots=True)
class FollowManifests:
    applying: Applying
    instances: ConnectorInstanceRepository

    def follow(self, run: Run) -> None:
        """Bring imports and mappings in line with the head's manifests, before paths are matched.

        What is imported already keeps its identity and follows its manifest. With the instance's `autoImport`, plugins
        that appeared are imported, and those that disappeared are archived; else these are only marked.
        """
        fingerprint = manifests_fingerprint(run.entries.values())
        if run.target.manifests is None or fingerprint == run.target.manifests:
            return
        proposal = self._proposal(run)
        unreadable = [note for note in proposal.warnings if note.code == Note.MARKETPLACE_UNREADABLE]
        if unreadable:
            # A slip of the pen must not put a whole marketplace aside: it stays as it was until it can be read.
            run.note(unreadable[0].path, unreadable[0].code, unreadable[0].message)
            return
        self._apply(run, proposal)
        run.mappings = self.applying.rows.mappings.list_all(run.target.org_id, run.target.id)
        run.target = replace(run.target, manifests=proposal.manifests)

    def _proposal(self, run: Run) -> Proposal:
        tree = Tree(run.entries.values())
        documents = read_documents(tree, run.reader, run.head)
        return propose(Repository(tree, documents, run.target.repository_full_name.rpartition("/")[2]))

    def _apply(self, run: Run, proposal: Proposal) -> None:
        target = run.target
        self.applying.finish_open(target.org_id, target.id)
        instance = self.instances.find(target.org_id, target.instance_id)
        automatic = instance is not None and instance.auto_import
        known = self.applying.known(target)
        who = target.imported_by or target.created_by
        chosen = _chosen(proposal, known, automatic=automatic)
        names = self.applying.names(target, who, chosen)
        actions, plugin_ids = plan_imports(chosen, known, names, self.applying.mint.new_id, wakes_archived=False)
        present = {one.key for one in proposal.candidates if one.external is None} | {MARKETPLACE_KEY}
        actions += plan_retirements(present, known, archive=automatic)
        marketplace = self._marketplace(target.org_id, known)
        if marketplace is not None:
            actions += joins(actions, plugin_ids, known, marketplace)
        plan = ApplicationPlan(actions, plugin_ids, marketplace, None, proposal.manifests)
        self.applying.finish(self.applying.start(target, plan, who), then_sync=False)

    def _marketplace(self, org_id: str, known: Known) -> PlannedMarketplace | None:
        held = known.imports.get(MARKETPLACE_KEY)
        found = self.applying.rows.marketplaces.find(org_id, held.resource_id) if held else None
        if found is None or found.status is not Lifecycle.ACTIVE:
            return None
        return PlannedMarketplace(found.id, found.name, found.slug, is_new=False)


def _chosen(proposal: Proposal, known: Known, *, automatic: bool) -> Sequence[Candidate]:
    """What is imported already and, where that is wanted, what was never: nothing that a person deleted comes back."""
    return [
        one
        for one in proposal.candidates
        if one.supported
        and (
            known.plugin_of(one.key) is not None
            or (automatic and one.selected_by_default and one.key not in known.imports)
        )
    ]
