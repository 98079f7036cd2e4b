"""Clients, and how many of them have what."""

from typing import Final

from shared.repositories.keys.key import Key
from shared.repositories.keys.plugins import plugin


def client(org_id: str, holder: str, client_id: str) -> Key:
    """Below its holder: the same client id of somebody else is another client."""
    return Key(f"CLI#{org_id}#{holder}#{client_id}", "STATE")


def installed(org_id: str, holder: str, client_id: str, plugin_id: str) -> Key:
    return Key(client(org_id, holder, client_id).pk, f"PLUGIN#{plugin_id}")


def clients_edge(org_id: str, holder: str) -> str:
    return f"CLIENTS#{org_id}#{holder}"


ADOPTION: Final = "ADOPTION#"


def adoption(org_id: str, plugin_id: str, digest: str) -> Key:
    return Key(plugin(org_id, plugin_id).pk, ADOPTION + digest)


def adopter(org_id: str, plugin_id: str, digest: str, member_id: str) -> Key:
    return Key(plugin(org_id, plugin_id).pk, f"ADOPTER#{digest}#{member_id}")
