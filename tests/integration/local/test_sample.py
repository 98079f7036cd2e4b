"""The sample plugin repository is what its README says, and every client would load it without a complaint."""

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from local.synth import ROOT
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import ParsedUnit
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Severity
from shared.domain.discovery.candidate import Candidate
from tests.unit.domain.discovery.reading import discover

SAMPLE = ROOT / "examples" / "plugin-repository"


def read(path: Path) -> SourceFile:
    executable = bool(path.stat().st_mode & 0o100)
    return SourceFile(path.relative_to(SAMPLE).as_posix(), path.read_bytes(), 0o100755 if executable else 0o100644)


@pytest.fixture(scope="module")
def files() -> dict[str, SourceFile]:
    found = [read(path) for path in sorted(SAMPLE.rglob("*")) if path.is_file()]
    return {file.path: file for file in found}


def found(files: dict[str, SourceFile]) -> Candidate:
    (candidate,) = discover({path: file.data.decode() for path, file in files.items()}).candidates
    return candidate


def parsed(files: dict[str, SourceFile]) -> Iterator[tuple[str, ParsedUnit]]:
    for mapping in found(files).mappings:
        name = mapping.object_type
        kind = config_type(name)
        selected = [path for path in files if fnmatch(f"/{path}", mapping.selector.replace("**/", "*"))]
        for unit in kind.units_from(selected, files.values()).units:
            own = [SourceFile(unit.relative(path), files[path].data, files[path].mode) for path in unit.file_paths]
            for part, content in kind.split(unit, own).units:
                yield name, kind.parse_unit(part, content)


def test_the_sample_holds_what_its_readme_lists(files: dict[str, SourceFile]) -> None:
    kinds = Counter(name for name, _ in parsed(files))

    assert kinds == {"skill": 3, "agent": 2, "command": 2, "mcp": 2}


def test_nothing_in_the_sample_draws_a_warning(files: dict[str, SourceFile]) -> None:
    remarks = [remark for _, unit in parsed(files) for remark in unit.diagnostics]

    assert [remark for remark in remarks if remark.severity != Severity.INFO] == []


def test_the_samples_script_is_executable(files: dict[str, SourceFile]) -> None:
    assert files["skills/audit-dependencies/scripts/compare_locks.py"].mode == 0o100755
