"""One repository of the stand-in, and a reader for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from local.github import GitHubStandIn
from local.github.stand_in import INSTALLATION_ID
from local.github.writing import Files
from shared.connectors.github.connector import GitHubConnector
from shared.connectors.github.reader import GitHubReader
from shared.domain.source_tree import EntryKind, TreeEntry

SECRET = "It's a Secret to Everybody"
NAME = "acme/skills"
MAIN = "refs/heads/main"
Mail = list[tuple[Mapping[str, str], bytes]]


@dataclass(frozen=True)
class Served:
    github: GitHubStandIn
    connector: GitHubConnector

    def reader(self, files: Files | None) -> GitHubReader:
        return self.reader_of(self.github.add_repository(NAME, files).id)

    def reader_of(self, repository_id: int) -> GitHubReader:
        return self.connector.reader(INSTALLATION_ID, repository_id)

    def asked(self, part: str) -> int:
        """How many requests so far have this in their address."""
        return sum(part in one for one in self.github.requests)


def wanted(entries: Sequence[TreeEntry]) -> list[TreeEntry]:
    return [entry for entry in entries if entry.kind is EntryKind.BLOB]
