"""The use cases of the directory: who is asking, orgs, members, teams, tokens."""

import hmac
from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.delivering import Delivering

if TYPE_CHECKING:
    from shared.services.access_listing import AccessListing
    from shared.services.audit import Audit
    from shared.services.audit_forwarding import AuditForwarding
    from shared.services.authentication import Authentication
    from shared.services.directory import Directory
    from shared.services.group_teams import GroupTeams
    from shared.services.invitations import Invitations
    from shared.services.members import Members
    from shared.services.org_settings import Organizations
    from shared.services.refusals import Refusals
    from shared.services.teams import Teams
    from shared.services.tokens import Tokens


class DirectoryServices(Delivering):
    @cached_property
    def authentication(self) -> "Authentication":
        from shared.services.authentication import Authentication

        return Authentication(
            self.credential_rows,
            self.member_rows,
            self.sign_in_rows,
            self.organization_rows,
            self.invitations,
            self.group_teams,
            self.jwt_verifier,
            self.mint,
            self.begin,
            self._ticket_key,
        )

    def _ticket_key(self) -> bytes:
        """Of the secret that signs cursors: a key of its own, so that nothing signed for one passes for the other."""
        secret = self.secrets.get(self.settings.cursor_secret).encode()
        return hmac.digest(secret, b"tickets", "sha256")

    @cached_property
    def group_teams(self) -> "GroupTeams":
        from shared.services.group_teams import GroupTeams

        return GroupTeams(self.member_rows, self.team_rows, self.mint, self.begin)

    @cached_property
    def invitations(self) -> "Invitations":
        from shared.services.invitations import Invitations

        return Invitations(self.member_rows, self.organization_rows, self.mint, self.begin)

    @cached_property
    def directory(self) -> "Directory":
        from shared.services.directory import Directory

        return Directory(
            self.organization_rows,
            self.member_rows,
            self.team_rows,
            self.credential_rows,
            self.account_rows,
            self.mint,
            self.begin,
        )

    @cached_property
    def organizations(self) -> "Organizations":
        from shared.services.org_settings import Organizations

        return Organizations(self.organization_rows, self.directory, self.mint, self.begin)

    @cached_property
    def members(self) -> "Members":
        from shared.services.members import Members

        issuer = self.settings.oidc_issuer or None
        return Members(self.member_rows, self.organization_rows, issuer, self.mint, self.begin)

    @cached_property
    def teams(self) -> "Teams":
        from shared.services.teams import Teams

        return Teams(
            self.team_rows, self.member_rows, self.organization_rows, self.credential_rows, self.mint, self.begin
        )

    @cached_property
    def tokens(self) -> "Tokens":
        from shared.services.tokens import Tokens

        return Tokens(self.credential_rows, self.member_rows, self.directory, self.mint, self.begin)

    @cached_property
    def audit(self) -> "Audit":
        from shared.services.audit import Audit

        return Audit(self.audit_rows, self.audit_retention, self.mint)

    @cached_property
    def audit_forwarding(self) -> "AuditForwarding":
        from shared.services.audit_forwarding import AuditForwarding

        return AuditForwarding(self.audit_bus)

    @cached_property
    def refusals(self) -> "Refusals":
        from shared.services.refusals import Refusals

        return Refusals(self.audit_retention, self.mint, self.begin)

    @cached_property
    def access_listing(self) -> "AccessListing":
        from shared.services.access_listing import AccessListing

        return AccessListing(self.resource_rows, self.marketplace_rows, self.teams)
