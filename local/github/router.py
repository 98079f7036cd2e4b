"""Maps a method and a path to the function that answers it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from local.github.credentials import InstallationToken
from local.github.repositories import Repository
from local.github.wire import Refusal, Request, Response, not_found
from local.github.world import World

# GitHub answers every repository route by number too; the tree of such routes is undocumented but stable.
_REPOSITORY: Final = r"(?:/repos/(?P<owner>[^/]+)/(?P<name>[^/]+)|/repositories/(?P<id>[0-9]{1,18}))"


class Access(StrEnum):
    """What a route asks of its caller."""

    ANYONE = "anyone"
    CONTROL = "control"
    APP = "app"
    INSTALLATION = "installation"
    METADATA = "metadata"
    USER = "user"
    CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who proved to be calling: the app by its JWT, an installation or a person by a token, or nobody."""

    is_app: bool = False
    token: InstallationToken | None = None
    user: str = ""

    @property
    def allowance(self) -> str:
        """Whose rate limit this call counts against; empty for nobody's."""
        if self.token:
            return "installation"
        if self.user:
            return "user"
        return "app" if self.is_app else ""

    @property
    def fingerprint(self) -> str:
        return self.token.value if self.token else self.allowance + self.user


@dataclass(frozen=True, slots=True)
class Call:
    """A request on its way through a route, with the parts of its path decoded."""

    world: World
    request: Request
    caller: Caller
    values: Mapping[str, str]

    @property
    def repository(self) -> Repository:
        """The repository of the path, if the caller's token reaches it."""
        repositories = self.world.repositories
        if "id" in self.values:
            found = repositories.by_id(int(self.values["id"]))
        else:
            found = repositories.by_name(f"{self.values['owner']}/{self.values['name']}")
        if found is None:
            raise self._moved_or_unknown()
        if not self.reaches(found):
            raise not_found()
        return found

    def reaches(self, repository: Repository) -> bool:
        """Whether the caller's token, and the installation itself, may read it."""
        token = self.caller.token
        return token is not None and token.reaches(repository.id) and self.world.installation.reaches(repository.id)

    def _moved_or_unknown(self) -> Refusal:
        """A name that was given up leads to its repository until another one takes it."""
        if "id" in self.values:
            return not_found()
        old = f"{self.values['owner']}/{self.values['name']}"
        moved = self.world.repositories.moved_from(old)
        if moved is None or not self.reaches(moved):
            return not_found()
        rest = self.request.path.removeprefix(f"/repos/{old}")
        return Refusal(
            301, "Moved Permanently", headers={"Location": f"{self.world.url}/repositories/{moved.id}{rest}"}
        )

    @property
    def repository_url(self) -> str:
        return f"{self.world.url}/repos/{self.repository.full_name}"


Handler = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """`docs` is the route's page below https://docs.github.com/rest, named in its refusals."""

    method: str
    pattern: re.Pattern[str]
    access: Access
    docs: str
    handler: Handler
    resource: str = "core"

    def values(self, request: Request) -> Mapping[str, str] | None:
        match = self.pattern.fullmatch(request.path) if request.method == self.method else None
        if match is None:
            return None
        return {name: unquote(value) for name, value in match.groupdict().items() if value is not None}


@dataclass(slots=True)
class Routes:
    """Collects a module's routes; `{x}` is one segment of a path, `{x+}` any number, `{repository}` its address."""

    routes: list[Route] = field(default_factory=list)

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes)

    def on(
        self, method: str, path: str, access: Access, docs: str = "", *, resource: str = "core"
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.routes.append(Route(method, _compiled(path), access, docs, handler, resource))
            return handler

        return add


def _compiled(path: str) -> re.Pattern[str]:
    pattern = re.escape(path).replace(r"\{repository\}", _REPOSITORY)
    pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", pattern)
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern))
