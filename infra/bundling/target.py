"""What a bundle is made for: an interpreter, its platform, and who can compile bytecode for it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LAMBDA_PYTHON = "3.13"
# Lambda's python3.13 runs on Amazon Linux 2023 (glibc 2.34), which takes wheels up to manylinux_2_34.
LAMBDA_PLATFORM = "aarch64-manylinux_2_28"

_TELL_IDENTITY = (
    "import sys, sysconfig; print(sys.implementation.cache_tag, sysconfig.get_platform(), sys.version.split()[0])"
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a bundle will run.

    `identity` says what has to be equal for two bundles to be equal; `install_arguments` choose the wheels;
    `compiler` is an interpreter of the same version, or None where this machine has none.
    """

    name: str
    identity: str
    install_arguments: tuple[str, ...]
    compiler: str | None


def lambda_target() -> Target:
    """Lambda's own interpreter, on arm64.

    Without a Python of its version on this machine the bundle carries no bytecode: it works, but starts
    about 2.5 times slower, since Lambda compiles each module at every start.
    """
    compiler = _find_python(LAMBDA_PYTHON)
    bytecode = _identity(compiler) if compiler else "no bytecode"
    return Target(
        name="lambda",
        identity=f"cpython-{LAMBDA_PYTHON} {LAMBDA_PLATFORM} {bytecode}",
        install_arguments=("--python-version", LAMBDA_PYTHON, "--python-platform", LAMBDA_PLATFORM),
        compiler=compiler,
    )


def local_target(python: str = "") -> Target:
    """The interpreter that the emulator runs functions on: `python`, or the one running this."""
    interpreter = python or sys.executable
    return Target(
        name="local",
        identity=_identity(interpreter),
        install_arguments=("--python", interpreter),
        compiler=interpreter,
    )


def _find_python(version: str) -> str | None:
    """An interpreter of exactly this minor version: the running one, one on the PATH, or pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [
        sys.executable,
        shutil.which(f"python{version}"),
        *sorted(map(str, pyenv.glob(f"{version}.*/bin/python"))),
    ]
    return next((each for each in candidates if each and _version(each) == version), None)


def _version(interpreter: str) -> str | None:
    # A pyenv shim is on the PATH for versions that are not chosen here, and then fails.
    tell = [interpreter, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    answer = subprocess.run(tell, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else None


def _identity(interpreter: str) -> str:
    tell = [interpreter, "-c", _TELL_IDENTITY]
    return subprocess.run(tell, capture_output=True, text=True, check=True).stdout.strip()
