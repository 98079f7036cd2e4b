"""The same tree, pushed or handed in as an archive, becomes the same objects."""

import json

from shared.domain.config_object import ConfigObject
from shared.domain.errors import DepotError
from tests.fixtures.people import Person
from tests.integration.sync.files import BOMB, command, servers, skill
from tests.integration.sync.world import World
from tests.unit.admin.archives import zipped

FILES = {
    "skills/deploy/SKILL.md": skill("deploy"),
    "skills/deploy/references/more.md": "More.\n",
    "skills/other-folder/SKILL.md": skill("Another Name"),
    "skills/bare/SKILL.md": "No frontmatter at all.\n",
    "skills/lfs/SKILL.md": skill("lfs"),
    "skills/lfs/model.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n",
    "agents/reviewer.md": "---\nname: reviewer\ntools: Read, Grep\n---\nReview.\n",
    "agents/README.md": "Agents.\n",
    "commands/review/diff.md": command("Review"),
    "commands/loose.md": "---\ndescription: a: b: c\n---\nLoose.\n",
    ".mcp.json": servers("db", "web"),
}


def test_an_import_makes_what_a_sync_makes(world: World, alice: Person) -> None:
    connected = world.connect(alice, FILES)
    world.resync(connected)
    synced = {locator: _facts(one) for locator, one in world.rows.objects().items()}

    archive = zipped({f"tools-4f2a/{path}": text for path, text in FILES.items()})
    imported = world.depot.imports.import_archive(connected.actor, archive, [])

    assert len(synced) == 10
    assert {each.found.unit.locator: _facts(each.outcome) for each in imported.units} == synced


def test_what_a_sync_keeps_as_broken_an_import_refuses_for_the_same_reason(world: World, alice: Person) -> None:
    files = {"skills/broken/SKILL.md": BOMB}
    connected = world.connect(alice, files)
    world.resync(connected)
    [broken] = world.rows.objects().values()

    [unit] = world.depot.imports.import_archive(connected.actor, zipped(files), []).units

    assert isinstance(unit.outcome, DepotError)
    assert unit.prepared.diagnostics == tuple(broken.diagnostics)


def _facts(entity: ConfigObject | DepotError) -> str:
    """All that follows from content, in a form that shows where two differ."""
    assert isinstance(entity, ConfigObject)
    names = (
        "type title slug description description_derived head_digest projection search_text diagnostics relative_path "
        "file_name extension"
    ).split()
    return json.dumps({name: getattr(entity, name) for name in names}, default=str, sort_keys=True)
