"""Time and ids come in from outside."""

from datetime import UTC, datetime, timedelta

from shared.domain.ids import has_prefix, make_id, time_of
from shared.services.mint import Mint

AT = datetime(2026, 1, 1, 0, 0, 0, 123_000, tzinfo=UTC)


def mint(at: datetime = AT, bits: int = 7) -> Mint:
    return Mint(lambda: at, lambda _: bits)


def test_an_id_carries_the_mints_time_and_randomness() -> None:
    assert mint().new_id("plg") == make_id("plg", 1_767_225_600_123, 7)


def test_the_first_of_a_row_is_a_new_id() -> None:
    assert mint().id_after(None, "ver") == mint().new_id("ver")


def test_the_next_of_a_row_is_greater_though_the_clock_went_back() -> None:
    previous = mint().new_id("ver")

    following = mint(AT - timedelta(hours=1)).id_after(previous, "ver")

    assert following > previous
    assert has_prefix(following, "ver")
    assert time_of(following) == time_of(previous)
