"""A stripped library is smaller and still loads."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from infra.bundling.strip import strip


@pytest.mark.skipif(sys.platform != "linux", reason="other systems load other formats, which stay as they are")
def test_a_stripped_library_loads_without_what_debuggers_read(tmp_path: Path) -> None:
    package = shutil.copytree(Path(yaml.__file__).parent, tmp_path / "yaml")
    (library,) = package.glob("_yaml*.so")
    before = library.stat().st_size

    strip(library)

    use = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nimport yaml; yaml.load('a: 1', yaml.CSafeLoader)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", use], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert library.stat().st_size < before


@pytest.mark.parametrize("content", [b"", b"\xcf\xfa\xed\xfe Mach-O", b"\x7fELF\x01\x01 32 bits"])
def test_a_format_that_it_does_not_know_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    library = tmp_path / "library.so"
    library.write_bytes(content)

    strip(library)

    assert library.read_bytes() == content
