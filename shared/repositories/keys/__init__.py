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

from shared.repositories.keys.audit import audit_edge, audit_event, audit_listing, audit_month, audit_place, refusal
from shared.repositories.keys.clients import ADOPTION, adopter, adoption, client, clients_edge, installed
from shared.repositories.keys.connectors import (
    BINDING,
    IMPORT,
    MAPPING,
    TOMBSTONE,
    account,
    account_edge,
    application,
    binding,
    claim,
    delivery_log,
    discovery,
    head_guard,
    imported,
    install_attempt,
    instance,
    instance_edge,
    mapping,
    mapping_edge,
    remote_edge,
    repository_edge,
    sync_event,
    target,
    target_edge,
    tombstone,
    tracked_branch,
)
from shared.repositories.keys.indexes import DUE_SHARDS, due_shard, due_shards, instance_listing, listing
from shared.repositories.keys.key import Key
from shared.repositories.keys.objects import (
    VERSION,
    config_object,
    fact_posting,
    fact_postings,
    unindexed,
    version,
    word_posting,
    word_postings,
)
from shared.repositories.keys.orgs import (
    TEAM_MEMBER,
    data_key,
    email,
    holder_edge,
    idempotency,
    member,
    organization,
    person,
    slug,
    stopped_targets,
    team,
    team_member,
    token,
)
from shared.repositories.keys.plugins import (
    GRANT,
    MEMBERSHIP,
    RELEASE,
    grant,
    kept_content,
    marketplace,
    marketplace_member,
    marketplace_slug,
    membership,
    name,
    plugin,
    plugin_name,
    principal_edge,
    release,
    release_version,
    resource,
)

__all__ = [
    "ADOPTION",
    "BINDING",
    "DUE_SHARDS",
    "GRANT",
    "IMPORT",
    "MAPPING",
    "MEMBERSHIP",
    "RELEASE",
    "TEAM_MEMBER",
    "TOMBSTONE",
    "VERSION",
    "Key",
    "account",
    "account_edge",
    "adopter",
    "adoption",
    "application",
    "audit_edge",
    "audit_event",
    "audit_listing",
    "audit_month",
    "audit_place",
    "binding",
    "claim",
    "client",
    "clients_edge",
    "config_object",
    "data_key",
    "delivery_log",
    "discovery",
    "due_shard",
    "due_shards",
    "email",
    "fact_posting",
    "fact_postings",
    "grant",
    "head_guard",
    "holder_edge",
    "idempotency",
    "imported",
    "install_attempt",
    "installed",
    "instance",
    "instance_edge",
    "instance_listing",
    "kept_content",
    "listing",
    "mapping",
    "mapping_edge",
    "marketplace",
    "marketplace_member",
    "marketplace_slug",
    "member",
    "membership",
    "name",
    "organization",
    "person",
    "plugin",
    "plugin_name",
    "principal_edge",
    "refusal",
    "release",
    "release_version",
    "remote_edge",
    "repository_edge",
    "resource",
    "slug",
    "stopped_targets",
    "sync_event",
    "target",
    "target_edge",
    "team",
    "team_member",
    "token",
    "tombstone",
    "tracked_branch",
    "unindexed",
    "version",
    "word_posting",
    "word_postings",
]
