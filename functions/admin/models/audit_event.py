"""Audit events on the wire."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from shared.domain.audit import AuditActorKind, AuditFilter, Outcome
from shared.http.cursors import PageQuery
from shared.http.models import Moment, Output, example

_Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]


class AuditEventQuery(PageQuery):
    actor: Annotated[_Word | None, Field(description="The id of a member, of a token, or of a sync event.")] = None
    action: Annotated[_Word | None, Field(description="An operation's name, such as `createPlugin`.")] = None
    resource: Annotated[_Word | None, Field(description="The id of the thing that was changed.")] = None
    since: Annotated[AwareDatetime | None, Field(description="From this moment on.")] = None
    until: Annotated[AwareDatetime | None, Field(description="Before this moment.")] = None

    @property
    def filter(self) -> AuditFilter:
        return AuditFilter(self.actor, self.action, self.resource, self.since, self.until)


class AuditActorRead(Output):
    kind: AuditActorKind
    id: str


class AuditEventRead(Output):
    """`action` is an operation of this API, `resource` what it was done to; `metadata.touched` are further ids."""

    model_config = example(
        id="aud_01m83cm181mw5y2cd4zh3yt3tz",
        actor={"kind": "member", "id": "mem_01m83cm181mw5y2cd4zh3yt3tz"},
        action="givePluginAccess",
        outcome="done",
        resource="plg_01m83cm181mw5y2cd4zh3yt3tz",
        metadata={"principal": "team_01m83cm181mw5y2cd4zh3yt3tz", "role": "viewer"},
        requestId="b1Wz9hFZjoEEP2g=",
        createdAt="2026-01-31T12:00:00.000Z",
    )

    id: str
    actor: AuditActorRead
    action: str
    outcome: Outcome
    resource: str
    metadata: dict[str, Any]
    request_id: str
    created_at: Moment
