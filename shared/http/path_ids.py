"""Ids on the wire, one type per kind: what is no id of its kind is a 404 in a path, a 400 anywhere else."""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from shared.domain.config_object import LATEST
from shared.domain.errors import NotFound
from shared.domain.ids import PREFIXES, has_prefix


def _of_kind(prefix: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not has_prefix(value, prefix):
            raise NotFound(PREFIXES[prefix])
        return value

    return check


def _field(prefix: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not has_prefix(value, prefix):
            raise ValueError(f"is not the id of a {PREFIXES[prefix]}")
        return value

    return check


AccountId = Annotated[str, BeforeValidator(_of_kind("cac"))]
ClientId = Annotated[str, BeforeValidator(_of_kind("cli"))]
ConfigObjectId = Annotated[str, BeforeValidator(_of_kind("cfg"))]
GrantId = Annotated[str, BeforeValidator(_of_kind("grt"))]
InstanceId = Annotated[str, BeforeValidator(_of_kind("cin"))]
MemberId = Annotated[str, BeforeValidator(_of_kind("mem"))]
MappingId = Annotated[str, BeforeValidator(_of_kind("cmp"))]
MarketplaceId = Annotated[str, BeforeValidator(_of_kind("mkt"))]
PluginId = Annotated[str, BeforeValidator(_of_kind("plg"))]
ReleaseId = Annotated[str, BeforeValidator(_of_kind("rel"))]
SyncEventId = Annotated[str, BeforeValidator(_of_kind("syn"))]
TeamId = Annotated[str, BeforeValidator(_of_kind("team"))]
TokenId = Annotated[str, BeforeValidator(_of_kind("tok"))]
TargetId = Annotated[str, BeforeValidator(_of_kind("ctg"))]
VersionId = Annotated[str, BeforeValidator(_of_kind("ver"))]

AccountIdField = Annotated[str, AfterValidator(_field("cac"))]
ConfigObjectIdField = Annotated[str, AfterValidator(_field("cfg"))]
InstanceIdField = Annotated[str, AfterValidator(_field("cin"))]
MarketplaceIdField = Annotated[str, AfterValidator(_field("mkt"))]
MemberIdField = Annotated[str, AfterValidator(_field("mem"))]
PluginIdField = Annotated[str, AfterValidator(_field("plg"))]
ReleaseIdField = Annotated[str, AfterValidator(_field("rel"))]
TargetIdField = Annotated[str, AfterValidator(_field("ctg"))]
TeamIdField = Annotated[str, AfterValidator(_field("team"))]


def _version_or_latest(value: str) -> str:
    if value != LATEST and not has_prefix(value, "ver"):
        raise ValueError("is neither the id of a version nor `latest`")
    return value


def _version_or_latest_in_path(value: str) -> str:
    return value if value == LATEST else _of_kind("ver")(value)


VersionIdOrLatestInPath = Annotated[str, BeforeValidator(_version_or_latest_in_path)]
VersionIdOrLatest = Annotated[str, AfterValidator(_version_or_latest)]
