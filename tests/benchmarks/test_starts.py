"""How much longer a function takes to start than one that does nothing."""

from typing import NamedTuple

import pytest

from tests.benchmarks.bundles import ECHO, Shelf

STARTS = 12
BARS_MS = {
    "webhook": 40,
    "delivery": 225,
    "admin": 255,
    "sync": 260,
    "sweep": 260,
    "index": 260,
    "audit": 260,
    "operations": 260,
}
BARS_RATIO = {
    "webhook": 2.5,
    "delivery": 9,
    "admin": 10,
    "sync": 10,
    "sweep": 10,
    "index": 10,
    "audit": 10,
    "operations": 10,
}


class Start(NamedTuple):
    """Milliseconds on the clock, which other work on the machine stretches, and of computing, which it hardly does."""

    clock: float
    cpu: float


def fastest(shelf: Shelf, names: list[str]) -> dict[str, Start]:
    """The shortest of several starts each, taken in turns, so that a busy moment meets all of them."""
    starts: dict[str, list[Start]] = {name: [] for name in names}
    for _ in range(STARTS):
        for name in names:
            with shelf.running(name) as function:
                pass
            starts[name].append(Start(function.init_ms, function.cpu_ms))
    return {name: Start(*map(min, *times)) for name, times in starts.items()}


@pytest.mark.benchmark
def test_starts(shelf: Shelf) -> None:
    names = [ECHO, *BARS_MS]
    sizes = {name: shelf.function(name).megabytes for name in names}

    starts = fastest(shelf, names)

    echo = starts[ECHO]
    print(f"\n\nFastest of {STARTS} starts over those of an echo function ({echo.clock:.0f} ms, CPU {echo.cpu:.0f} ms)")
    print("| function | init over echo | CPU over echo | bar | ratio | bar | bundle |\n|---|---|---|---|---|---|---|")
    for name, bar in BARS_MS.items():
        clock, cpu = starts[name].clock - echo.clock, starts[name].cpu - echo.cpu
        ratio, size = starts[name].clock / echo.clock, sizes[name]
        print(
            f"| {name} | {clock:.0f} ms | {cpu:.0f} ms | {bar} ms | {ratio:.1f} | {BARS_RATIO[name]} | {size:.1f} MB |"
        )
