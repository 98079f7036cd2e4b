"""The grants that something is created with: its creator's, who manages it, and those that were asked for."""

from datetime import datetime
from typing import Protocol

from shared.domain.access import Role
from shared.domain.grant import Grant, ResourceRef
from shared.services.mint import Mint


class Resource(Protocol):
    """What everything with roles knows of itself."""

    @property
    def id(self) -> str: ...
    @property
    def org_id(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def created_by(self) -> str: ...


def manager_grant(mint: Mint, created: Resource, owner: str) -> Grant:
    """Connector objects are created by the sync and owned by whoever configured the mapping."""
    return first_grant(mint, created, owner, Role.MANAGER)


def first_grant(mint: Mint, created: Resource, principal: str, role: Role) -> Grant:
    return Grant(
        id=mint.new_id("grt"),
        org_id=created.org_id,
        resource=ResourceRef.of(created.id),
        principal=principal,
        role=role,
        created_at=created.created_at,
        updated_at=created.created_at,
        created_by=created.created_by,
    )
