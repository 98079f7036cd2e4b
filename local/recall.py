"""After the emulator was killed: what it forgot since its last orderly stop is read again from where it came."""

from collections.abc import Iterator
from typing import Final

from local import follow
from local.api import Api, RefusedError
from local.memory import Memory

TARGET: Final = "target "
_NOT_FOUND: Final = 404


def read_again(api: Api, org: str, memory: Memory) -> None:
    """Sync every repository that was connected; one whose connection was forgotten may be connected anew."""
    for event_id in list(_resynced(api, org, memory)):
        follow.await_event(api, org, event_id)


def _resynced(api: Api, org: str, memory: Memory) -> Iterator[str]:
    for step in memory.steps(TARGET):
        try:
            yield api.post(f"{org}/connector-targets/{memory.get(step)}/resync")["job"]["id"]
        except RefusedError as refused:
            if refused.status != _NOT_FOUND:
                raise
            memory.drop(step)
