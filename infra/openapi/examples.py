"""An example for every body and every item: a model's own where it has one, else made from its fields' names."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

Json = dict[str, Any]

_PLACE: Final = "#/components/schemas/"
_UNIQUE: Final = "01m83cm181mw5y2cd4zh3yt3tz"
_DIGEST: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_SKILL: Final = "---\nname: deploy\ndescription: Deploys a service, step by step.\n---\n# Deploy\n"

_PREFIXES: Final = {
    "pluginId": "plg", "configObjectId": "cfg", "memberId": "mem", "teamId": "team", "marketplaceId": "mkt",
    "accountId": "cac", "instanceId": "cin", "connectorInstanceId": "cin", "targetId": "ctg", "mappingId": "cmp",
    "headVersionId": "ver", "latestVersionId": "ver", "versionId": "ver", "syncEventId": "syn", "orgId": "org",
    "createdBy": "mem", "pluginIds": "plg", "marketplaceIds": "mkt", "releaseId": "rel",
}  # fmt: skip
_OWN_PREFIXES: Final = {
    "ConfigObjectRead": "cfg", "VersionRead": "ver", "VersionDetail": "ver", "PluginRead": "plg", "GrantRead": "grt",
    "AccountRead": "cac", "InstanceRead": "cin", "TargetRead": "ctg", "MappingRead": "cmp", "SyncEventRead": "syn",
    "MarketplaceRead": "mkt", "MemberRead": "mem", "TeamRead": "team", "TokenRead": "tok", "OrganizationRead": "org",
    "ReleaseRead": "rel", "ReleaseDetail": "rel", "DeliveredRelease": "rel", "PinnableRelease": "rel",
    "DeliveredMarketplace": "mkt", "StockedMarketplace": "mkt", "DeliveredPlugin": "plg", "ManifestPlugin": "plg",
    "ClientRead": "cli", "ClientStateRead": "cli",
}  # fmt: skip
_WORDS: Final[Mapping[str, Any]] = {
    "rawSourceText": _SKILL, "fileName": "SKILL.md", "entryPath": "SKILL.md", "path": "SKILL.md", "locator": "SKILL.md",
    "extension": "md", "mode": "100644", "sha256": _DIGEST, "size": 77, "name": "deploy", "slug": "deploy",
    "title": "deploy", "description": "Deploys a service, step by step.", "descriptionDerived": False, "reason": None,
    "type": "skill", "objectType": "skill", "digest": f"sha256:{_DIGEST}", "headDigest": f"sha256:{_DIGEST}",
    "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "removedAt": None,
    "reportedAt": "2026-01-31T12:00:00.000Z", "forgottenAt": "2026-05-02T00:00:00.000Z", "tokenId": None,
    "deletedAt": None, "diagnostics": [], "diverged": False, "isDeletion": False, "schemaVersion": 1,
    "parserMode": None, "relativePath": None, "connectorInstanceId": None, "targetId": None, "mappingId": None,
    "syncEventId": None, "sourceRevision": None, "teamId": None, "orgWide": False, "binary": False, "truncated": False,
    "sealedChanged": False, "change": "modified", "version": "1.4.0", "notes": "Steps are safer.", "itemCount": 1,
    "owner": "Platform", "missing": ["absent"], "names": "deploy,absent",
    "logo": "https://acme.example/logo.png", "signature": "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl",
    "installUrl": "https://github.com/apps/plugin-depot/installations/new?state=org_…",
    "expiresAt": "2026-01-31T12:10:00.000Z",
    "remoteId": "12345678", "repositoryFullName": "acme/tools",
    "branch": "main", "selector": "/skills/*/SKILL.md", "email": "ada@acme.example", "displayName": "Ada Lovelace",
    "projection": {"dialect": "claude", "userInvocable": True, "model": None, "hasSupportingFiles": False},
    "payload": {"name": "deploy", "description": "Deploys a service, step by step."}, "before": None, "after": None,
    "diff": "--- a/SKILL.md\n+++ b/SKILL.md\n@@ -5,1 +5,1 @@\n-# Deploy\n+# Deploy it\n", "arguments": "staging",
}  # fmt: skip


def add_examples(components: Json, names: Iterable[str]) -> None:
    """Give each named schema `examples`, as JSON Schema has them, where it has none of its own."""
    for name in names:
        components[name].setdefault("examples", [_example(components[name], name, "", components)])


def _example(schema: Json, owner: str, field: str, components: Json) -> Any:
    """`owner` is the model and `field` the property that the schema is of."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_PLACE)
        return _example(components[name], name, field, components)
    for given in ("examples", "enum"):
        if given in schema:
            return schema[given][0]
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    if "properties" in schema:
        return _object(schema, owner, components)
    if any("$ref" in kind or "items" in kind for kind in kinds) and field not in _WORDS:
        return _example(kinds[0], owner, field, components)
    if schema.get("type") == "array" and field not in _WORDS:
        return [_example(schema["items"], owner, field, components)]
    return schema["const"] if "const" in schema else _plain(schema, owner, field)


def _object(schema: Json, owner: str, components: Json) -> Json:
    """What has to be there; where nothing has to, everything that may be."""
    wanted = schema.get("required") or schema["properties"]
    return {name: _example(schema["properties"][name], owner, name, components) for name in wanted}


def _plain(schema: Json, owner: str, field: str) -> Any:
    if field == "id" and owner in _OWN_PREFIXES:
        return f"{_OWN_PREFIXES[owner]}_{_UNIQUE}"
    if _takes_null(schema) and field in _WORDS:
        return _WORDS[field]
    if field in _PREFIXES:
        return f"{_PREFIXES[field]}_{_UNIQUE}"
    if _WORDS.get(field) is not None:
        return _WORDS[field]
    if _takes_null(schema) or "type" not in schema:
        return None
    by_type: Json = {"boolean": True, "integer": schema.get("minimum", 1), "number": 1, "object": {}, "array": []}
    return by_type.get(schema["type"], "text")


def _takes_null(schema: Json) -> bool:
    return any(kind.get("type") == "null" for kind in schema.get("anyOf", ()))
