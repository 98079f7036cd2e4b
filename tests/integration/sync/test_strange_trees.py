"""Trees that git allows and people, tools or attackers make: each file fails alone, and says so."""

import pytest

from local.github import File
from local.github.git import Git, GitError
from local.github.writing import Files, write_commit
from shared.domain.config_object import ObjectStatus
from shared.domain.connector import TargetHealth
from shared.domain.sync_event import SyncEvent, SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.files import command, skill
from tests.integration.sync.world import REPOSITORY, Connected, World

PATH, BESIDE = "skills/review/SKILL.md", "commands/deploy.md"
GOOD: Files = {PATH: skill("review"), BESIDE: command("Deploy")}


@pytest.fixture
def connected(world: World, alice: Person) -> Connected:
    """A repository of two good objects, synced."""
    connected = world.connect(alice, GOOD)
    world.resync(connected)
    return connected


def codes(event: SyncEvent) -> dict[str, str]:
    """Why each file failed, by its path."""
    return {failure.path: failure.code for failure in event.failures}


def notes(world: World, path: str = PATH) -> set[str]:
    return {note.code for note in world.rows.objects()[path].diagnostics}


def require_nothing_else_stopped(world: World, gone: int = 0) -> None:
    """The two good objects are delivered as ever, and no path was taken for gone."""
    objects = world.rows.objects()
    assert {objects[path].status for path in (PATH, BESIDE)} == {ObjectStatus.ACTIVE}
    assert len(world.rows.tombstones()) == gone


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("agents/link.md", File(b"../../outside.md", "120000"), "entry_not_a_file"),
        ("agents/dangling.md", File(b"nowhere.md", "120000"), "entry_not_a_file"),
        ("agents/circle.md", File(b"circle.md", "120000"), "entry_not_a_file"),
        ("skills/outside", File(b"/usr/share/skills", "120000"), "symlink_skipped"),
        ("skills/around", File(b"..", "120000"), "symlink_skipped"),
        ("skills/vendored", File(b"1" * 40, "160000"), "submodule_skipped"),
        ("agents/vendored.md", File(b"1" * 40, "160000"), "entry_not_a_file"),
        ("skills/shouting/skill.md", skill("shouting"), "skill_case"),
        ("agents/two\nlines.md", "Be kind.\n", "unsafe_path"),
        ("agents/back\\slash.md", "Be kind.\n", "unsafe_path"),
        ("agents/caf\udce9.md", "Be kind.\n", "unsafe_path"),
        ("agents/git~1/hooks.md", "Be kind.\n", "unsafe_path"),
        (f"agents/{'/'.join(['deep' * 20] * 9)}.md", "Be kind.\n", "unsafe_path"),
        (f"agents/{'long' * 64}.md", "Be kind.\n", "unsafe_path"),
    ],
)
def test_a_file_that_is_no_object_fails_by_its_name(
    world: World, connected: Connected, path: str, content: File | str, code: str
) -> None:
    event = world.sync({path: content})

    named = path.encode(errors="surrogateescape").decode(errors="replace")
    assert event.status == SyncStatus.PARTIAL
    assert codes(event) == {named: code}
    require_nothing_else_stopped(world)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("skills/review/two\nlines.md", "unsafe_path"),
        ("skills/review/caf\udce9.md", "unsafe_path"),
        ("skills/review/GIT~1/config", "unsafe_path"),
        (f"skills/review/{'/'.join(['deep' * 20] * 9)}.md", "unsafe_path"),
        ("skills/review/skill.md", "case_collision"),
    ],
)
def test_a_file_of_a_skill_that_clients_cannot_write_is_named_on_it(
    world: World, connected: Connected, path: str, code: str
) -> None:
    event = world.sync({path: "x"})

    left_out = code == "unsafe_path"
    assert event.status == SyncStatus.COMPLETED
    assert code in notes(world)
    assert len(world.files(world.rows.objects()[PATH])) == (1 if left_out else 2)
    require_nothing_else_stopped(world)


def test_quotes_and_unusual_letters_are_names_like_any_other(world: World, connected: Connected) -> None:
    odd = {f"agents/{name}.md": "Be kind.\n" for name in ('say "hi"', "größe", "日本語", "a b", "$(x)", "#1", "a;b")}

    event = world.sync(odd)

    assert (event.status, event.counts.created) == (SyncStatus.COMPLETED, len(odd))
    assert set(world.rows.objects()) == {*odd, *GOOD}


def test_names_that_differ_by_case_alone_are_objects_of_their_own(world: World, connected: Connected) -> None:
    world.map(connected, "/Skills/", "skill", connected.plugin_id)

    event = world.sync({"Skills/Review/SKILL.md": skill("Review"), "skills/Review/SKILL.md": skill("review", "Again.")})

    ours = [one for one in world.rows.all_objects() if one.type == "skill"]
    assert event.counts.created == 2
    assert len({one.id for one in ours}) == 3
    require_nothing_else_stopped(world)


def test_two_names_that_github_spells_alike_fail_and_hide_nothing(world: World, connected: Connected) -> None:
    alike = {f"agents/caf{byte}.md": "One of two.\n" for byte in ("\udce8", "\udce9")}

    event = world.sync({**alike, "agents/cafe.md": "Another.\n"})

    assert codes(event) == {"agents/caf\ufffd.md": "unsafe_path"}
    assert world.rows.objects()["agents/cafe.md"].is_delivered


@pytest.mark.parametrize("name", ["..", ".", ".git", ".GIT"])
def test_a_folder_that_leads_out_is_never_followed(world: World, connected: Connected, name: str) -> None:
    graft(world, f"skills/review/{name}/evil.md")

    world.queue.drain()

    event = world.last_event()
    assert (event.status, event.counts.failed) == (SyncStatus.COMPLETED, 0)
    assert set(world.files(world.rows.objects()[PATH])) == {"SKILL.md"}
    assert "unsafe_path" in notes(world)
    require_nothing_else_stopped(world)


def test_a_repository_without_a_commit_waits_for_one(world: World, alice: Person) -> None:
    connected = world.connect(alice, None)

    event = world.resync(connected)
    empty = world.target(connected).health
    world.sync(GOOD)

    assert (event.status, empty) == (SyncStatus.FAILED, TargetHealth.EMPTY)
    assert world.target(connected).health == TargetHealth.HEALTHY
    require_nothing_else_stopped(world)


def test_a_commit_without_files_is_a_good_head(world: World, alice: Person) -> None:
    connected = world.connect(alice, None)
    world.push({})

    world.queue.drain()
    first = world.last_event()
    world.sync(GOOD)

    assert (first.status, first.counts.created) == (SyncStatus.COMPLETED, 0)
    assert world.target(connected).health == TargetHealth.HEALTHY
    require_nothing_else_stopped(world)


def test_a_commit_that_removes_every_file_ends_every_object(world: World, connected: Connected) -> None:
    event = world.sync(dict.fromkeys(GOOD))

    assert (event.status, event.counts.deleted) == (SyncStatus.COMPLETED, 2)
    assert {one.status for one in world.rows.all_objects()} == {ObjectStatus.DELETED}


def test_a_branch_that_is_deleted_and_made_again_keeps_its_objects(world: World, connected: Connected) -> None:
    before = {path: one.id for path, one in world.rows.objects().items()}
    world.github.commit(REPOSITORY, {}, branch="other", announce=False)
    world.github.point_branch(REPOSITORY, "main", None)
    world.queue.drain()
    missing = world.target(connected).health
    require_nothing_else_stopped(world)

    other = world.github.repository(REPOSITORY).git.commit_id("refs/heads/other")
    world.github.point_branch(REPOSITORY, "main", other)
    world.queue.drain()
    event = world.sync({PATH: skill("review", "Anew.")})

    assert missing == TargetHealth.BRANCH_MISSING
    assert world.target(connected).health == TargetHealth.HEALTHY
    assert event.counts.updated == 1
    assert {path: one.id for path, one in world.rows.objects().items()} == before
    require_nothing_else_stopped(world)


def test_a_forced_push_of_another_history_is_just_another_head(world: World, connected: Connected) -> None:
    before = world.rows.objects()
    git = world.github.repository(REPOSITORY).git
    unrelated = write_commit(
        git, "orphan", {PATH: skill("review", "Of another history.")}, "Start over", world.clock().timestamp(), None
    )

    world.github.point_branch(REPOSITORY, "main", unrelated.after)
    world.queue.drain()

    event = world.last_event()
    assert (event.status, event.counts.updated, event.counts.deleted) == (SyncStatus.COMPLETED, 1, 1)
    assert world.rows.objects()[PATH].id == before[PATH].id
    assert b"another history" in world.files(world.rows.objects()[PATH])["SKILL.md"][0]
    assert [stone.locator for stone in world.rows.tombstones()] == [BESIDE]


def test_a_file_that_becomes_a_folder_and_back_is_new_each_time(world: World, connected: Connected) -> None:
    file, inside = "agents/critic.md", "agents/critic.md/kind.md"
    world.sync({file: "Be kind.\n"})
    first = world.rows.objects()[file].id

    folder = world.sync({file: None, inside: "Be kind.\n"})
    back = world.sync({inside: None, file: "Be kinder.\n"})

    assert [(event.counts.created, event.counts.deleted) for event in (folder, back)] == [(1, 1), (1, 1)]
    assert world.rows.objects()[file].id != first
    assert world.rows.objects()[file].is_delivered
    require_nothing_else_stopped(world, gone=2)


def test_a_skill_whose_folder_becomes_a_file_is_gone_until_it_is_a_folder(world: World, connected: Connected) -> None:
    first = world.rows.objects()[PATH].id

    gone = world.sync({PATH: None, "skills/review": "moved to the wiki\n"})
    back = world.sync({"skills/review": None, PATH: skill("review")})

    assert (gone.counts.deleted, back.counts.created) == (1, 1)
    assert world.rows.objects()[PATH].id != first
    require_nothing_else_stopped(world, gone=1)


def graft(world: World, path: str) -> None:
    """Push a tree that no client of git would write: one file more, at a path of whatever names."""
    git = world.github.repository(REPOSITORY).git
    *folders, name = path.split("/")
    made = git.run("hash-object", "-w", "--stdin", stdin=b"evil").decode().strip()
    line = f"100644 blob {made}\t{name}"
    for depth in range(len(folders), -1, -1):
        above = "/".join(folders[:depth])
        found = git.run("ls-tree", f"main:{above}").decode() if _exists(git, above) else ""
        kept = [one for one in found.splitlines() if one.partition("\t")[2] != line.partition("\t")[2]]
        tree = git.run("mktree", stdin="".join(f"{one}\n" for one in [*kept, line]).encode()).decode().strip()
        line = f"040000 tree {tree}\t{folders[depth - 1] if depth else ''}"
    commit = git.run(
        "-c", "user.name=x", "-c", "user.email=x@example.com", "commit-tree", tree, "-p", "main", "-m", "x"
    )
    world.github.point_branch(REPOSITORY, "main", commit.decode().strip())


def _exists(git: Git, folder: str) -> bool:
    try:
        return bool(git.run("cat-file", "-t", f"main:{folder}"))
    except GitError:
        return False
