"""Archives that tests hand in, well made and otherwise."""

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Mapping

from tests.unit.admin.contents import AGENT, SKILL

PLUGIN = {
    ".claude-plugin/plugin.json": '{"name": "reviews"}',
    "skills/deploy/SKILL.md": SKILL,
    "skills/deploy/scripts/run.sh": "echo hi\n",
    "agents/reviewer.md": AGENT,
    "commands/ship.md": "---\ndescription: Ships.\n---\nShip $1.\n",
    ".mcp.json": '{"mcpServers": {"db": {"command": "db"}, "web": {"url": "https://mcp.example"}}}',
}


def zipped(files: Mapping[str, str | bytes], mode: int = 0o644) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path)
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | (0o755 if path.endswith(".sh") else mode)) << 16
            archive.writestr(entry, text)
    return buffer.getvalue()


def tarred(files: Mapping[str, str | bytes], *more: tarfile.TarInfo) -> bytes:
    """`more` are entries without content, such as links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            entry.mode = 0o755 if path.endswith(".sh") else 0o644
            archive.addfile(entry, io.BytesIO(data))
        for entry in more:
            archive.addfile(entry)
    return buffer.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def zipped_link(name: str, target: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("skills/deploy/SKILL.md", SKILL)
        entry = zipfile.ZipInfo(name)
        entry.create_system = 3
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, target)
    return buffer.getvalue()


def bombed(size: int) -> bytes:
    """A zip of zeros that unpacks to so many bytes, in files that are each within bounds."""
    return zipped({f"skills/bomb/{number}": bytes(2**20) for number in range(size // 2**20)})


def gzip_bomb(size: int) -> bytes:
    """One gzip member of zeros: no tar at all, but that shows only once it is unpacked."""
    return gzip.compress(bytes(size))
