"""What a presented credential says, in one read: the token, its member, and the org of the path."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.errors import Conflict, NotFound
from shared.domain.organization import Member
from shared.domain.token import PresentedToken, Token
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.organizations import org_id_of
from shared.repositories.table import Table
from shared.repositories.unit_of_work import UnitOfWork, where


@dataclass(frozen=True, slots=True)
class Credential:
    """`org_id` is the org that the path names, None when there is no such org."""

    token: Token | None
    member: Member | None
    org_id: str | None


class CredentialRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, presented: PresentedToken, org: str | None = None) -> Credential:
        """One BatchGetItem, whatever the token's kind and however the path spells the org (id or slug)."""
        by_slug = org is not None and not org.startswith("org_")
        token_key, slug_key = keys.token(presented.token_id), keys.slug(org or "")
        wanted = [token_key, *([slug_key] if by_slug else [])]
        member_key = keys.member(presented.member_id) if presented.member_id else None
        rows = self._table.batch_get([*wanted, *([member_key] if member_key else [])])
        token, member = rows.get(token_key), rows.get(member_key) if member_key else None
        return Credential(
            decode(Token, token) if token else None,
            decode(Member, member) if member else None,
            org_id_of(rows.get(slug_key)) if by_slug else org,
        )

    def add(self, token: Token, work: UnitOfWork) -> None:
        listing = {"list_pk": keys.listing(token.org_id, "tok"), "list_sk": token.id}
        work.add(encode(keys.token(token.id), token, listing), Conflict("This token already exists."))

    def revoke(self, org_id: str, token_id: str, at: datetime, work: UnitOfWork) -> None:
        work.update(
            keys.token(token_id),
            assign={"revoked_at": at},
            when=where(org_id=org_id),
            otherwise=NotFound("token"),
        )
