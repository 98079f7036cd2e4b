"""Requests as git clients word them, and answers taken apart."""

from dataclasses import dataclass

from shared.domain.git.pkt_line import DELIMITER, FLUSH, Marker, line, packets

UNKNOWN = "f" * 40


def v2(command: str, *arguments: str) -> bytes:
    head = line(f"command={command}") + line("agent=test") + line("object-format=sha1")
    return head + DELIMITER + b"".join(map(line, arguments)) + FLUSH


def v0(wants: list[str], *rest: str) -> bytes:
    """Wants and depths, a flush, then the rest, in which an empty text is a flush."""
    first = b"".join(map(line, wants)) + FLUSH
    return first + b"".join(line(each) if each else FLUSH for each in rest)


@dataclass(frozen=True)
class Answer:
    """What is said before the pack, and the pack itself, out of its side band; None if none is sent."""

    said: list[bytes | Marker]
    pack: bytes | None

    @property
    def objects(self) -> int | None:
        return None if self.pack is None else int.from_bytes(self.pack[8:12], "big")

    @classmethod
    def of(cls, body: bytes) -> "Answer":
        if (start := body.find(b"PACK")) >= 0 and body[start - 1] != 1:
            return cls(list(packets(body[:start])), body[start:])
        read = list(packets(body))
        banded = [each for each in read if isinstance(each, bytes) and each[:1] in (b"\1", b"\2")]
        said = [each for each in read if each not in banded]
        pack = b"".join(each[1:] for each in banded if each[:1] == b"\1")
        return cls(said, pack) if banded else cls(said, None)
