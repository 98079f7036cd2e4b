"""One request for every mutating route of an org, in an order in which each has something to change."""

import json
from typing import Any

from tests.fixtures.github import INSTALLATION
from tests.unit.admin.contents import AGENT, SKILL, skill


def _input(kind: str, text: str) -> dict[str, Any]:
    name = {"fileName": {"tool": "count.ts", "command": "review.md", "context": "rules.md"}.get(kind)}
    return {"input": {"rawSourceText": text, **({} if name["fileName"] is None else name)}}


SECRET = "k-93kdm20sk3mdlq"
SERVER = json.dumps({"mcpServers": {"search": {"command": "search", "env": {"API_KEY": SECRET}}}})
TEXTS = {
    "skill": SKILL,
    "agent": AGENT,
    "command": "---\ndescription: Reviews.\n---\nReview $1.\n",
    "mcp": SERVER,
    "hook": json.dumps({"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "make lint"}]}]}}),
    "context": "# House rules\n",
    "tool": "export const description = 'Counts.'\n",
}

Step = tuple[str, str, str, Any, str]
"""Operation, method, path, body, and what the id in the answer is called from then on."""

ACCESS = {"memberId": "{bob}", "role": "viewer"}
MAPPING = {"selector": "/skills/*/SKILL.md", "objectType": "skill"}

AUTHORING: list[Step] = [
    ("updateOrg", "PATCH", "", {"name": "Acme Works"}, ""),
    ("createConfigObject", "POST", "/config-objects", skill(), "object"),
    ("createVersion", "POST", "/config-objects/{object}/versions", {"input": {"rawSourceText": f"{SKILL}More."}}, ""),
    ("giveObjectAccess", "POST", "/config-objects/{object}/access", ACCESS, "grant"),
    ("takeBackObjectAccess", "DELETE", "/config-objects/{object}/access/{grant}", None, ""),
    ("createPlugin", "POST", "/plugins", {"name": "reviews"}, "plugin"),
    ("updatePlugin", "PATCH", "/plugins/{plugin}", {"description": "Reviews."}, ""),
    ("givePluginAccess", "POST", "/plugins/{plugin}/access", ACCESS, "grant"),
    ("takeBackPluginAccess", "DELETE", "/plugins/{plugin}/access/{grant}", None, ""),
    ("joinPlugin", "POST", "/config-objects/{object}/plugins", {"pluginId": "{plugin}"}, ""),
    ("leavePlugin", "DELETE", "/config-objects/{object}/plugins/{plugin}", None, ""),
    ("addPluginMember", "POST", "/plugins/{plugin}/config-objects", {"configObjectId": "{object}"}, ""),
    ("removePluginMember", "DELETE", "/plugins/{plugin}/config-objects/{object}", None, ""),
    (
        "addPluginMembers",
        "POST",
        "/plugins/{plugin}/config-objects/bulk",
        {"items": [{"configObjectId": "{object}"}]},
        "",
    ),
    ("createRelease", "POST", "/plugins/{plugin}/releases", {"version": "1.0.0"}, "release"),
    ("createMarketplace", "POST", "/marketplaces", {"name": "tools"}, "marketplace"),
    ("updateMarketplace", "PATCH", "/marketplaces/{marketplace}", {"description": "Tools."}, ""),
    ("giveMarketplaceAccess", "POST", "/marketplaces/{marketplace}/access", ACCESS, "grant"),
    ("takeBackMarketplaceAccess", "DELETE", "/marketplaces/{marketplace}/access/{grant}", None, ""),
    ("addPluginToMarketplace", "POST", "/marketplaces/{marketplace}/plugins", {"pluginId": "{plugin}"}, ""),
    ("removePluginFromMarketplace", "DELETE", "/marketplaces/{marketplace}/plugins/{plugin}", None, ""),
    (
        "addPluginsToMarketplace",
        "POST",
        "/marketplaces/{marketplace}/plugins/bulk",
        {"items": [{"pluginId": "{plugin}"}]},
        "",
    ),
    ("archiveMarketplace", "POST", "/marketplaces/{marketplace}/archive", None, ""),
    ("restoreMarketplace", "POST", "/marketplaces/{marketplace}/restore", None, ""),
    ("deleteMarketplace", "POST", "/marketplaces/{marketplace}/delete", None, ""),
    ("archivePlugin", "POST", "/plugins/{plugin}/archive", None, ""),
    ("restorePlugin", "POST", "/plugins/{plugin}/restore", None, ""),
    ("deletePlugin", "POST", "/plugins/{plugin}/delete", None, ""),
    ("archiveConfigObject", "POST", "/config-objects/{object}/archive", None, ""),
    ("restoreConfigObject", "POST", "/config-objects/{object}/restore", None, ""),
    ("deleteConfigObject", "POST", "/config-objects/{object}/delete", None, ""),
    ("createConfigObjects", "POST", "/config-objects/bulk", {"items": [skill()]}, ""),
]
PEOPLE: list[Step] = [
    ("createTeam", "POST", "/teams", {"name": "Reviewers"}, "team"),
    ("renameTeam", "PATCH", "/teams/{team}", {"name": "Readers"}, ""),
    ("addTeamMember", "PUT", "/teams/{team}/members/{bob}", None, ""),
    ("removeTeamMember", "DELETE", "/teams/{team}/members/{bob}", None, ""),
    ("deleteTeam", "DELETE", "/teams/{team}", None, ""),
    ("createToken", "POST", "/tokens", {"kind": "delivery", "name": "ci", "memberId": "{alice}"}, "token"),
    ("revokeToken", "DELETE", "/tokens/{token}", None, ""),
    ("inviteMember", "POST", "/members", {"email": "dora@acme.example", "displayName": "Dora"}, "member"),
    ("updateMember", "PATCH", "/members/{bob}", {"displayName": "Robert"}, ""),
    ("removeMember", "DELETE", "/members/{bob}", None, ""),
]
CONNECTING: list[Step] = [
    ("createAccount", "POST", "/connector-accounts", {"remoteId": str(INSTALLATION)}, "account"),
    ("createInstance", "POST", "/connector-instances", {"accountId": "{account}", "name": "GitHub"}, "instance"),
    ("updateInstance", "PATCH", "/connector-instances/{instance}", {"name": "Repositories"}, ""),
    ("giveInstanceAccess", "POST", "/connector-instances/{instance}/access", ACCESS, "grant"),
    ("takeBackInstanceAccess", "DELETE", "/connector-instances/{instance}/access/{grant}", None, ""),
    (
        "createTarget",
        "POST",
        "/connector-instances/{instance}/targets",
        {"repositoryFullName": "acme/reviews"},
        "target",
    ),
    ("createMapping", "POST", "/connector-targets/{target}/mappings", MAPPING, "mapping"),
    ("resyncTarget", "POST", "/connector-targets/{target}/resync", None, ""),
    ("disableInstance", "POST", "/connector-instances/{instance}/disable", None, ""),
    ("enableInstance", "POST", "/connector-instances/{instance}/enable", None, ""),
    ("archiveInstance", "POST", "/connector-instances/{instance}/archive", None, ""),
]
TYPES: list[Step] = [
    step
    for kind, text in TEXTS.items()
    for step in (
        (f"create{kind.title()}", "POST", f"/{kind}s", _input(kind, text), kind),
        (f"create{kind.title()}Version", "POST", f"/{kind}s/{{{kind}}}/versions", _input(kind, text + "\n"), ""),
    )
]
# Descriptions of other types come from their source.
TYPES.append(("updateConfigObject", "PATCH", "/config-objects/{mcp}", {"description": "Searches our wiki."}, ""))
