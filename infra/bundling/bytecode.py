"""Compiles a tree for its target, so that no function compiles a module while somebody waits."""

import subprocess
from pathlib import Path

from infra.bundling.target import Target


def compile_tree(tree: Path, target: Target) -> None:
    """Write bytecode beside every module below `tree`, or nothing where no compiler was found.

    Unchecked: a deployed source never changes, and a zip keeps no times to compare.
    """
    if target.compiler is None:
        return
    command = [
        *(target.compiler, "-m", "compileall", "-q"),
        *("--invalidation-mode", "unchecked-hash", "-s", str(tree), str(tree)),
    ]
    subprocess.run(command, check=True)
