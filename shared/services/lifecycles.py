"""Archive, delete, restore: what plugins and marketplaces go through, and what becomes of their names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from shared.domain.access import Action, Actor
from shared.domain.errors import Conflict, NameTaken
from shared.domain.lifecycle import Lifecycle
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.decided_anew import decided_anew
from shared.services.mint import Mint


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def status(self) -> Lifecycle: ...
    @property
    def deleted_at(self) -> datetime | None: ...
    @property
    def revision(self) -> int: ...


R = TypeVar("R", bound=Named)
Kept_contra = TypeVar("Kept_contra", bound=Named, contravariant=True)


class NamedRows(Protocol[Kept_contra]):
    """Plugins and marketplaces, as their repositories keep them."""

    def update(
        self, entity: Kept_contra, changes: Mapping[str, object], seen_revision: int, work: UnitOfWork, /
    ) -> None: ...
    def reserve_name(self, entity: Kept_contra, work: UnitOfWork, /) -> None: ...
    def release_name(self, entity: Kept_contra, work: UnitOfWork, /) -> None: ...
    def find_by_name(self, entity: Kept_contra, /) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Lifecycles(Generic[R]):
    """`get` finds the resource for an action, or refuses; `kind` is what people call it."""

    kind: str
    get: Callable[[Actor, str, Action], R]
    rows: NamedRows[R]
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def archive(self, actor: Actor, resource_id: str) -> R:
        """Put it aside: it is no longer delivered, and shows nothing. Idempotent.

        Raises: NotFound; MissingRole; Conflict for a deleted one.
        """
        return self._move(actor, resource_id, Lifecycle.ARCHIVED)

    def delete(self, actor: Actor, resource_id: str) -> R:
        """The same, and out of every list; nothing of it is lost. Idempotent. Raises: NotFound, MissingRole."""
        return self._move(actor, resource_id, Lifecycle.DELETED)

    def restore(self, actor: Actor, resource_id: str) -> R:
        """Bring it back with all its members, grants and history. Idempotent.

        Raises: NotFound; MissingRole; NameTaken, naming who holds the name that it needs again.
        """
        return self._move(actor, resource_id, Lifecycle.ACTIVE)

    def _move(self, actor: Actor, resource_id: str, wanted: Lifecycle) -> R:
        return decided_anew(lambda: self._decide(actor, resource_id, wanted), f"This {self.kind}")

    def _decide(self, actor: Actor, resource_id: str, wanted: Lifecycle) -> R:
        seen = self.get(actor, resource_id, Action.DISPOSE)
        if seen.status == wanted:
            return seen
        if (seen.status, wanted) == (Lifecycle.DELETED, Lifecycle.ARCHIVED):
            raise Conflict(f"This {self.kind} is deleted; restore it first.")
        try:
            self._write(seen, wanted)
        except NameTaken as error:
            raise NameTaken(seen.name, self.rows.find_by_name(seen) or error.existing_id) from error
        return self.get(actor, resource_id, Action.DISPOSE)

    def _write(self, seen: R, wanted: Lifecycle) -> None:
        at = self.mint.now()
        deleted_at = at if wanted == Lifecycle.DELETED else None
        with self.begin() as work:
            self.rows.update(seen, {"status": wanted, "deleted_at": deleted_at, "updated_at": at}, seen.revision, work)
            if seen.status == Lifecycle.ACTIVE:
                self.rows.release_name(seen, work)
            if wanted == Lifecycle.ACTIVE:
                self.rows.reserve_name(seen, work)
