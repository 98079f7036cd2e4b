"""Time and ids for use cases: both come in from outside, so that a test can say what they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.ids import RANDOM_BITS, id_after, make_id


@dataclass(frozen=True, slots=True)
class Mint:
    """`now` gives UTC with milliseconds; `random_bits(n)` gives n unpredictable bits."""

    now: Callable[[], datetime]
    random_bits: Callable[[int], int]

    def new_id(self, prefix: str) -> str:
        return make_id(prefix, self._milliseconds(), self.random_bits(RANDOM_BITS))

    def id_after(self, previous: str | None, prefix: str) -> str:
        """Greater than `previous`, whatever this machine's clock says."""
        if previous is None:
            return self.new_id(prefix)
        return id_after(previous, self._milliseconds(), self.random_bits(RANDOM_BITS))

    def _milliseconds(self) -> int:
        return int(self.now().timestamp() * 1000)
