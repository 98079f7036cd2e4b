"""The forms in which a plugin can be downloaded, by the client that is to unpack it."""

from collections.abc import Mapping
from enum import StrEnum

from shared.domain.rendering import claude_code, codex, opencode
from shared.domain.rendering.archive import write_tar_gz, write_zip
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.tree import FileTree, TreeFile


class Client(StrEnum):
    """`raw` is for programs that place the files themselves, by the manifest's install paths."""

    CLAUDE_CODE = claude_code.CLIENT
    OPENCODE = opencode.CLIENT
    CODEX = codex.CLIENT
    RAW = "raw"


class ArchiveFormat(StrEnum):
    ZIP = "zip"
    TAR_GZ = "tar.gz"

    @property
    def media_type(self) -> str:
        return "application/zip" if self is ArchiveFormat.ZIP else "application/gzip"

    def write(self, files: FileTree) -> bytes:
        return write_zip(files) if self is ArchiveFormat.ZIP else write_tar_gz(files)


def render_plugin(manifest: Manifest, client: Client, version: str, contents: Mapping[str, bytes]) -> FileTree:
    """The plugin's files as `client` wants them; raw is one folder per config object, named by its id."""
    if client is Client.CLAUDE_CODE:
        return claude_code.plugin_tree(manifest, manifest.name, version, contents)
    if client is Client.CODEX:
        return codex.plugin_tree(manifest, manifest.name, version, contents)
    if client is Client.OPENCODE:
        return opencode.plugin_tree(manifest, contents)
    raw = ((item, render_item(item, contents)) for item in manifest.items)
    return {f"{item.config_object_id}/{path}": file for item, files in raw for path, file in files.items()}


def render_item(item: Item, contents: Mapping[str, bytes]) -> FileTree:
    """One object's files with the paths that its manifest item names."""
    return {file.path: TreeFile(contents[file.sha256], file.mode) for file in item.delivered.files}
