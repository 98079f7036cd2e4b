"""Discovery and the official client, plugin by plugin: the same verdict, and the same number of every component."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from shared.domain.discovery.candidate import Candidate
from shared.domain.discovery.documents import Document, read_document
from shared.domain.discovery.plugins import Repository
from shared.domain.discovery.survey import propose, to_read
from shared.domain.discovery.tree import Tree
from shared.domain.source_tree import EntryKind, TreeEntry
from tests.benchmarks.git_corpus import Repository as GitRepository
from tests.benchmarks.git_corpus import repositories
from tests.e2e.claude_code import VERSIONS, ClaudeCode
from tests.e2e.plugin_inventory import Inventory, inventories, write_marketplace
from tests.unit.domain.discovery.oddities import ODDITIES
from tests.unit.domain.discovery.reading import discover

CORPUS = os.environ.get("DEPOT_CORPUS") or ""
MARKETPLACE = ".claude-plugin/marketplace.json"


@pytest.fixture(scope="module", params=VERSIONS)
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ClaudeCode:
    return ClaudeCode.of(request.param, tmp_path_factory.mktemp("home"))


@pytest.mark.e2e
def test_every_oddity_is_what_the_client_makes_of_it(client: ClaudeCode, tmp_path: Path) -> None:
    files = {f"plugins/{one.name}/{path}": text for one in ODDITIES for path, text in one.tree.items()}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    entries = [{"name": one.name, "source": f"./plugins/{one.name}", **one.entry} for one in ODDITIES]
    write_marketplace(tmp_path, "odd", entries)
    marketplace = (tmp_path / MARKETPLACE).read_text()
    assert client.plugin("marketplace", "add", str(tmp_path)).status == 0

    ours = {one.key.removeprefix("entry:"): one for one in discover({MARKETPLACE: marketplace, **files}).candidates}
    theirs = inventories(client, "odd", [(name, one.display_name) for name, one in ours.items()])

    assert {name: counted(one) for name, one in ours.items()} == theirs


@pytest.mark.benchmark
@pytest.mark.skipif(not CORPUS, reason="name a folder of git repositories: make corpus CORPUS=<folder>")
def test_every_plugin_of_real_marketplaces_is_what_the_client_makes_of_it(client: ClaudeCode, tmp_path: Path) -> None:
    differing = []
    for number, repository in enumerate(repositories(Path(CORPUS))):
        if not (repository.place / MARKETPLACE).is_file():
            continue
        ours = {one.key.removeprefix("entry:"): one for one in discovered(repository) if one.supported}
        name = added(client, repository, tmp_path / str(number), f"corpus-{number}")
        theirs = inventories(client, name, [(entry, one.display_name) for entry, one in ours.items()])
        apart = {entry: (counted(one), theirs[entry]) for entry, one in ours.items() if counted(one) != theirs[entry]}
        print(f"\n{repository.name}: {len(ours)} plugins, {len(apart)} differ")
        differing += [f"{repository.name} {entry}: {pair}" for entry, pair in apart.items()]
    print(*differing, sep="\n")  # a benchmark's result is what it prints


def counted(one: Candidate) -> Inventory:
    """A candidate as the client counts; what it refuses holds nothing."""
    if not one.verdicts["claude-code"].loads:
        return Inventory(loads=False)
    count = {kind: held.count for kind, held in one.components.items()}
    named = {kind: len(held.names) for kind, held in one.components.items()}
    skills = count.get("skills", 0) + count.get("commands", 0)
    return Inventory(
        True, skills, count.get("agents", 0), named.get("hooks", 0), named.get("mcps", 0), named.get("lsps", 0)
    )


def discovered(repository: GitRepository) -> tuple[Candidate, ...]:
    tree = Tree(TreeEntry(one.path, one.mode, EntryKind.BLOB, one.sha) for one in repository.tree())
    documents: dict[str, Document] = {}
    while wanted := to_read(tree, documents):
        blobs: Mapping[str, bytes] = repository.blobs(tree.entries[path].sha for path in wanted)
        documents |= {path: read_document(blobs[tree.entries[path].sha]) for path in wanted}
    return tuple(propose(Repository(tree, documents, repository.name)).candidates)


def added(client: ClaudeCode, repository: GitRepository, copy: Path, name: str) -> str:
    """A copy of the repository as a marketplace of another name: a vendor's own is refused from a folder."""
    shutil.copytree(repository.place, copy, ignore=shutil.ignore_patterns(".git"), symlinks=True)
    marketplace = json.loads((copy / MARKETPLACE).read_text())
    (copy / MARKETPLACE).write_text(json.dumps(marketplace | {"name": name}))
    assert client.plugin("marketplace", "add", str(copy)).status == 0
    return name
