"""What a presented credential says, in one read: the token, its member, and the org of the path."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.errors import Conflict, NotFound
from shared.domain.organization import Member
from shared.domain.paging import Page, PageRequest
from shared.domain.ticket import Ticket
from shared.domain.token import PresentedToken, Token
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.members import dropped_teams_of, org_id_of
from shared.repositories.table import EDGE, LIST, Table
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where


@dataclass(frozen=True, slots=True)
class Credential:
    """`org_id` is the org that the path names, None when there is no such org; its `dropped_teams` reach nobody."""

    token: Token | None
    member: Member | None
    org_id: str | None
    dropped_teams: frozenset[str] = frozenset()


class CredentialRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, presented: PresentedToken | Ticket, org: str | None = None) -> Credential:
        """One BatchGetItem, whatever the token's kind and however the path spells the org (id or slug)."""
        by_slug = org is not None and not org.startswith("org_")
        token_key, member_key = keys.token(presented.token_id), keys.member(presented.member_id or "")
        org_key = keys.slug(org or "") if by_slug else keys.organization(org or "")
        wanted = [token_key, *([member_key] if presented.member_id else []), *([org_key] if org is not None else [])]
        rows = self._table.batch_get(wanted)
        token, member, place = (rows.get(key) for key in (token_key, member_key, org_key))
        return Credential(
            decode(Token, token) if token else None,
            decode(Member, member) if member else None,
            org_id_of(place) if by_slug else org,
            dropped_teams_of(place),
        )

    def find_token(self, org_id: str, token_id: str) -> Token | None:
        found = self.find_tokens(org_id, [token_id])
        return found[0] if found else None

    def find_tokens(self, org_id: str, token_ids: Iterable[str]) -> list[Token]:
        """Tokens of this org, in the order of their ids; those of another are as absent as unknown ones."""
        rows = self._table.batch_get(keys.token(token_id) for token_id in token_ids)
        tokens = [decode(Token, row) for row in rows.values()]
        return sorted((token for token in tokens if token.org_id == org_id), key=lambda token: token.id)

    def list_page(self, org_id: str, holder: str | None, page: PageRequest) -> Page[Token]:
        """Every token of an org, or those of one holder (a member or a team)."""
        index = LIST if holder is None else EDGE
        pk = keys.listing(org_id, "tok") if holder is None else keys.holder_edge(org_id, holder)
        found = self._table.query(pk, index=index, after=page.after, limit=page.limit)
        ids = [item[f"{index.name}_sk"]["S"] for item in found.items]
        return Page(self.find_tokens(org_id, ids), ids[-1] if found.more else None)

    def add(self, token: Token, work: UnitOfWork) -> None:
        """Raises: NotFound, on commit, when the team or the marketplace that it names is none of the org's."""
        listing = {"list_pk": keys.listing(token.org_id, "tok"), "list_sk": token.id}
        edge = {"edge_pk": keys.holder_edge(token.org_id, token.holder), "edge_sk": token.id}
        work.add(encode(keys.token(token.id), token, listing | edge), Conflict("This token already exists."))
        if token.team_id:
            work.check(keys.team(token.org_id, token.team_id), Condition(PRESENT), NotFound("team"))
        if token.marketplace_id:
            marketplace = keys.resource(token.org_id, token.marketplace_id)
            work.check(marketplace, Condition(PRESENT), NotFound("marketplace"))

    def note_use(self, token: Token, at: datetime, work: UnitOfWork) -> None:
        """Raises: Conflict, on commit, when another request was faster."""
        seen = where(last_used_at=token.last_used_at)
        work.update(keys.token(token.id), assign={"last_used_at": at}, when=seen)

    def revoke(self, org_id: str, token_id: str, at: datetime, work: UnitOfWork) -> None:
        work.update(
            keys.token(token_id),
            assign={"revoked_at": at},
            when=where(org_id=org_id),
            otherwise=NotFound("token"),
        )
