"""What may import what, where anything may be caught, and that the sources speak of this project alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Whoever waits for an answer gets one, whatever happened.
EDGES = {
    "shared/http/app.py",
    "shared/http/refusals.py",
    "functions/webhook/handler.py",
    "functions/index/handler.py",
    "functions/sync/handler.py",
}
# Writes that are nobody's deed. Everything else is audited, by the unit of work itself.
UPKEEP = {
    "app_installs", "authentication", "client_states", "delivery_digests", "discovery/applying", "discovery/discoverer",
    "group_teams", "head_checks", "idempotency", "indexing",
    "instance_lifecycle", "plugin_preparations", "reconciliation/apply", "reconciliation/record", "redelivery",
    "refusals", "sealing", "sync_events", "teams",
}  # fmt: skip
# Where packages come from and where a checkout lies differ from machine to machine.
_ELSEWHERE = re.compile(
    r"https?://[\w.-]*(?:registry|packages|pypi|files\.python)[\w.-]*|(?<![\w/.-])/(?:home|root|Users|work)/\w|[A-Z]:\\Users"
)


def _tracked(pattern: str) -> Iterator[tuple[str, str]]:
    """Path from the root and text of every tracked file that is text."""
    listed = subprocess.run(["git", "ls-files", "-z", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    for path in filter(None, listed.stdout.split("\0")):
        try:
            yield path, (ROOT / path).read_text()
        except (FileNotFoundError, UnicodeDecodeError):
            continue


def _modules() -> Iterator[tuple[str, ast.AST]]:
    for path, text in _tracked("*.py"):
        yield path, ast.parse(text)


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in kinds)
    passes_on = any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
    return broad and not passes_on


def test_the_layers_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_only_tests_may_let_requests_out_to_other_addresses() -> None:
    """What is deployed builds `Outbound` in one place, without a say in what it admits, resolves or trusts."""
    built = [
        (path, len(call.args), [word.arg for word in call.keywords])
        for path, tree in _modules()
        if not path.startswith("tests/")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "Outbound"
    ]

    assert built == [("shared/bootstrap/far_sides.py", 1, [])]


def test_everything_is_caught_at_the_edges_alone() -> None:
    catchers = {
        path
        for path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    }

    assert catchers == EDGES


def test_only_what_is_nobodys_deed_is_left_out_of_the_audit_trail() -> None:
    called = {
        (path, name)
        for path, tree in _modules()
        if path.startswith(("shared/", "functions/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", getattr(node.func, "attr", "")))
    }

    assert {path for path, name in called if name == "as_upkeep"} == {f"shared/services/{one}.py" for one in UPKEEP}
    # A unit of work of one's own would have no trail.
    assert {path for path, name in called if name == "UnitOfWork"} == {"shared/bootstrap/far_sides.py"}


def test_nothing_that_is_deployed_may_speak_to_other_than_public_addresses() -> None:
    openers = [
        (path, {keyword.arg for keyword in node.keywords}, len(node.args))
        for path, tree in _modules()
        if path.startswith(("shared/", "functions/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Outbound"
    ]

    assert openers == [("shared/bootstrap/far_sides.py", set(), 1)]


def test_everything_is_typed() -> None:
    untyped = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.returns is None or any(argument.annotation is None for argument in _arguments(node))
    ]

    assert untyped == []


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """All but the instance or class that a method belongs to."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    rest = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [one for one in [*named, *rest] if one.arg not in ("self", "cls")]


def test_no_source_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    named = [
        f"{path}:{number}"
        for path, text in _tracked("*")
        if path != Path(__file__).relative_to(ROOT).as_posix()
        for number, line in enumerate(text.splitlines(), start=1)
        if _ELSEWHERE.search(line)
    ]

    assert named == []
