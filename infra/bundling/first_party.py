"""Which of our own files a function carries: what functions share, and its own folder."""

import shutil
from collections.abc import Iterable
from pathlib import Path


def function_files(root: Path, function: str) -> list[Path]:
    """Files of one function below `root`, sorted: `shared/`, `functions/__init__.py`, `functions/<name>/`."""
    folders = (root / "shared", root / "functions" / function)
    found = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    carried = [file for file in found if "__pycache__" not in file.parts]
    return sorted([root / "functions" / "__init__.py", *carried])


def copy_files(files: Iterable[Path], root: Path, into: Path) -> None:
    """Copy files to the same places below `into` that they have below `root`."""
    for file in files:
        copy = into / file.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
