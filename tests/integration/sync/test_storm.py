"""Many deliveries for many branches: shuffled, repeated, some forged, some malformed or too large."""

import hashlib
import hmac
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from local.github.git import Git
from shared.domain.sync_event import OPEN
from tests.fixtures.people import Person
from tests.integration.sync.deliveries import SECRET, push_body, signed
from tests.integration.sync.world import World, deliver


@dataclass(frozen=True)
class Letter:
    headers: dict[str, str]
    body: bytes
    expected: tuple[int, ...]


@dataclass(frozen=True)
class Storm:
    """`heads` pushed to each of `targets`, every delivery `copies` times."""

    targets: int
    heads: int
    copies: int = 3

    @property
    def size(self) -> int:
        return self.targets * self.heads * self.copies

    def letters(self, heads: Mapping[int, list[str]], dice: random.Random) -> list[Letter]:
        good = [
            Letter(signed(body, delivery=f"{number}-{head[:12]}"), body, (202,))
            for number, pushed in heads.items()
            for head in pushed
            for body in [push_body(number, head)]
        ] * self.copies
        forged = [forge(dice.choice(good), list(heads), dice) for _ in range(self.size // 20)]
        malformed = [dice.choice(MALFORMED) for _ in range(self.size // 100)]
        letters = [*good, *forged, *malformed]
        dice.shuffle(letters)
        return letters


def forge(good: Letter, repositories: Sequence[int], dice: random.Random) -> Letter:
    """A head that nobody pushed, or a true one: under a guessed secret, another body's signature, the old one, none."""
    body = dice.choice([good.body, push_body(dice.choice(repositories), dice.randbytes(20).hex())])
    guessed, altered = signed(body, secret="guess"), good.headers | {"X-Hub-Signature-256": signed(b"{}")[SIGNATURE]}
    unsigned = {name: value for name, value in good.headers.items() if name != SIGNATURE}
    old = unsigned | {"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()}
    return Letter(dice.choice([guessed, altered, unsigned, old]), body, (401,))


SIGNATURE = "X-Hub-Signature-256"
TOO_LARGE = b"[" + b" " * (27 * 1024 * 1024)
MALFORMED = [
    *(Letter(signed(body), body, (400,)) for body in (b"garbage", b"{}", b"[" * 5_000, b'{"ref":"refs/heads/main"}')),
    Letter(signed(b""), TOO_LARGE, (413,)),
]


def prepare(world: World, owner: Person, storm: Storm) -> dict[int, list[str]]:
    """Repositories with their pushes made, of which nobody has heard."""
    connected = world.connect(owner, {"README.md": "x"}, mappings=[])
    heads: dict[int, list[str]] = {}
    for number in range(storm.targets):
        name = f"acme/storm-{number}"
        repository = world.github.add_repository(name, {"README.md": "x"})
        target = world.track(connected, connected.instance_id, name)
        world.map_target(connected, target.id, "/commands/", "command")
        heads[repository.id] = push_all(repository.git, [f"Go {turn} of {number}.\n" for turn in range(storm.heads)])
    return heads


def push_all(git: Git, texts: Sequence[str]) -> list[str]:
    """A commit for each text, in one go: thousands of pushes would be thousands of git processes, many times over."""
    stream = "".join(
        f"commit refs/heads/main\ncommitter Ann <ann@example.com> {1_700_000_000 + turn} +0000\ndata 4\nPush\n"
        + ("from refs/heads/main^0\n" if turn == 0 else "")
        + f"M 100644 inline commands/go.md\ndata {len(text)}\n{text}\n"
        for turn, text in enumerate(texts)
    )
    git.run("fast-import", "--quiet", stdin=stream.encode())
    return git.run("rev-list", "--reverse", f"--max-count={len(texts)}", "refs/heads/main").decode().split()


def blow(world: World, owner: Person, storm: Storm) -> Counter[int]:
    """Deliver everything, work until it is quiet, and hold the end against the branches."""
    heads = prepare(world, owner, storm)
    letters = storm.letters(heads, random.Random(7))

    answers = [deliver(letter.headers, letter.body)["statusCode"] for letter in letters]
    world.clock.advance(seconds=30)
    world.queue.drain()

    assert all(answer in letter.expected for answer, letter in zip(answers, letters, strict=True))
    events = world.rows.events()
    assert len(events) == len({(one.target_id, one.revision) for one in events}) == storm.targets * storm.heads
    assert not [one for one in events if one.status in OPEN]
    synced = {one.repository_id: one.last_synced_revision for one in world.rows.targets() if one.mappings_changed_at}
    assert synced == {number: pushed[-1] for number, pushed in heads.items()}
    objects = world.rows.all_objects()
    assert {len(world.versions(one)) for one in objects} == {1}
    last = {f"Go {storm.heads - 1} of {number}.\n".encode() for number in range(storm.targets)}
    assert {content for one in objects for content, _ in world.files(one).values()} == last
    return Counter(answers)


def test_a_storm_of_deliveries_leaves_every_branch_in_sync(world: World, alice: Person) -> None:
    answers = blow(world, alice, Storm(targets=10, heads=5))

    assert (answers[202], answers[401], answers[400] + answers[413]) == (150, 7, 1)


@pytest.mark.benchmark
@pytest.mark.parametrize("storm", [Storm(targets=20, heads=16), Storm(targets=50, heads=67)], ids=["1000", "10000"])
def test_a_storm_of_thousands_of_deliveries(world: World, alice: Person, storm: Storm) -> None:
    answers = blow(world, alice, storm)

    print(f"\n{answers.total()} deliveries: {dict(answers)}")
