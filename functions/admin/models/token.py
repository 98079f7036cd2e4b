"""Tokens on the wire: never with their hash, and with their secret once."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from functions.admin.models.organization import Name
from shared.domain.access import OrgRole, Scope
from shared.domain.token import Token, TokenKind
from shared.http.models import Input, Moment, Output
from shared.http.path_ids import MarketplaceIdField, MemberIdField, TeamIdField
from shared.services.directory import TokenDraft


class TokenCreate(Input):
    """A personal token is the caller's own, and so is a delivery token that names neither member nor team.

    Without `scopes` it gets all that its kind may have and the caller has.
    """

    kind: TokenKind
    name: Annotated[Name, Field(examples=["laptop"])]
    scopes: Annotated[frozenset[Scope] | None, Field(min_length=1)] = None
    role: Annotated[Literal["admin", "member"] | None, Field(description="Of a service token; `member` if absent.")] = (
        None
    )
    member_id: MemberIdField | None = None
    team_id: TeamIdField | None = None
    marketplace_id: MarketplaceIdField | None = None
    expires_at: AwareDatetime | None = None

    def to_draft(self) -> TokenDraft:
        default = OrgRole.MEMBER if self.kind == TokenKind.SERVICE else None
        return TokenDraft(
            kind=self.kind,
            name=self.name,
            member_id=self.member_id,
            team_id=self.team_id,
            expires_at=self.expires_at,
            scopes=self.scopes or frozenset(),
            role=OrgRole(self.role) if self.role else default,
            marketplace_id=self.marketplace_id,
        )


class TokenRead(Output):
    """`lastUsedAt` is right to the hour."""

    id: str
    kind: TokenKind
    name: str
    scopes: list[Scope]
    role: OrgRole | None
    member_id: str | None
    team_id: str | None
    marketplace_id: str | None
    created_at: Moment
    created_by: str
    last_used_at: Moment | None
    expires_at: Moment | None
    revoked_at: Moment | None

    @classmethod
    def of(cls, token: Token) -> "TokenRead":
        return cls.model_validate(_shown(token))


class TokenCreated(TokenRead):
    """`secret` is shown this once: a repeated request (Idempotency-Key) finds null."""

    secret: str | None

    @classmethod
    def made(cls, token: Token, secret: str) -> "TokenCreated":
        return cls.model_validate(_shown(token) | {"secret": secret})


def _shown(token: Token) -> dict[str, str | datetime | list[Scope] | None]:
    shown = {name: getattr(token, name) for name in TokenRead.model_fields}
    return shown | {"scopes": sorted(token.granted_scopes)}
