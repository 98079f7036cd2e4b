"""Audit events, and what keeps refusals few."""

from shared.repositories.keys.key import Key


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
