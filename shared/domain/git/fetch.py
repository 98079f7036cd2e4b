"""What a client asks of a fetch and what follows from it, whichever protocol carries the words."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from shared.domain.git.pack import write_pack
from shared.domain.git.pkt_line import FLUSH, MAX_DATA, ProtocolError, packet
from shared.domain.git.refs import Refs, is_commit_id

PackFor = Callable[[tuple[str, ...]], bytes]
"""The pack with everything that these commits (sorted, at least one) need; called only to send it."""

OBJECT_FORMAT = "object-format=sha1"

_EMPTY_PACK = write_pack(())
_INFINITE_DEPTH = 0x7FFF_FFFF
_DEPTH = re.compile(r"[1-9][0-9]{0,9}")
_IDS = frozenset({"want", "have", "shallow"})
_FLAGS = frozenset({"done", "thin-pack", "no-progress", "include-tag", "ofs-delta", "deepen-relative"})
_REFUSED = {
    "filter": "partial clones are not supported: repeat without --filter",
    "deepen-since": "history has one commit: repeat without --shallow-since",
    "deepen-not": "history has one commit: repeat without --shallow-exclude",
}
_PACK_BAND = b"\x01"


@dataclass(frozen=True, slots=True)
class Fetch:
    """The arguments of a fetch; `depth` is None when the client takes the whole history."""

    wants: tuple[str, ...]
    haves: tuple[str, ...]
    shallow: tuple[str, ...]
    depth: int | None
    flags: frozenset[str]

    @classmethod
    def parse(cls, lines: Iterable[str]) -> "Fetch":
        """Read `want <id>`, `have <id>`, `shallow <id>`, `deepen <n>` and the flags, in any order."""
        ids: dict[str, dict[str, None]] = {word: {} for word in _IDS}
        depth: int | None = None
        flags = set()
        for line in lines:
            word, _, value = line.partition(" ")
            if word in _IDS:
                ids[word][_commit_id(value, line)] = None
            elif word == "deepen":
                depth = _depth(value)
            elif line in _FLAGS:
                flags.add(line)
            else:
                raise ProtocolError(_REFUSED.get(word) or f"unexpected line: {line[:80]!r}")
        return cls(tuple(ids["want"]), tuple(ids["have"]), tuple(ids["shallow"]), depth, frozenset(flags))

    @property
    def done(self) -> bool:
        return "done" in self.flags

    def common(self, refs: Refs) -> list[str]:
        """The commits that client and server both have, in the client's order."""
        known = frozenset(refs.commits.values())
        return [each for each in self.haves if each in known]

    def shallow_changes(self, refs: Refs) -> bytes:
        """The `shallow` and `unshallow` packets that a `deepen` earns.

        A commit without parents is still cut off at depth 1, and whole beyond it, as in git's own
        `get_shallow_commits`; an id unknown here is left as the client has it.
        """
        if self.depth is None:
            return b""
        if self.depth == 1 and "deepen-relative" not in self.flags:
            cut = frozenset(self.shallow)
            return b"".join(packet(f"shallow {each}".encode()) for each in self.wants if each not in cut)
        whole = frozenset(refs.commits.values() if self.depth == _INFINITE_DEPTH else self.wants)
        return b"".join(packet(f"unshallow {each}".encode()) for each in self.shallow if each in whole)

    def pack(self, pack_for: PackFor) -> bytes:
        """The pack of what is wanted and not had: an empty one, built here, when nothing is missing."""
        missing = sorted(set(self.wants) - set(self.haves))
        return pack_for(tuple(missing)) if missing else _EMPTY_PACK


def refuse_unknown_wants(fetch: Fetch, refs: Refs) -> None:
    """What a ref names may be fetched, and what is kept for who had it: all else may be nobody's any more."""
    offered = frozenset(refs.commits.values())
    for each in fetch.wants:
        if each not in offered and not refs.keeps(each):
            raise ProtocolError(f"upload-pack: not our ref {each}")


def refuse_foreign_format(capabilities: Iterable[str]) -> None:
    """The client's `object-format`, where it names one, has to be the server's."""
    for each in capabilities:
        if each.startswith("object-format=") and each != OBJECT_FORMAT:
            raise ProtocolError(f"mismatched object format {each[:80]!r}: this server has {OBJECT_FORMAT}")


def side_band(pack: bytes) -> Iterator[bytes]:
    """The pack in packets of band 1, each as full as side-band-64k allows, then a flush."""
    size = MAX_DATA - len(_PACK_BAND)
    for start in range(0, len(pack), size):
        yield packet(_PACK_BAND + pack[start : start + size])
    yield FLUSH


def _commit_id(value: str, line: str) -> str:
    if not is_commit_id(value):
        raise ProtocolError(f"expected an object id of 40 hex digits, not {line[:80]!r}")
    return value


def _depth(value: str) -> int:
    if not _DEPTH.fullmatch(value):
        raise ProtocolError(f"invalid depth: {value[:20]!r}")
    return int(value)
