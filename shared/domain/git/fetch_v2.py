"""Protocol 2 (git: gitprotocol-v2): one command per request, `ls-refs` or `fetch`."""

from collections.abc import Iterator, Sequence

from shared.domain.git.fetch import Fetch, PackFor, refuse_foreign_format, refuse_unknown_wants, side_band
from shared.domain.git.pkt_line import DELIMITER, FLUSH, Marker, ProtocolError, line, packets, text_of
from shared.domain.git.refs import Refs

_LS_REFS_FLAGS = frozenset({"peel", "symrefs", "unborn"})
_MOST_PREFIXES = 256


def answer(refs: Refs, body: bytes, pack_for: PackFor) -> bytes:
    """The whole answer to one request; empty for an empty one. Raises `ProtocolError`."""
    capabilities, arguments = _read(body)
    if not capabilities:
        return b""
    command = capabilities[0].removeprefix("command=")
    refuse_foreign_format(capabilities)
    if command == "ls-refs":
        return b"".join(_list_refs(refs, arguments))
    if command == "fetch":
        return b"".join(_fetch(refs, Fetch.parse(arguments), pack_for))
    raise ProtocolError(f"invalid command {command[:80]!r}")


def _read(body: bytes) -> tuple[list[str], list[str]]:
    """Capabilities before the delimiter, arguments after it; the first flush ends the request."""
    sections: list[list[str]] = [[], []]
    section = 0
    for each in packets(body):
        if each is Marker.FLUSH:
            return sections[0], sections[1]
        if isinstance(each, bytes):
            sections[section].append(text_of(each))
        elif each is Marker.DELIMITER and section == 0:
            section = 1
        else:
            raise ProtocolError("a delimiter or response end out of place")
    if body:
        raise ProtocolError("the request ends without a flush packet")
    return [], []


def _list_refs(refs: Refs, arguments: Sequence[str]) -> Iterator[bytes]:
    flags = {each for each in arguments if not each.startswith("ref-prefix ")}
    if unknown := sorted(flags - _LS_REFS_FLAGS):
        raise ProtocolError(f"unexpected line: {unknown[0][:80]!r}")
    wanted = _prefixes(arguments)
    symref = f" symref-target:{refs.head}" if "symrefs" in flags else ""
    if refs.is_unborn and "unborn" in flags and "HEAD".startswith(wanted):
        yield line(f"unborn HEAD{symref}")
    for name, commit_id in refs.listed():
        if name.startswith(wanted):
            yield line(f"{commit_id} {name}{symref if name == 'HEAD' else ''}")
    yield FLUSH


def _prefixes(arguments: Sequence[str]) -> tuple[str, ...]:
    """The prefixes asked for; every ref if there are none, or too many to be worth comparing."""
    wanted = {each.removeprefix("ref-prefix ") for each in arguments if each.startswith("ref-prefix ")}
    return tuple(wanted) if 0 < len(wanted) <= _MOST_PREFIXES else ("",)


def _fetch(refs: Refs, fetch: Fetch, pack_for: PackFor) -> Iterator[bytes]:
    refuse_unknown_wants(fetch, refs)
    if not fetch.wants:
        return
    if fetch.haves and not fetch.done:
        yield from _acknowledgments(fetch.common(refs))
        yield DELIMITER
    if fetch.depth is not None or not set(refs.commits.values()).isdisjoint(fetch.shallow):
        yield line("shallow-info")
        yield fetch.shallow_changes(refs)
        yield DELIMITER
    yield line("packfile")
    yield from side_band(fetch.pack(pack_for))


def _acknowledgments(common: Sequence[str]) -> Iterator[bytes]:
    """Always ready: commits without parents have no better common base, so one round is enough."""
    yield line("acknowledgments")
    yield from map(line, [f"ACK {each}" for each in common] or ["NAK"])
    yield line("ready")
