"""Tokens: who may make, see and revoke which."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from shared.domain.access import Actor, Capability, OrgRole, has_capability, require_capability
from shared.domain.errors import Invalid, MissingCapability, NotFound
from shared.domain.organization import Member, MemberStatus
from shared.domain.paging import Page, PageRequest
from shared.domain.token import SCOPES, Token, TokenKind
from shared.repositories.credentials import CredentialRepository
from shared.repositories.members import MemberRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.directory import Directory, TokenDraft
from shared.services.mint import Mint

_RANK: Final = {OrgRole.MEMBER: 1, OrgRole.ADMIN: 2, OrgRole.OWNER: 3}


@dataclass(frozen=True, slots=True)
class Tokens:
    credentials: CredentialRepository
    members: MemberRepository
    directory: Directory
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def list_page(self, actor: Actor, page: PageRequest) -> Page[Token]:
        """Admins see every token of the org, everybody else their own; revoked ones, too."""
        holder = None if _manages(actor) else actor.member_id or actor.id
        return self.credentials.list_page(actor.org_id, holder, page)

    def get(self, actor: Actor, token_id: str) -> Token:
        """Raises: NotFound for another's, unless an admin asks."""
        token = self.credentials.find_token(actor.org_id, token_id)
        if token is None or not (_manages(actor) or token.holder in (actor.member_id, actor.id)):
            raise NotFound("token")
        return token

    def create(self, actor: Actor, draft: TokenDraft) -> tuple[Token, str]:
        """A token and, this once, its secret text.

        A token never makes one that may do more than itself. Raises: Invalid, NotFound, MissingCapability.
        """
        if draft.expires_at is not None and draft.expires_at <= self.mint.now():
            raise Invalid.field("expiresAt", "is past; name a time to come")
        asked = self._completed(actor, draft)
        self._require_may_create(actor, asked)
        return self.directory.create_token(actor.org_id, replace(asked, created_by=actor.id))

    def revoke(self, actor: Actor, token_id: str) -> Token:
        """Takes effect on the token's next request; idempotent. Raises: NotFound."""
        token = self.get(actor, token_id)
        if token.revoked_at is not None:
            return token
        at = self.mint.now()
        with self.begin() as work:
            self.credentials.revoke(actor.org_id, token.id, at, work)
        return replace(token, revoked_at=at)

    def _completed(self, actor: Actor, draft: TokenDraft) -> TokenDraft:
        """Without a member or a team, a token is for who asks."""
        acts_for_nobody = draft.kind == TokenKind.SERVICE or draft.member_id or draft.team_id
        member_id = draft.member_id if acts_for_nobody else actor.member_id
        scopes = draft.scopes or SCOPES[draft.kind] & actor.scopes
        return replace(draft, member_id=member_id, scopes=scopes)

    def _require_may_create(self, actor: Actor, draft: TokenDraft) -> None:
        if draft.kind == TokenKind.SERVICE or draft.team_id:
            require_capability(actor, Capability.DIRECTORY_MANAGE)
        elif draft.member_id and draft.member_id != actor.member_id:
            self._require_may_act_for(actor, draft.member_id, draft.kind)
        if not draft.scopes <= actor.scopes:
            raise MissingCapability("A token cannot make one with more scopes than its own.")

    def _require_may_act_for(self, actor: Actor, member_id: str, kind: TokenKind) -> None:
        require_capability(actor, Capability.DIRECTORY_MANAGE)
        member = self.members.find(actor.org_id, member_id)
        if member is None or member.status == MemberStatus.REMOVED:
            raise NotFound("member")
        if kind == TokenKind.PERSONAL and not _outranks(actor, member):
            # Whoever holds it acts as that member: an admin must not become an owner that way.
            raise MissingCapability("A personal token for somebody of your own role or above is theirs to make.")


def _manages(actor: Actor) -> bool:
    return has_capability(actor, Capability.DIRECTORY_MANAGE)


def _outranks(actor: Actor, member: Member) -> bool:
    return actor.role is not None and _RANK[actor.role] > _RANK[member.role]
