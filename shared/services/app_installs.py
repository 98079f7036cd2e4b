"""Installing the GitHub App: a member starts it, GitHub proves who comes back, and that person says yes.

What is defended against, and by what, is told in docs/decisions/0030-who-installs-is-asked.md.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.connectors.port import Connector
from shared.domain.access import Actor, ActorKind, Capability, OrgRole
from shared.domain.audit import AuditActor, AuditActorKind
from shared.domain.connector import ConnectorAccount
from shared.domain.errors import Forbidden, Invalid, MissingCapability, NotFound
from shared.domain.install_state import LIFETIME, InstallState, read_state
from shared.domain.organization import Member, MemberStatus, Organization
from shared.domain.source_tree import Installation
from shared.repositories.install_attempts import InstallAttemptRepository, ProvenInstall
from shared.repositories.members import MemberRepository
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.connector_accounts import ConnectorAccounts
from shared.services.mint import Mint
from shared.services.organizations import Capabilities


@dataclass(frozen=True, slots=True)
class StartedInstall:
    install_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What the person at GitHub is asked: shall this org read what this installation reads?"""

    installation: Installation
    organization: Organization
    starter: Member
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AppInstalls:
    attempts: InstallAttemptRepository
    accounts: ConnectorAccounts
    organizations: OrganizationRepository
    members: MemberRepository
    capabilities: Capabilities
    connector: Callable[[], Connector] = field(repr=False)
    key: Callable[[], bytes] = field(repr=False)
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def start(self, actor: Actor) -> StartedInstall:
        """Where to send the person who installs the app.

        Raises: MissingCapability, for service tokens too: an installation belongs to whoever started it.
        """
        self.capabilities.require(actor, Capability.CONNECTOR_ACCOUNT_CREATE)
        if actor.kind != ActorKind.MEMBER or actor.member_id is None:
            raise MissingCapability("Only a person starts an installation; sign in, or use a personal token.")
        # Whole seconds: what is signed is what is stored.
        until = (self.mint.now() + LIFETIME).replace(microsecond=0)
        state = InstallState(actor.org_id, actor.member_id, until, f"{self.mint.random_bits(256):064x}")
        url = self.connector().install_url(state.sign(self.key()))
        with self.begin().as_upkeep() as work:
            self.attempts.start(state, work)
        return StartedInstall(url, until)

    def prove(self, signed_state: str, code: str, installation_id: int) -> Question:
        """Take back a state with GitHub's code, and have GitHub say that its owner sees the installation.

        A state is out of use whatever comes of it. Raises: Invalid for a state or a code that does not hold;
            Conflict for a state that was used; Forbidden for a person who does not see the installation.
        """
        state = read_state(signed_state, self.key(), self.mint.now())
        with self.begin().as_upkeep() as work:
            self.attempts.use(state, work)
        organization, starter = self._still_entitled(state.org_id, state.member_id)
        installation = self.connector().installation_seen_with(code, installation_id)
        if installation is None:
            raise Forbidden("The GitHub user who came back does not see this installation.")
        secret = f"{self.mint.random_bits(256):064x}"
        with self.begin().as_upkeep() as work:
            self.attempts.prove(state.nonce, str(installation.id), _hash(secret), work)
        return Question(installation, organization, starter, f"{state.nonce}.{secret}")

    def confirm(self, ticket: str) -> tuple[ConnectorAccount, Organization]:
        """The person said yes: record the claim and bind the installation to the org.

        Raises: Invalid for a ticket that is not ours or too old; Conflict for one that was used.
        """
        nonce, _, secret = ticket.partition(".")
        proven = self.attempts.find_proven(nonce)
        if proven is None or not hmac.compare_digest(proven.ticket_hash, _hash(secret)):
            raise Invalid.field("ticket", "is not one of ours, or was used; start the installation again")
        if self.mint.now() >= proven.expires_at:
            raise Invalid.field("ticket", "is too old; start the installation again")
        organization, starter = self._still_entitled(proven.org_id, proven.member_id)
        return self._bind(proven, nonce, starter), organization

    def _bind(self, proven: ProvenInstall, nonce: str, starter: Member) -> ConnectorAccount:
        installation = self.connector().installation(int(proven.remote_id))
        actor = AuditActor(AuditActorKind.MEMBER, starter.id)
        with self.begin().on(lambda seen: replace(seen, actor=actor, org_id=proven.org_id)) as work:
            self.attempts.finish(nonce, work)
            self.accounts.claim(proven.org_id, installation, work)
            return self.accounts.bind(proven.org_id, starter.id, installation, work)

    def _still_entitled(self, org_id: str, member_id: str) -> tuple[Organization, Member]:
        """Whoever lost the right while the installation was under way finishes none."""
        organization, member = self.organizations.find(org_id), self.members.find(org_id, member_id)
        if organization is None or member is None or member.status != MemberStatus.ACTIVE:
            raise NotFound("member who started this installation")
        if member.role not in (OrgRole.OWNER, OrgRole.ADMIN):
            raise MissingCapability("Whoever started this installation is no admin of the organization any more.")
        return organization, member


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
