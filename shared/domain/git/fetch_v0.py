"""Protocol 0 over HTTP (git: gitprotocol-pack): wants, then haves, every request complete in itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.git.fetch import Fetch, PackFor, refuse_foreign_format, refuse_unknown_wants, side_band
from shared.domain.git.pkt_line import FLUSH, Marker, ProtocolError, line, packets, text_of
from shared.domain.git.refs import Refs


@dataclass(frozen=True, slots=True)
class _Request:
    """A fetch, the capabilities it uses, and whether the client ended its haves, with or without `done`."""

    fetch: Fetch
    capabilities: frozenset[str]
    ended: bool


def answer(refs: Refs, body: bytes, pack_for: PackFor) -> bytes:
    """The whole answer to one round: a pack only after `done`. Raises `ProtocolError`."""
    request = _read(body)
    refuse_unknown_wants(request.fetch, refs)
    return b"".join(_fetch(refs, request, pack_for)) if request.fetch.wants else b""


def _read(body: bytes) -> _Request:
    lines: list[str] = []
    flushes = 0
    for each in packets(body):
        if isinstance(each, Marker):
            if each is not Marker.FLUSH:
                raise ProtocolError("a delimiter or response end out of place")
            flushes += 1
        else:
            lines.append(text_of(each))
        if flushes == 2 or lines[-1:] == ["done"]:
            break
    if not flushes:
        raise ProtocolError("the request ends without a flush packet")
    return _request(lines, ended=flushes == 2)


def _request(lines: list[str], *, ended: bool) -> _Request:
    """Capabilities stand behind the first want: `want <id> <capability> …`."""
    capabilities: list[str] = []
    if lines and lines[0].startswith("want "):
        want, commit_id, *capabilities = lines[0].split(" ")
        lines = [f"{want} {commit_id}", *lines[1:]]
    refuse_foreign_format(capabilities)
    relative = ["deepen-relative"] if "deepen-relative" in capabilities else []
    return _Request(Fetch.parse([*lines, *relative]), frozenset(capabilities), ended)


def _fetch(refs: Refs, request: _Request, pack_for: PackFor) -> Iterator[bytes]:
    fetch = request.fetch
    if fetch.depth is not None:
        yield fetch.shallow_changes(refs)
        yield FLUSH
    if not (fetch.done or request.ended):
        return
    common = fetch.common(refs)
    yield line(f"ACK {common[0]}" if common else "NAK")
    if fetch.done:
        pack = fetch.pack(pack_for)
        yield from side_band(pack) if "side-band-64k" in request.capabilities else (pack,)
