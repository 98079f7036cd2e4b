"""Builds one function's zip from its lock file and its sources, or finds it already built."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from infra.bundling.archive import add_tree
from infra.bundling.bytecode import compile_tree
from infra.bundling.cache import built_once, digest_of, digest_of_files
from infra.bundling.dependencies import install, lock_file
from infra.bundling.first_party import copy_files, function_files
from infra.bundling.prune import prune
from infra.bundling.target import Target

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A function's zip, and the hex sha256 of everything that it was made from."""

    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Bundler:
    """Builds bundles for one target; `root` holds the sources, `cache` what was built before."""

    target: Target
    root: Path = ROOT
    cache: Path = ROOT / ".build"

    def build(self, function: str) -> Bundle:
        """Bundle a function by its name. Equal inputs give an equal digest, and no work the second time.

        Raises InstallError when its locked dependencies cannot be installed.
        """
        dependencies = self._build_dependencies(lock_file(self.root, function))
        files = function_files(self.root, function)
        digest = digest_of(dependencies.digest, digest_of_files(files, self.root))

        def assemble(draft: Path) -> None:
            shutil.copyfile(dependencies.path, draft)
            with tempfile.TemporaryDirectory() as folder:
                copy_files(files, self.root, Path(folder))
                compile_tree(Path(folder), self.target)
                add_tree(draft, Path(folder))

        return Bundle(built_once(self.cache, f"{function}-{self.target.name}", digest, assemble), digest)

    def _build_dependencies(self, lock: Path) -> Bundle:
        own_rules = sorted(Path(__file__).parent.glob("*.py"))
        digest = digest_of(self.target.identity, lock.read_text(), digest_of_files(own_rules, ROOT))

        def assemble(draft: Path) -> None:
            with tempfile.TemporaryDirectory() as folder:
                install(lock, self.target, Path(folder))
                prune(Path(folder))
                compile_tree(Path(folder), self.target)
                add_tree(draft, Path(folder))

        name = f"dependencies-{lock.stem}-{self.target.name}"
        return Bundle(built_once(self.cache, name, digest, assemble), digest)
