"""Plugins and marketplaces, what they hold, who may have them, and who has them."""

from typing import Final

from shared.repositories.keys.key import Key
from shared.repositories.keys.objects import VERSION


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


def kept_content(org_id: str, plugin_id: str, digest: str) -> Key:
    return Key(plugin(org_id, plugin_id).pk, f"CONTENT#{digest}")
