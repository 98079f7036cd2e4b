"""Files built once per digest of their inputs, safe to share between builds that run at the same time."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

# Enough to switch between two branches; without a limit every edit would leave tens of megabytes behind.
_KEPT = 2


def digest_of(*parts: str) -> str:
    """The hex sha256 of an ordered list of texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def digest_of_files(files: Iterable[Path], root: Path) -> str:
    """The hex sha256 of files' places below `root` and their contents."""
    hashed = (f"{file.relative_to(root)}={hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)
    return digest_of(*hashed)


def built_once(folder: Path, name: str, digest: str, build: Callable[[Path], None]) -> Path:
    """The zip of this name and digest in `folder`; `build` writes it when it is not there yet.

    It appears whole or not at all. Only the newest few digests of a name are kept.
    """
    path = folder / f"{name}-{digest[:16]}.zip"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as drafts:
            draft = Path(drafts) / path.name
            build(draft)
            draft.rename(path)
        _forget_older(folder, name)
    return path


def _forget_older(folder: Path, name: str) -> None:
    newest_first = sorted(folder.glob(f"{name}-*.zip"), key=lambda zipped: zipped.stat().st_mtime, reverse=True)
    for outdated in newest_first[_KEPT:]:
        outdated.unlink(missing_ok=True)
