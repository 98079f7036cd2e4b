"""The rules of CONTRIBUTING that a reader would otherwise have to look for."""

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_CODES = r"(?:\[[^\]]*\]|: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*)?"
_SUPPRESSION = re.compile(rf"#\s*(?:type: ignore|noqa){_CODES}\s*(?P<reason>\S.*)?$")
_VAGUE = re.compile(r"(?:Manager|Helper|Utils?|Processor)$|^(?:utils?_?|process_|handle_data)")


@cache
def _sources() -> dict[str, str]:
    """Every tracked module by its path from the root."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {path: (ROOT / path).read_text() for path in listed.stdout.split() if (ROOT / path).exists()}


def _code(of_tests: bool) -> dict[str, str]:
    return {path: text for path, text in _sources().items() if path.startswith("tests/") is of_tests and text.strip()}


def _runtime() -> dict[str, str]:
    return {path: text for path, text in _sources().items() if path.startswith(("shared/", "functions/"))}


def _functions(sources: dict[str, str]) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_files_are_short() -> None:
    lengths = {path: text.count("\n") for path, text in _code(of_tests=False).items()}

    assert [path for path, text in _sources().items() if text.count("\n") > 400] == []
    assert statistics.median(lengths.values()) <= 80
    assert statistics.quantiles(lengths.values(), n=20)[-1] <= 250


@pytest.mark.parametrize(("of_tests", "median"), [(False, 8), (True, 12)], ids=["code", "tests"])
def test_functions_are_short(of_tests: bool, median: int) -> None:
    lengths = {f"{path} {node.name}": _length(node) for path, node in _functions(_code(of_tests))}

    assert [name for name, length in lengths.items() if length > 60] == []
    assert statistics.median(lengths.values()) <= median
    assert statistics.quantiles(lengths.values(), n=20)[-1] <= 30


def test_every_module_says_what_it_answers_for() -> None:
    assert [path for path, text in _code(of_tests=False).items() if not ast.get_docstring(ast.parse(text))] == []


def test_names_are_the_products_words() -> None:
    named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    names = [
        f"{path} {node.name}"
        for path, text in _runtime().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, named) and _VAGUE.search(node.name)
    ]

    assert names == []


def test_every_suppression_gives_its_reason_on_its_line() -> None:
    bare = [
        f"{path}:{number}"
        for path, text in _code(of_tests=False).items()
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := _SUPPRESSION.search(line)) and not found["reason"]
    ]

    assert bare == []


def test_the_clock_is_read_in_the_composition_root_alone() -> None:
    readers = [path for path, text in _runtime().items() if re.search(r"datetime\.(?:now|utcnow)\(", text)]

    assert [path for path in readers if not path.startswith("shared/bootstrap")] == []


def test_the_table_is_never_scanned() -> None:
    assert [path for path, text in _runtime().items() if re.search(r"\.scan\(|paginator\(.scan", text)] == []


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
