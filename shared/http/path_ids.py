"""Ids in paths: one type per kind. What is no id of its kind is not found, without any read."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator

from shared.domain.errors import NotFound
from shared.domain.ids import PREFIXES, has_prefix


def _of_kind(prefix: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not has_prefix(value, prefix):
            raise NotFound(PREFIXES[prefix])
        return value

    return check


AccountId = Annotated[str, BeforeValidator(_of_kind("cac"))]
ConfigObjectId = Annotated[str, BeforeValidator(_of_kind("cfg"))]
GrantId = Annotated[str, BeforeValidator(_of_kind("grt"))]
InstanceId = Annotated[str, BeforeValidator(_of_kind("cin"))]
MappingId = Annotated[str, BeforeValidator(_of_kind("cmp"))]
PluginId = Annotated[str, BeforeValidator(_of_kind("plg"))]
SyncEventId = Annotated[str, BeforeValidator(_of_kind("syn"))]
TargetId = Annotated[str, BeforeValidator(_of_kind("ctg"))]
VersionId = Annotated[str, BeforeValidator(_of_kind("ver"))]
