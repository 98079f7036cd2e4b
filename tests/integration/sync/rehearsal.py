"""One run that can be repeated from the same state, undisturbed or stopped anywhere."""

from typing import Any

import pytest

from local.github.writing import Files
from tests.fixtures.people import Person
from tests.integration.sync.files import BOMB, servers, skill
from tests.integration.sync.snapshots import Snapshot, require_whole_objects, state
from tests.integration.sync.stopping import Stopped, living
from tests.integration.sync.world import World

BEFORE: Files = {
    **{f"commands/old{number:02d}.md": f"Do {number}.\n" for number in range(12)},
    **{f"agents/a{number:02d}.md": f"Be {number}.\n" for number in range(14)},
    ".mcp.json": servers("search", "tickets"),
    "skills/review/SKILL.md": skill("review"),
    "skills/review/notes.md": "Notes.\n",
}
CHANGES: Files = {
    **{f"commands/new{number:02d}.md": f"Do {number}.\n" for number in range(14)},
    **{f"commands/old{number:02d}.md": None for number in range(10)},
    **{f"agents/a{number:02d}.md": f"Be more {number}.\n" for number in range(14)},
    ".mcp.json": servers("search", "mail", "calendar"),
    "skills/review/notes.md": "Better notes.\n",
    "skills/broken/SKILL.md": BOMB,
    "commands/old10.md": None,
    "commands/renamed.md": "Do 10.\n",
    "commands/old11.md": BOMB,
}
"""50 changes: created, updated, deleted, renamed, broken."""


class Rehearsal:
    """One received message, whose run can be repeated from the same state as often as wanted."""

    def __init__(self, world: World, owner: Person, changes: Files = CHANGES) -> None:
        self.world = world
        connected = world.connect(owner, BEFORE)
        world.resync(connected)
        world.push(changes)
        [self.record] = world.queue.receive()
        self.before = Snapshot(world.rows)

    def run(self, calls: int | None = None) -> int:
        """The worker receives the message; how many calls it made."""
        with living(self.world, calls) as lifetime:
            assert self.world.queue.hand_over([self.record]) == []
        return lifetime.used

    def start_over(self) -> None:
        """Everything as it was, the message in its queue again."""
        self.before.put_back()
        self.world.queue.release([self.record])

    def undisturbed(self) -> tuple[int, Any]:
        self.before.put_back()
        return self.run(), state(self.world.rows)

    def stopped_after(self, calls: int) -> Any:
        """Stop the run, look at what it left, and let it be received again."""
        self.before.put_back()
        with pytest.raises(Stopped):
            self.run(calls)
        require_whole_objects(self.world.rows)
        self.run()
        return state(self.world.rows)
