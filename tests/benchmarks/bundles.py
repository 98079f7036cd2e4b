"""Built bundles, unpacked as Lambda unpacks them, beside a bare echo function."""

import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from infra.bundling.bundle import ROOT, Bundler
from infra.bundling.bytecode import compile_tree
from infra.bundling.target import local_target
from tests.benchmarks.runtime_api import RunningFunction, start

ECHO = "echo"
_RUNTIME = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_EC2_METADATA_DISABLED": "true",
    "DEPOT_TABLE": "depot",
    "DEPOT_BUCKET": "depot-content",
    "DEPOT_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/depot-sync.fifo",
    "DEPOT_CURSOR_SECRET": "cursor",
    "DEPOT_WEBHOOK_SECRET": "webhook",
}


@dataclass(frozen=True)
class Unpacked:
    """A function ready to start: its folder, and the megabytes of its zip."""

    name: str
    folder: Path
    megabytes: float


@dataclass
class Shelf:
    """Builds and unpacks below `folder`, each function once; starts them under awslambdaric."""

    folder: Path
    unpacked: dict[str, Unpacked] = field(default_factory=dict)

    def function(self, name: str) -> Unpacked:
        if name not in self.unpacked:
            self.unpacked[name] = self._echo() if name == ECHO else self._built(name)
        return self.unpacked[name]

    @contextmanager
    def running(self, name: str, entry: str = "", **environment: str) -> Iterator[RunningFunction]:
        """`entry` names another module than the function's own."""
        function = self.function(name)
        module = entry or ("echo" if name == ECHO else f"functions.{name}.handler")
        # Without the site's packages: what a bundle lacks must be missing here, and what they load is no one's gain.
        interpreter = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
        command = [str(interpreter), "-S", "-m", "awslambdaric", f"{module}.handler"]
        told = {**_ENVIRONMENT, "PYTHONPATH": str(self._runtime()), "LAMBDA_TASK_ROOT": str(function.folder)}
        started = start(command, told | environment, str(function.folder))
        try:
            yield started
        finally:
            started.stop()

    def _runtime(self) -> Path:
        """What Lambda itself brings, and what lets AWS answer from a recording."""
        runtime = self.folder / "runtime"
        if not runtime.exists():
            runtime.mkdir()
            for name in _RUNTIME:
                spec = find_spec(name)
                if spec is None or spec.origin is None:
                    continue
                origin = Path(spec.origin)
                if spec.submodule_search_locations:
                    shutil.copytree(origin.parent, runtime / name)
                else:
                    shutil.copy(origin, runtime)
            for name in ("recording.py", "replayed.py"):
                shutil.copy(Path(__file__).with_name(name), runtime)
            compile_tree(runtime, local_target())
        return runtime

    def _built(self, name: str) -> Unpacked:
        bundle = Bundler(local_target(), ROOT).build(name).path
        folder = self.folder / name
        with zipfile.ZipFile(bundle) as archive:
            archive.extractall(folder)
        return Unpacked(name, folder, bundle.stat().st_size / 1e6)

    def _echo(self) -> Unpacked:
        folder = self.folder / ECHO
        folder.mkdir()
        (folder / "echo.py").write_text("def handler(event, context):\n    return event\n")
        compile_tree(folder, local_target())
        return Unpacked(ECHO, folder, 0.0)
