"""What a process keeps is bounded by its weight, and the least recently used goes first."""

from shared.services.delivery_memory import Memory


def test_the_least_recently_used_is_forgotten() -> None:
    memory: Memory[bytes] = Memory(10, len)
    memory.put("a", b"aaaa")
    memory.put("b", b"bbbb")
    memory.get("a")

    memory.put("c", b"cccc")

    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (b"aaaa", None, b"cccc")


def test_what_outweighs_everything_is_not_kept_and_drives_nothing_out() -> None:
    memory: Memory[bytes] = Memory(10, len)
    memory.put("a", b"aaaa")

    assert memory.put("large", bytes(11)) == bytes(11)
    assert (memory.get("large"), memory.get("a")) == (None, b"aaaa")


def test_a_name_that_is_known_weighs_once() -> None:
    memory: Memory[bytes] = Memory(10, len)

    for _ in range(5):
        memory.put("a", b"aaaa")
    memory.put("b", b"bbbb")

    assert memory.get("a") == b"aaaa"
