"""Orgs, their people and their tokens."""

from typing import Final

from shared.repositories.keys.key import Key


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


def idempotency(org_id: str, actor_id: str, key: str) -> Key:
    return Key(f"IDEM#{org_id}#{actor_id}#{key}", "IDEM")
