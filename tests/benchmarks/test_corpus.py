"""Reads whole repositories as their clients would, and tells what was made of them: `make corpus CORPUS=<folder>`."""

import os
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.registry import CONFIG_TYPES
from shared.domain.config_types.unit import Unit
from shared.domain.content import SourceFile
from shared.domain.reconciliation.selector import compile_selector
from tests.benchmarks.git_corpus import Repository, TreeEntry, contents_of, repositories

CORPUS = os.environ.get("DEPOT_CORPUS") or ""
SHOULD_BE = {
    "skill": re.compile(r"(?:^|/)SKILL\.md$", re.IGNORECASE),
    "agent": re.compile(r"(?:^|/)agents/[^/]+\.md$"),
    "command": re.compile(r"(?:^|/)commands/[^/]+\.md$"),
    "mcp": re.compile(r"(?:^|/)\.mcp\.json$"),
    "hook": re.compile(r"(?:^|/)hooks/hooks\.json$"),
}
"""Files whose name says what they are, wherever they lie."""


@dataclass(slots=True)
class Report:
    """`elsewhere`: named like a unit, but not where clients look. `dropped`: neither a unit nor spoken of."""

    units: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)
    dropped: list[str] = field(default_factory=list)
    files: int = 0
    seconds: float = 0.0

    def add(self, other: "Report") -> None:
        for mine, its in zip(self._counters(), other._counters(), strict=True):
            mine.update(its)
        self.dropped += other.dropped
        self.files += other.files
        self.seconds += other.seconds

    def _counters(self) -> tuple[Counter[str], ...]:
        return self.units, self.refused, self.codes, self.elsewhere


@pytest.mark.benchmark
@pytest.mark.skipif(not CORPUS, reason="name a folder of git repositories: make corpus CORPUS=<folder>")
def test_nothing_of_a_corpus_is_dropped_in_silence() -> None:
    total = Report()

    for repository in repositories(Path(CORPUS)):
        report = _read_repository(repository)
        _show(repository.name, report)
        total.add(report)
    _show("all", total)
    for code, count in total.codes.most_common():
        print(f"    {code:32} {count:6}")  # a benchmark's result is what it prints

    assert total.dropped == []


def _read_repository(repository: Repository) -> Report:
    tree = repository.tree()
    report = Report()
    for declared in CONFIG_TYPES.values():
        _read_type(declared, repository, tree, report)
    return report


def _read_type(declared: ConfigType, repository: Repository, tree: Sequence[TreeEntry], report: Report) -> None:
    selectors = [compile_selector(f"/**/{location}") for location in declared.default_locations]
    usual = {entry.path for entry in tree if any(selector.matches(entry.path) for selector in selectors)}
    named = SHOULD_BE.get(declared.name)
    telling = {entry.path for entry in tree if named is not None and named.search(entry.path)}
    found = declared.units_from(usual | telling, tree)
    wanted = {path for unit in found.units for path in unit.file_paths}
    contents = contents_of(repository, [entry for entry in tree if entry.path in wanted])
    report.elsewhere[declared.name] += len(telling - usual)
    report.codes.update(note.code for note in found.diagnostics)
    spoken = {note.path for note in found.diagnostics}
    for unit in found.units:
        spoken |= _read_unit(declared, unit, contents, report)
    report.dropped += sorted((telling | usual) - spoken)


def _read_unit(declared: ConfigType, unit: Unit, contents: Mapping[str, bytes], report: Report) -> set[str]:
    """Parse the unit, or each that the file turns out to hold; the paths that became something or are spoken of."""
    files = [SourceFile(unit.relative(path), contents[path]) for path in unit.file_paths]
    started = time.process_time()
    split = declared.split(unit, files)
    parsed = [declared.parse_unit(one, own) for one, own in split.units]
    report.seconds += time.process_time() - started
    report.files += len(files)
    report.units[declared.name] += sum(one.loads for one in parsed)
    report.refused[declared.name] += sum(not one.loads for one in parsed)
    notes = [*(note for one in parsed for note in one.diagnostics), *split.diagnostics]
    report.codes.update(note.code for note in notes)
    # A file that other types share may well hold none of this one.
    became = set(unit.file_paths) if parsed or (split.complete and declared.section_of(unit.locator)) else set()
    return became | {note.path for note in notes}


def _show(name: str, report: Report) -> None:
    units = "  ".join(f"{type_} {count}" for type_, count in report.units.items() if count)
    pace = report.seconds / max(report.files, 1) * 1_000
    print(f"\n{name}: {units or 'nothing'}")  # a benchmark's result is what it prints
    for label, counter in (("refused", report.refused), ("not where clients look", report.elsewhere)):
        if some := {type_: count for type_, count in counter.items() if count}:
            print(f"    {label}: {some}")  # as above
    print(f"    {report.files} files, {pace:.2f} s of CPU per 1,000; dropped: {report.dropped[:5]}")  # as above
