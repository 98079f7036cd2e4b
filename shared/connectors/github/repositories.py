"""The repositories of an installation, a hundred to a call.

Source: https://docs.github.com/rest/apps/installations#list-repositories-accessible-to-the-app-installation
"""

from collections.abc import Iterator
from typing import Final

from shared.connectors.github import shapes
from shared.connectors.github.answers import TokenRefused
from shared.connectors.github.app_auth import InstallationTokens
from shared.connectors.github.transport import Transport
from shared.domain.source_tree import Repository, RepositoryPage

ALL: Final = 0
"""Instead of a repository: a token that finds all of the installation's and reads none."""
_MOST: Final = 100


class ReachableRepositories:
    def __init__(self, transport: Transport, tokens: InstallationTokens) -> None:
        self._transport, self._tokens = transport, tokens

    def page(self, installation_id: int, number: int, size: int) -> RepositoryPage:
        """`number` counts from 1; `size` is 100 at most."""
        path = f"/installation/repositories?per_page={size}&page={number}"
        try:
            body = self._transport.call("GET", path, token=self._tokens.token(installation_id, ALL)).body
        except TokenRefused:
            self._tokens.forget(installation_id, ALL)
            body = self._transport.call("GET", path, token=self._tokens.token(installation_id, ALL)).body
        return shapes.read(shapes.repository_page_from, body)

    def each(self, installation_id: int) -> Iterator[Repository]:
        number, seen = 1, 0
        while True:
            page = self.page(installation_id, number, _MOST)
            yield from page.repositories
            seen += len(page.repositories)
            if not page.repositories or seen >= page.total:
                return
            number += 1
