"""A plugin that takes several transactions to create: nobody sees it before the last of them."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """`withdrawn`: it will never be seen, and what was written for it is being removed."""

    PREPARING = "preparing"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Preparation:
    """What the plugin's row says of work that is left; `unfinished` is None once the plugin is whole and seen.

    `unlisted_ids` are the config objects that were created with it, while lists and searches do not find them yet.
    """

    id: str
    org_id: str
    created_by: str
    unfinished: Stage | None = None
    unlisted_ids: frozenset[str] = frozenset()
    marketplace_ids: frozenset[str] = frozenset()
