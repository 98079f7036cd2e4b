"""What is connected, where it is taken in, and the runs that do so."""

from typing import Final

from shared.repositories.keys.key import Key, bounded


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
    return Key(target(org_id, target_id).pk, IMPORT + bounded(candidate))


def mapping_edge(org_id: str, mapping_id: str) -> str:
    return f"CMP#{org_id}#{mapping_id}"


BINDING: Final = "BIND#"

TOMBSTONE: Final = "TOMB#"


def binding(org_id: str, target_id: str, locator: str) -> Key:
    return Key(f"CTG#{org_id}#{target_id}", BINDING + bounded(locator))


def tombstone(org_id: str, target_id: str, locator: str, object_id: str) -> Key:
    return Key(f"CTG#{org_id}#{target_id}", f"{TOMBSTONE}{bounded(locator)}#{object_id}")


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
