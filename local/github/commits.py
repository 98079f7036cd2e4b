"""Reads commit objects, and what each commit changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from local.github.git import Git


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    at: datetime  # in the person's own time zone


@dataclass(frozen=True, slots=True)
class Commit:
    id: str
    tree: str
    parents: Sequence[str]
    author: Person
    committer: Person
    message: str


@dataclass(slots=True)
class Changes:
    """Paths by what happened to them, named as a push event names them."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)

    def note(self, status: str, path: str) -> None:
        {"A": self.added, "D": self.removed}.get(status, self.modified).append(path)


def read_commits(git: Git, ids: Sequence[str]) -> list[Commit]:
    found = git.objects(ids)
    return [_parse(each, found[each].data.decode(errors="replace")) for each in ids]


def read_changes(git: Git, ids: Sequence[str]) -> Mapping[str, Changes]:
    """What each commit changed against its parent; a merge changes nothing of its own."""
    arguments = ("diff-tree", "--stdin", "-z", "-r", "--root", "--no-renames", "--name-status")
    output = git.run(*arguments, stdin="".join(f"{each}\n" for each in ids).encode())
    changes = {each: Changes() for each in ids}
    current = Changes()
    fields = iter(output.decode(errors="replace").split("\0"))
    for word in fields:
        if word in changes:
            current = changes[word]
        elif word:
            current.note(word, next(fields))
    return changes


def _parse(commit_id: str, text: str) -> Commit:
    head, _, message = text.partition("\n\n")
    lines = [line.partition(" ") for line in head.split("\n") if not line.startswith(" ")]
    facts = {name: value for name, _, value in lines}
    return Commit(
        id=commit_id,
        tree=facts["tree"],
        parents=[value for name, _, value in lines if name == "parent"],
        author=_person(facts["author"]),
        committer=_person(facts["committer"]),
        message=message.removesuffix("\n"),
    )


def _person(line: str) -> Person:
    identity, seconds, offset = line.rsplit(" ", 2)
    name, _, email = identity.partition(" <")
    minutes = int(offset[0] + "1") * (int(offset[1:3]) * 60 + int(offset[3:5]))
    zone = timezone(timedelta(minutes=minutes)) if minutes else UTC
    return Person(name, email.removesuffix(">"), datetime.fromtimestamp(int(seconds), zone))
