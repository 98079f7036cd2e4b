"""The single table's key schema: the only place that spells a key.

Rows (o = org id, everything else an id of its kind; `·` separates pk and sk):

    organization          ORG#o · ORG
    data key              ORG#o · DATAKEY                        wrapped by KMS
    stopped targets       ORG#o · STOPPED                        ids, by why nothing comes from them any more
    slug guard            SLUG#slug · SLUG                       → org id
    member                MEMBER#m · MEMBER                      list o#mem
    person                PERSON#issuer#subject · ORG#o          → member id: sign-in, and "my orgs"
    email guard           EMAIL#email · ORG#o                    → member id: invitations, and "my orgs"
    team                  TEAM#o#t · TEAM                        list o#team
    team member           TEAM#o#t · MEMBER#m
    token                 TOKEN#k · TOKEN                        list o#tok   edge HOLDER#o#member or team · k
    config object         CFG#o#c · OBJECT                       list o#cfg   edge UNINDEXED#o · c                   due
    version               CFG#o#c · VERSION#v
    plugin                PLG#o#p · PLUGIN                       list o#plg                                          due
    membership            PLG#o#p · MEMBER#c
    release               PLG#o#p · RELEASE#r
    release's version     PLG#o#p · VERSION#semver               → release id
    marketplace           MKT#o#m · MARKETPLACE                  list o#mkt
    marketplace member    MKT#o#m · MEMBER#p
    marketplace slug      MKTSLUG#o#slug · SLUG                  → marketplace id
    grant                 <the resource's pk> · GRANT#principal  edge PRINCIPAL#o#principal · resource id
    name guard            NAME#o#kind#creator#name · NAME        → resource id
    plugins of a name     PLGNAME#o#name · NAME                  → ids of the active ones, whoever made them
    installing (TTL)      INSTALL#nonce · INSTALL                good once: state, then ticket
    installation claim    CLAIM#type#installation · ORG#o
    connector account     CAC#o#a · ACCOUNT                      list o#cac   edge REMOTE#type#installation · o#a
    connector instance    CIN#o#i · INSTANCE                     list o#cin   edge CAC#o#a · i
    tracked branch        CIN#o#i · TRACKS#repository#branch     → target id
    connector target      CTG#o#t · TARGET                       list o#cin#i edge REPO#repository · o#t    due
    mapping               CTG#o#t · MAPPING#x                                 edge CMP#o#x · t
    discovery run         CTG#o#t · DISCOVERY                                                                        due
    application of one    CTG#o#t · APPLICATION                                                                      due
    import                CTG#o#t · IMPORT#candidate             → plugin id, or the marketplace's
    binding               CTG#o#t · BIND#locator
    tombstone             CTG#o#t · TOMB#locator#config object
    head guard            CTG#o#t · HEAD#revision (or event id)               edge CIN#o#i · sync event id
    sync event            SYN#o#s · EVENT                        list o#syn   edge CTG#o#t · sync event id  due
    delivery log          DELIVERIES#type · LOG                  how far the far side's own log was read
    idempotency (TTL)     IDEM#o#actor#key · IDEM
    posting of a word     IDX#o#rank+2 characters · word c
    posting of a fact     IDX#o#name:value · c
    client                CLI#o#holder#c · STATE                 list o#cli   edge CLIENTS#o#holder · c#holder      due
    installed plugin      CLI#o#holder#c · PLUGIN#p                           edge PLG#o#p · c#holder
    kept content (TTL)    PLG#o#p · CONTENT#digest               what was delivered under it
    adoption of a digest  PLG#o#p · ADOPTION#digest              how many clients and members have it                due
    adopter of a digest   PLG#o#p · ADOPTER#digest#member        how many of their clients have it
    audit event (TTL)     AUD#o#yyyymm · time#id                 list o#aud#actor  edge AUD#o#resource · time#id
    refusal guard (TTL)   REFUSED#o#who and what · hour          one event of a kind per hour

Every hot row has its own partition: a config object, a plugin, a token and a member are read and written
without touching one partition per org. The three sparse indexes hold keys alone; callers batch-get the rows,
consistently, so a list never shows a state that the rows no longer have.

    list   rows of one kind in an org, in id order: pages do not shift when rows change
    edge   reverse edges and outside identifiers
    due    work by time, spread over DUE_SHARDS partitions

A config object is in `edge` and `due` only while its postings are not yet those of its row; a plugin is in `due`
only while its creation is not finished. A client's holder is the member, or the token of no member, that reports it.
The postings of one rank and two first characters are neighbours, in the order of their words, so that a prefix is one
range of them.

Org ids are part of every key that a caller can name, so that another tenant's id finds nothing. Tokens, members
and persons are read before the org is known; what they say is compared with the org in the path.
"""

import hashlib
import zlib
from typing import Final, NamedTuple

DUE_SHARDS: Final = 16
_MAX_SORT_KEY: Final = 900
"""Bytes of a locator kept in a sort key as they are: DynamoDB allows 1,024 in all."""


class Key(NamedTuple):
    pk: str
    sk: str


def organization(org_id: str) -> Key:
    return Key(f"ORG#{org_id}", "ORG")


def data_key(org_id: str) -> Key:
    return Key(f"ORG#{org_id}", "DATAKEY")


def stopped_targets(org_id: str) -> Key:
    return Key(f"ORG#{org_id}", "STOPPED")


def slug(value: str) -> Key:
    return Key(f"SLUG#{value}", "SLUG")


def member(member_id: str) -> Key:
    return Key(f"MEMBER#{member_id}", "MEMBER")


def person(issuer: str, subject: str, org_id: str) -> Key:
    return Key(f"PERSON#{issuer}#{subject}", f"ORG#{org_id}")


def email(org_id: str, address: str) -> Key:
    return Key(f"EMAIL#{address.lower()}", f"ORG#{org_id}")


def team(org_id: str, team_id: str) -> Key:
    return Key(f"TEAM#{org_id}#{team_id}", "TEAM")


TEAM_MEMBER: Final = "MEMBER#"


def team_member(org_id: str, team_id: str, member_id: str) -> Key:
    return Key(f"TEAM#{org_id}#{team_id}", TEAM_MEMBER + member_id)


def token(token_id: str) -> Key:
    return Key(f"TOKEN#{token_id}", "TOKEN")


def holder_edge(org_id: str, holder: str) -> str:
    return f"HOLDER#{org_id}#{holder}"


def config_object(org_id: str, object_id: str) -> Key:
    return Key(f"CFG#{org_id}#{object_id}", "OBJECT")


def unindexed(org_id: str) -> str:
    """The edge index partition of the config objects whose postings are out of date."""
    return f"UNINDEXED#{org_id}"


def fact_postings(org_id: str, term: str) -> str:
    return f"IDX#{org_id}#{term}"


def fact_posting(org_id: str, term: str, object_id: str) -> Key:
    return Key(fact_postings(org_id, term), object_id)


def word_postings(org_id: str, rank: int, word: str) -> str:
    return f"IDX#{org_id}#{rank}{word[:2]}"


def word_posting(org_id: str, rank: int, word: str, object_id: str) -> Key:
    """No word has a blank, so the words before it in the alphabet have their postings before its."""
    return Key(word_postings(org_id, rank, word), f"{word} {object_id}")


VERSION: Final = "VERSION#"


def version(org_id: str, object_id: str, version_id: str) -> Key:
    return Key(f"CFG#{org_id}#{object_id}", VERSION + version_id)


def plugin(org_id: str, plugin_id: str) -> Key:
    return Key(f"PLG#{org_id}#{plugin_id}", "PLUGIN")


MEMBERSHIP: Final = "MEMBER#"


def membership(org_id: str, plugin_id: str, object_id: str) -> Key:
    return Key(f"PLG#{org_id}#{plugin_id}", MEMBERSHIP + object_id)


RELEASE: Final = "RELEASE#"


def release(org_id: str, plugin_id: str, release_id: str) -> Key:
    return Key(f"PLG#{org_id}#{plugin_id}", RELEASE + release_id)


def release_version(org_id: str, plugin_id: str, semver: str) -> Key:
    return Key(f"PLG#{org_id}#{plugin_id}", VERSION + semver)


def marketplace(org_id: str, marketplace_id: str) -> Key:
    return Key(f"MKT#{org_id}#{marketplace_id}", "MARKETPLACE")


def marketplace_member(org_id: str, marketplace_id: str, plugin_id: str) -> Key:
    return Key(f"MKT#{org_id}#{marketplace_id}", MEMBERSHIP + plugin_id)


def marketplace_slug(org_id: str, value: str) -> Key:
    return Key(f"MKTSLUG#{org_id}#{value}", "SLUG")


GRANT: Final = "GRANT#"


def resource(org_id: str, resource_id: str) -> Key:
    """The row of anything that grants can be given on."""
    sort_keys = {"cfg": "OBJECT", "plg": "PLUGIN", "mkt": "MARKETPLACE", "cin": "INSTANCE"}
    kind = resource_id.partition("_")[0]
    return Key(f"{kind.upper()}#{org_id}#{resource_id}", sort_keys[kind])


def grant(org_id: str, resource_id: str, principal: str) -> Key:
    return Key(resource(org_id, resource_id).pk, GRANT + principal)


def principal_edge(org_id: str, principal: str) -> str:
    return f"PRINCIPAL#{org_id}#{principal}"


def name(org_id: str, kind: str, creator: str, value: str) -> Key:
    return Key(f"NAME#{org_id}#{kind}#{creator}#{value.lower()}", "NAME")


def plugin_name(org_id: str, value: str) -> Key:
    return Key(f"PLGNAME#{org_id}#{value.lower()}", "NAME")


def claim(connector_type: str, remote_id: str, org_id: str) -> Key:
    return Key(f"CLAIM#{connector_type}#{remote_id}", f"ORG#{org_id}")


def install_attempt(nonce: str) -> Key:
    return Key(f"INSTALL#{nonce}", "INSTALL")


def account(org_id: str, account_id: str) -> Key:
    return Key(f"CAC#{org_id}#{account_id}", "ACCOUNT")


def remote_edge(connector_type: str, remote_id: str) -> str:
    return f"REMOTE#{connector_type}#{remote_id}"


def instance(org_id: str, instance_id: str) -> Key:
    return Key(f"CIN#{org_id}#{instance_id}", "INSTANCE")


def account_edge(org_id: str, account_id: str) -> str:
    """The edge index partition of the instances of an account."""
    return f"CAC#{org_id}#{account_id}"


def tracked_branch(org_id: str, instance_id: str, repository_id: int, branch: str) -> Key:
    return Key(f"CIN#{org_id}#{instance_id}", f"TRACKS#{repository_id}#{branch}")


def target(org_id: str, target_id: str) -> Key:
    return Key(f"CTG#{org_id}#{target_id}", "TARGET")


def repository_edge(repository_id: int) -> str:
    return f"REPO#{repository_id}"


MAPPING: Final = "MAPPING#"


def mapping(org_id: str, target_id: str, mapping_id: str) -> Key:
    return Key(f"CTG#{org_id}#{target_id}", MAPPING + mapping_id)


def discovery(org_id: str, target_id: str) -> Key:
    return Key(target(org_id, target_id).pk, "DISCOVERY")


def application(org_id: str, target_id: str) -> Key:
    return Key(target(org_id, target_id).pk, "APPLICATION")


IMPORT: Final = "IMPORT#"


def imported(org_id: str, target_id: str, candidate: str) -> Key:
    return Key(target(org_id, target_id).pk, IMPORT + _bounded(candidate))


def mapping_edge(org_id: str, mapping_id: str) -> str:
    return f"CMP#{org_id}#{mapping_id}"


BINDING: Final = "BIND#"
TOMBSTONE: Final = "TOMB#"


def binding(org_id: str, target_id: str, locator: str) -> Key:
    return Key(f"CTG#{org_id}#{target_id}", BINDING + _bounded(locator))


def tombstone(org_id: str, target_id: str, locator: str, object_id: str) -> Key:
    return Key(f"CTG#{org_id}#{target_id}", f"{TOMBSTONE}{_bounded(locator)}#{object_id}")


def head_guard(org_id: str, target_id: str, revision: str) -> Key:
    return Key(f"CTG#{org_id}#{target_id}", f"HEAD#{revision}")


def sync_event(org_id: str, event_id: str) -> Key:
    return Key(f"SYN#{org_id}#{event_id}", "EVENT")


def delivery_log(connector_type: str) -> Key:
    return Key(f"DELIVERIES#{connector_type}", "LOG")


def target_edge(org_id: str, target_id: str) -> str:
    return f"CTG#{org_id}#{target_id}"


def instance_edge(org_id: str, instance_id: str) -> str:
    return f"CIN#{org_id}#{instance_id}"


def idempotency(org_id: str, actor_id: str, key: str) -> Key:
    return Key(f"IDEM#{org_id}#{actor_id}#{key}", "IDEM")


def audit_month(org_id: str, at: str) -> str:
    """The partition of a month's events; `at` is a time as rows have it, `2026-11-25T…`."""
    return f"AUD#{org_id}#{at[:4]}{at[5:7]}"


def audit_event(org_id: str, at: str, event_id: str) -> Key:
    return Key(audit_month(org_id, at), audit_place(at, event_id))


def refusal(org_id: str, what: str, hour: str) -> Key:
    return Key(f"REFUSED#{org_id}#{what}", hour)


def audit_place(at: str, event_id: str) -> str:
    return f"{at}#{event_id}"


def audit_listing(org_id: str, actor_id: str) -> str:
    """The list index partition of what one actor did."""
    return f"{org_id}#aud#{actor_id}"


def audit_edge(org_id: str, resource_id: str) -> str:
    return f"AUD#{org_id}#{resource_id}"


def client(org_id: str, holder: str, client_id: str) -> Key:
    """Below its holder: the same client id of somebody else is another client."""
    return Key(f"CLI#{org_id}#{holder}#{client_id}", "STATE")


def installed(org_id: str, holder: str, client_id: str, plugin_id: str) -> Key:
    return Key(client(org_id, holder, client_id).pk, f"PLUGIN#{plugin_id}")


def clients_edge(org_id: str, holder: str) -> str:
    return f"CLIENTS#{org_id}#{holder}"


ADOPTION: Final = "ADOPTION#"


def kept_content(org_id: str, plugin_id: str, digest: str) -> Key:
    return Key(plugin(org_id, plugin_id).pk, f"CONTENT#{digest}")


def adoption(org_id: str, plugin_id: str, digest: str) -> Key:
    return Key(plugin(org_id, plugin_id).pk, ADOPTION + digest)


def adopter(org_id: str, plugin_id: str, digest: str, member_id: str) -> Key:
    return Key(plugin(org_id, plugin_id).pk, f"ADOPTER#{digest}#{member_id}")


def listing(org_id: str, kind: str) -> str:
    """The list index partition of one kind of row (an id prefix) in an org."""
    return f"{org_id}#{kind}"


def instance_listing(org_id: str, instance_id: str) -> str:
    """The list index partition of one instance's targets."""
    return f"{org_id}#cin#{instance_id}"


def due_shard(row_id: str) -> str:
    return f"DUE#{zlib.crc32(row_id.encode()) % DUE_SHARDS:02d}"


def due_shards() -> list[str]:
    return [f"DUE#{shard:02d}" for shard in range(DUE_SHARDS)]


def _bounded(locator: str) -> str:
    """A locator as part of a sort key; git paths may be longer than a sort key can be."""
    if len(locator.encode()) <= _MAX_SORT_KEY:
        return locator
    return "sha256:" + hashlib.sha256(locator.encode()).hexdigest()
