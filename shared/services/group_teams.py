"""Groups of the identity provider: who signs in is put into the teams that carry their names, and out again."""

import hashlib
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Final

from shared.domain.audit import AuditActor, AuditActorKind, Occasion
from shared.domain.errors import DepotError
from shared.domain.organization import SLUG, Member, Team
from shared.repositories.members import MemberRepository
from shared.repositories.teams import MAX_TEAMS, TeamRepository
from shared.repositories.unit_of_work import MAX_STEPS, UnitOfWork
from shared.services.mint import Mint

LOOKED_AGAIN_AFTER: Final = timedelta(hours=1)
"""The same groups are compared with the org's teams no more often: a team may have come since."""


@dataclass(frozen=True, slots=True)
class GroupTeams:
    """A member is in a team by hand or by a group. What was given by hand, no group takes away."""

    members: MemberRepository
    teams: TeamRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def follow(self, member: Member, groups: frozenset[str] | None) -> Member:
        """The member in the teams that `groups` name by their slugs; None is a token that tells of no groups.

        Costs nothing while the groups are those seen before. A sign-in is not refused because it was overtaken, or
        the table was busy: the next one follows.
        """
        if groups is None or not self._is_due(member, _mark(groups)):
            return member
        with suppress(DepotError):
            return self._follow(member, groups)
        return member

    def _is_due(self, member: Member, mark: str) -> bool:
        seen_at = member.groups_seen_at
        return mark != member.groups_seen or seen_at is None or self.mint.now() - seen_at >= LOOKED_AGAIN_AFTER

    def _follow(self, member: Member, groups: frozenset[str]) -> Member:
        named = self.teams.find_by_slugs(member.org_id, [one for one in sorted(groups) if SLUG.fullmatch(one)])
        left = member.group_team_ids - named.keys()
        kept = member.team_ids - left
        joined = [named[one] for one in sorted(named.keys() - kept)][: _room(kept, left)]
        given = {one.id for one in joined}
        changed = replace(
            member,
            team_ids=kept | given,
            group_team_ids=(member.group_team_ids & kept) | given,
            groups_seen=_mark(groups),
            groups_seen_at=self.mint.now(),
            revision=member.revision + 1,
        )
        self._write(member, changed, joined, left)
        return changed

    def _write(self, member: Member, changed: Member, joined: Sequence[Team], left: Set[str]) -> None:
        fields = ("team_ids", "group_team_ids", "groups_seen", "groups_seen_at")
        work = self.begin().on(partial(_signing_in, member))
        with work if joined or left else work.as_upkeep():
            # First, so that who was overtaken changes nothing.
            self.members.update(member, {name: getattr(changed, name) or None for name in fields}, work)
            for team in joined:
                self.teams.require(team, work)
                self.teams.put_member(team.org_id, team.id, member.id, work)
            for team_id in left:
                self.teams.drop_member(member.org_id, team_id, member.id, work)


def _signing_in(member: Member, seen: Occasion) -> Occasion:
    """Whatever was asked for: the identity provider has said what groups they are in."""
    actor = AuditActor(AuditActorKind.MEMBER, member.id)
    return Occasion("followGroups", seen.request_id, actor, member.org_id, member.id)


def _room(kept: frozenset[str], left: frozenset[str]) -> int:
    """How many teams a member may come into: two steps each, beside a step for each that is left and the member's."""
    return min(MAX_TEAMS - len(kept), (MAX_STEPS - 1 - len(left)) // 2)


def _mark(groups: frozenset[str]) -> str:
    return hashlib.sha256("\n".join(sorted(groups)).encode()).hexdigest()[:32]
