"""Symlinks within the repository are followed; what is reached twice is one."""

from local.github import File
from local.github.writing import Files
from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.files import skill
from tests.integration.sync.world import World

PATH = "skills/review/SKILL.md"


def link(target: str) -> File:
    return File(target.encode(), mode="120000")


def test_a_link_stands_for_the_file_or_folder_it_leads_to(world: World, alice: Person) -> None:
    world.connect(alice, {"shared/run.sh": File(b"#!/bin/sh\n", mode="100755"), "shared/docs/a.md": "A.\n"})

    links = {"run.sh": link("../../shared/run.sh"), "docs": link("../../shared/docs")}
    event = world.sync({PATH: skill("review"), **{f"skills/review/{name}": file for name, file in links.items()}})

    files = world.files(world.rows.objects()[PATH])
    assert event.status == SyncStatus.COMPLETED
    assert set(files) == {"SKILL.md", "run.sh", "docs/a.md"}
    assert files["run.sh"] == (b"#!/bin/sh\n", 0o100755)
    assert files["docs/a.md"][0] == b"A.\n"


def test_a_change_behind_a_link_is_a_version(world: World, alice: Person) -> None:
    world.connect(
        alice, {"shared/a.md": "A.\n", PATH: skill("review"), "skills/review/a.md": link("../../shared/a.md")}
    )
    world.sync({"README.md": "x"})

    event = world.sync({"shared/a.md": "B.\n"})

    assert event.counts.updated == 1
    assert world.files(world.rows.objects()[PATH])["a.md"][0] == b"B.\n"


def test_a_linked_skill_is_one_object_under_its_real_path(world: World, alice: Person) -> None:
    mappings = (("/skills/", "skill"), ("/.claude/skills/", "skill"))
    connected = world.connect(alice, {PATH: skill("review"), ".claude/skills": link("../skills")}, mappings)

    event = world.resync(connected)

    [entity] = world.rows.all_objects()
    assert (event.counts.created, entity.source and entity.source.locator) == (1, PATH)
    assert "symlink_duplicate" in {note.code for note in entity.diagnostics}


def test_an_unselected_skill_that_is_linked_to_is_taken_in_through_the_link(world: World, alice: Person) -> None:
    connected = world.connect(
        alice, {"library/review/SKILL.md": skill("review"), "skills/review": link("../library/review")}
    )

    world.resync(connected)

    assert set(world.rows.objects()) == {PATH}
    assert world.files(world.rows.objects()[PATH])["SKILL.md"][0] == skill("review").encode()


def test_one_page_of_context_under_two_names_is_one_object(world: World, alice: Person) -> None:
    files: Files = {"AGENTS.md": "# Rules\n", "CLAUDE.md": link("AGENTS.md")}
    connected = world.connect(alice, files, (("/AGENTS.md", "context"), ("/CLAUDE.md", "context")))

    world.resync(connected)

    assert set(world.rows.objects()) == {"AGENTS.md"}


def test_links_that_concern_no_unit_cost_no_call(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review"), "docs/latest": link("v2"), "bin/x": link("../y")})
    world.github.requests.clear()

    world.resync(connected)

    assert len([one for one in world.github.requests if "/blobs/" in one]) == 1


def test_a_link_is_one_call_more_and_an_unchanged_unit_is_not_fetched(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"a.md": "A.\n", PATH: skill("review"), "skills/review/a.md": link("../../a.md")})
    world.resync(connected)
    world.github.requests.clear()

    event = world.resync(connected)

    assert event.counts.skipped == 1
    assert len([one for one in world.github.requests if "/blobs/" in one]) == 1
