"""What clients report, made of what they were given."""

from typing import Any

from shared.bootstrap import Services
from shared.domain.plugin import Plugin
from tests.fixtures.http import Answer, Api

CLIENT = "cli_01m83cm181mw5y2cd4zh3yt3tz"
ANOTHER = "cli_01m83cm181mw5y2cd4zh3yt3ty"


def installed(api: Api, *plugins: Plugin) -> list[dict[str, Any]]:
    """These plugins as their manifests describe them now."""
    return [_installed(api.get(f"/plugins/{plugin.id}/manifest").item) for plugin in plugins]


def _installed(manifest: Any) -> dict[str, Any]:
    items = [{"configObjectId": each["configObjectId"], "digest": each["digest"]} for each in manifest.items]
    about = {"pluginId": manifest.plugin["id"], "version": manifest.plugin["version"]}
    return {**about, "digest": manifest.digest, "items": items}


def report(api: Api, plugins: list[dict[str, Any]], client: str = CLIENT, **more: Any) -> Answer:
    body = {"kind": "depot", "installed": plugins, **more}
    return api.send("PUT", f"/clients/{client}/state", body)


def forget_caches(depot: Services) -> None:
    """What a new process of delivery does not have."""
    for name in (
        "delivery",
        "delivery_contents",
        "delivery_digests",
        "delivery_history",
        "delivery_archives",
        "update_checks",
    ):
        depot.__dict__.pop(name, None)
