"""Plugins as OpenCode fetches them over HTTP when it starts: one configuration, and what it could not say.

OpenCode 1.18 fills in `{env:NAME}` and `{file:path}` everywhere in the text of a configuration, and does not start
where a file is missing: what authors wrote is kept from being taken for either.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from shared.domain.config_types.json_guard import render
from shared.domain.config_types.values import JSON
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.opencode import CLIENT, SCHEMA, Entry, entries_of
from shared.domain.rendering.opencode_schema import fit

TOKEN_VARIABLE: Final = "DEPOT_TOKEN"  # noqa: S105  # a variable's name
"""By what OpenCode knows the token of its user; no server is ever given it."""

MAX_CONFIGURATION: Final = 3_500_000
"""Bytes of its entries as an answer carries them: with all else they have to fit one, or OpenCode would not start."""

MAX_TOLD: Final = 1_000
_SERVERS: Final = "mcp"
_ITS_OWN: Final = {"agent": ("build", "plan", "general", "explore", "title", "summary", "compaction")}
"""Agents that OpenCode comes with: an entry of that name would change them for everybody."""

_MARK: Final = re.compile(r"\{(?=(?:env|file):)")
_VARIABLE: Final = re.compile(r"\{env:([A-Za-z_]\w*)\}")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """What somebody may have and OpenCode is not given, or not as it is; `plugin` and `name` as the plugin has them."""

    plugin: str
    type: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RemoteConfiguration:
    """`sections` are `agent`, `command` and `mcp`, their entries by name."""

    sections: Mapping[str, Mapping[str, JSON]]
    unsupported: Sequence[Unsupported]

    def document(self, skill_urls: Sequence[str], packages: Sequence[str], more: Iterable[Unsupported] = ()) -> bytes:
        """What OpenCode reads; it overlooks `unsupported`, which is for people. Addresses may name variables."""
        told = [_spelled_out({**asdict(each)}) for each in _cut([*more, *self.unsupported])]
        return render(
            {
                "$schema": SCHEMA,
                **{name: {**entries} for name, entries in self.sections.items()},
                **({"skills": {"urls": [*skill_urls]}} if skill_urls else {}),
                **({"plugin": [*packages]} if packages else {}),
                "unsupported": told,
            }
        )


def remote_configuration(manifests: Sequence[Manifest], contents: Mapping[str, bytes]) -> RemoteConfiguration:
    """All that can be said of several plugins; `contents` holds delivered bytes by SHA-256."""
    owners = owners_of(manifests)
    sections: dict[str, dict[str, JSON]] = {}
    left_out = [_told(owners, item, reason) for item, reason in _not_for_opencode(manifests)]
    size = 0
    for entry in entries_of(manifests, contents, _ITS_OWN):
        fields, notes = _fitted(entry)
        size += _carried(entry, fields) if fields is not None else 0
        if fields is not None and size > MAX_CONFIGURATION:
            fields, notes = None, ["the configuration would be larger than OpenCode can be given at once"]
        if fields is not None:
            sections.setdefault(entry.section.name, {})[entry.name] = fields
        left_out += [_told(owners, entry.item, note) for note in notes]
    return RemoteConfiguration({name: sections[name] for name in sorted(sections)}, tuple(left_out))


def _carried(entry: Entry, fields: Mapping[str, JSON]) -> int:
    """Bytes of an entry in an answer: text in a JSON document, which is itself a text in the gateway's."""
    document = render({entry.section.name: {entry.name: {**fields}}}).decode()
    return len(json.dumps(document, ensure_ascii=False).encode())


def _cut(told: Sequence[Unsupported]) -> Sequence[Unsupported]:
    left = len(told) - MAX_TOLD
    return [*told[:MAX_TOLD], Unsupported("*", "*", "*", f"and {left:,} more")] if left > 0 else told


def owners_of(manifests: Iterable[Manifest]) -> dict[str, str]:
    """The plugin's name by the ids of its objects; one that is in several belongs to the first."""
    owners: dict[str, str] = {}
    for manifest in sorted(manifests, key=lambda each: each.plugin_id):
        for item in manifest.items:
            owners.setdefault(item.config_object_id, manifest.name)
    return owners


def _not_for_opencode(manifests: Iterable[Manifest]) -> list[tuple[Item, str]]:
    items = {item.config_object_id: item for manifest in manifests for item in manifest.items}
    refused = ((item, item.unsupported.get(CLIENT)) for _, item in sorted(items.items()))
    return [(item, reason) for item, reason in refused if reason is not None]


def _fitted(entry: Entry) -> tuple[dict[str, JSON] | None, list[str]]:
    """The entry's fields as they can be delivered, or None, with what is to be said of it."""
    renamed = [f"it is called {entry.name} here, for its name is taken"] if entry.name != entry.called else []
    if entry.section.name == _SERVERS:
        reason = _why_unsafe(entry.fields)
        fields: JSON = dict(entry.fields)
    else:
        reason, fields = None, _spelled_out(dict(entry.fields))
    if reason is not None or not isinstance(fields, dict):
        return None, [reason or ""]
    fitted = fit(entry.section.name, fields)
    changed = ["`{env:` and `{file:` are written with a space, or OpenCode would fill them in"]
    return fitted.fields, [*renamed, *entry.left_out, *fitted.flaws, *(changed if fields != dict(entry.fields) else [])]


def _why_unsafe(server: Mapping[str, JSON]) -> str | None:
    text = render({**server}).decode()
    # Windows takes no notice of a variable's case.
    if TOKEN_VARIABLE in map(str.upper, _VARIABLE.findall(text)):
        return f"it asks for {TOKEN_VARIABLE}, which opens what its user may have"
    if _MARK.search(_VARIABLE.sub("", text)):
        return "OpenCode would put something else in the place of `{env:…` or `{file:…`"
    return None


def _spelled_out(value: JSON) -> JSON:
    """With a space in every mark that OpenCode would fill in."""
    if isinstance(value, dict):
        return {_MARK.sub("{ ", key): _spelled_out(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelled_out(item) for item in value]
    return _MARK.sub("{ ", value) if isinstance(value, str) else value


def _told(owners: Mapping[str, str], item: Item, reason: str) -> Unsupported:
    return Unsupported(owners[item.config_object_id], item.type, item.install_name, reason)
