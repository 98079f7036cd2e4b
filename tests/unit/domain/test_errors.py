"""The drawn tree of errors is the real one."""

import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from shared.domain import errors, source_errors
from shared.domain.errors import DepotError

MODULES = [errors, source_errors]
_NODE = re.compile(r"^ {4}(?P<indent>(?:[│ ] {3})*)(?:[├└]── )?(?P<name>[A-Z]\w+)(?: {2,}(?P<words>.*))?$")


def drawn(module: ModuleType) -> Iterator[tuple[str, str]]:
    """(parent, child) of every line of the tree in a module's docstring."""
    path: list[str] = []
    for line in (module.__doc__ or "").splitlines():
        node = _NODE.match(line)
        if node is None:
            continue
        depth = len(node["indent"]) // 4 + ("── " in line)
        path[depth:] = [node["name"]]
        if depth:
            yield path[depth - 1], node["name"]


def declared(module: ModuleType) -> Iterator[type[DepotError]]:
    for kind in vars(module).values():
        if isinstance(kind, type) and issubclass(kind, DepotError) and kind.__module__ == module.__name__:
            yield kind


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_nothing_is_drawn_twice(module: ModuleType) -> None:
    assert len(list(drawn(module))) == len(set(drawn(module))) > 1


def test_the_drawn_trees_together_are_the_real_one() -> None:
    pictures = {edge for module in MODULES for edge in drawn(module)}
    kinds = [kind for module in MODULES for kind in declared(module) if kind is not DepotError]

    assert pictures == {(kind.__bases__[0].__name__, kind.__name__) for kind in kinds}


def test_every_error_says_its_cause_in_a_code_of_its_own() -> None:
    kinds = [kind for module in MODULES for kind in declared(module)]
    codes = [kind.code for kind in kinds if "code" in vars(kind)]

    assert len(codes) == len(set(codes))
    # These tell their caller no more than their parent does; the audit trail tells them apart.
    nameless = {kind.__name__ for kind in kinds if "code" not in vars(kind)}
    assert nameless == {"RefusedToken", "StrayToken", "Unclaimed", "LastOwner", "Unmanaged"}


def test_only_the_far_sides_failures_are_worth_a_second_try() -> None:
    kinds = [kind for module in MODULES for kind in declared(module)]

    assert {kind.__name__ for kind in kinds if kind.retryable} == {"Retryable", "RateLimited", "Unanswered"}


def test_what_is_hidden_reads_like_what_does_not_exist() -> None:
    assert errors.NotFound("plugin").message == "No such plugin."


def test_a_wrong_field_is_named_in_the_message_and_in_the_list() -> None:
    error = errors.Invalid.field("name", "is too long")

    assert error.message == "name: is too long"
    assert error.errors == (errors.FieldError("name", "is too long"),)
