"""What the server says first: its protocol version, its capabilities and, for old clients, its refs."""

from shared.domain.git.fetch import OBJECT_FORMAT
from shared.domain.git.pkt_line import FLUSH, line, packet
from shared.domain.git.refs import Refs

CONTENT_TYPE = "application/x-git-upload-pack-advertisement"

_SERVICE = line("# service=git-upload-pack") + FLUSH
_AGENT = "agent=plugin-depot"
_ABSENT = "0" * 40

# Every capability here is one that fetch_v0.py honours; ofs-delta, thin-pack and include-tag only
# permit what a pack without deltas and a repository without annotated tags never do.
_V0_CAPABILITIES = (
    "side-band-64k",
    "shallow",
    "deepen-relative",
    "no-progress",
    "ofs-delta",
    "thin-pack",
    "include-tag",
    "allow-tip-sha1-in-want",
    "allow-reachable-sha1-in-want",
    OBJECT_FORMAT,
    _AGENT,
)


def protocol_version(git_protocol: str | None) -> int:
    """2 if the `Git-Protocol` header asks for it, else 0 (git: gitprotocol-http, a colon-separated list)."""
    return 2 if "version=2" in (git_protocol or "").split(":") else 0


def advertise_capabilities() -> bytes:
    """The body of `info/refs` in protocol 2: it names no ref, so it needs no content."""
    lines = ("version 2", _AGENT, "ls-refs=unborn", "fetch=shallow", OBJECT_FORMAT)
    return _SERVICE + b"".join(map(line, lines)) + FLUSH


def advertise_refs(refs: Refs) -> bytes:
    """The body of `info/refs` in protocol 0: every ref, with the capabilities behind the first one."""
    symref = () if refs.is_unborn else (f"symref=HEAD:{refs.head}",)
    capabilities = " ".join((*_V0_CAPABILITIES, *symref)).encode()
    first, *others = list(refs.listed()) or [("capabilities^{}", _ABSENT)]
    shown = [_ref(first) + b"\0" + capabilities, *map(_ref, others)]
    return _SERVICE + b"".join(packet(ref + b"\n") for ref in shown) + FLUSH


def _ref(named: tuple[str, str]) -> bytes:
    name, commit_id = named
    return f"{commit_id} {name}".encode()
