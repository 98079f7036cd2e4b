"""`make serve` and `make connect` say what they need before they touch anything."""

from pathlib import Path

import pytest

from local.connect_repository import connect_repository, serve_repository
from local.errors import LocalStackError
from local.state import State


@pytest.mark.parametrize(
    ("repository", "name"), [("", "acme/tools"), ("tools", ""), ("tools", "tools"), ("tools", "a/b/c")]
)
def test_a_repository_and_its_full_name_are_asked_for(tmp_path: Path, repository: str, name: str) -> None:
    state = State(tmp_path)

    with pytest.raises(LocalStackError, match=r"make serve REPO=<path of a git repository> NAME=<owner/name>"):
        serve_repository(state, repository, name)
    with pytest.raises(LocalStackError, match=r"make connect REPO=<path of a git repository> NAME=<owner/name>"):
        connect_repository(state, repository, name)


def test_nothing_is_served_without_a_stack(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match="make up"):
        serve_repository(State(tmp_path), str(tmp_path), "acme/tools")
