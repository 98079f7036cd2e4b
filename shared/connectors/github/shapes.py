"""GitHub's JSON answers as the product's own words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.domain.errors import Retryable
from shared.domain.source_tree import EntryKind, Installation, Repository, RepositoryPage, TreeEntry

Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TreePage:
    """One answer about a folder: paths are relative to it; `sha` is the id it was asked by."""

    sha: str
    entries: tuple[TreeEntry, ...]
    truncated: bool


def read(build: Callable[[Any], T], body: bytes) -> T:
    """Build from a JSON body; a body that is not as documented is a fault on the way, worth another try."""
    try:
        return build(json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        raise Retryable("GitHub's answer is not in its documented form.") from error


def read_list(build: Callable[[Json], T], body: bytes) -> list[T]:
    """The same for a body that is a list."""
    return read(lambda members: list(map(build, members)), body)


def repository_from(answer: Json) -> Repository:
    return Repository(
        id=answer["id"],
        full_name=answer["full_name"],
        default_branch=answer["default_branch"],
        private=answer["private"],
        archived=answer["archived"],
    )


def repository_page_from(answer: Json) -> RepositoryPage:
    return RepositoryPage(tuple(map(repository_from, answer["repositories"])), answer["total_count"])


def installation_from(answer: Json) -> Installation:
    return Installation(
        id=answer["id"],
        login=answer["account"].get("login") or answer["account"]["slug"],  # an enterprise has a slug alone
        account_type=answer["account"].get("type", "Enterprise"),
        repository_selection=answer["repository_selection"],
        permissions=answer["permissions"],
        suspended=answer.get("suspended_at") is not None,
    )


def installations_from(answer: Json) -> tuple[Installation, ...]:
    return tuple(map(installation_from, answer["installations"]))


def tree_page_from(answer: Json) -> TreePage:
    return TreePage(answer["sha"], tuple(map(_entry_from, answer["tree"])), answer["truncated"])


def tree_id_from(answer: Json) -> str:
    """The root folder's id of a commit."""
    return str(answer["tree"]["sha"])


def _entry_from(member: Json) -> TreeEntry:
    return TreeEntry(
        path=member["path"],
        mode=int(member["mode"], 8),
        kind=EntryKind(member["type"]),
        sha=member["sha"],
        size=member.get("size"),
    )
