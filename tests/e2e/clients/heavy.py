"""Plugins that are too large together for one answer of git's, and small enough each for one of its own."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.e2e.running import RunningStack

_NAMES: Final = ("heavy-one", "heavy-two")
_BYTES: Final = 3_000_000


@contextmanager
def heavy_plugins(stack: RunningStack) -> Iterator[None]:
    """Two of them in the org's catalog meanwhile."""
    made = {name: stack.owner.post(f"{stack.org}/plugins", {"name": name})["item"]["id"] for name in _NAMES}
    mappings = [stack.map(f"/{name}/*/SKILL.md", "skill", plugin_id) for name, plugin_id in made.items()]
    files = {path: data for name in _NAMES for path, data in _skill(name).items()}
    stack.push({**files})
    try:
        yield
    finally:
        stack.push(dict.fromkeys(files))
        for mapping in mappings:
            stack.unmap(mapping)
        for plugin_id in made.values():
            stack.owner.post(f"{stack.org}/plugins/{plugin_id}/delete")


def _skill(name: str) -> dict[str, bytes]:
    """Noise does not compress."""
    folder = f"{name}/{name}-skill"
    page = f"---\nname: {name}-skill\ndescription: Weighs a lot.\n---\nHello.\n"
    return {f"{folder}/SKILL.md": page.encode(), f"{folder}/noise.bin": hashlib.shake_256(name.encode()).digest(_BYTES)}
