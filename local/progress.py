"""What the laptop stack says while it works: one line per step, with the time it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took once it is done."""
    print(f"  {what} …", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def say(line: str = "") -> None:
    print(line, flush=True)
