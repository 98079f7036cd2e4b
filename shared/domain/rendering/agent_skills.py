"""An index of skills as `npx skills` and OpenCode read it: one document that both accept, and an archive per skill."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types import frontmatter
from shared.domain.config_types.json_guard import render
from shared.domain.config_types.values import JSON
from shared.domain.content import sha256_hex
from shared.domain.rendering.archive import write_tar_gz
from shared.domain.rendering.layouts import render_item
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.naming import distinct_names

SCHEMA: Final = "https://schemas.agentskills.io/discovery/0.2.0/schema.json"
SUFFIX: Final = ".tar.gz"
_SKILL: Final = "skill"
_LONGEST_NAME: Final = 64
_ROOM_FOR_ID: Final = 7
_LONGEST_DESCRIPTION: Final = 1024
_UNPORTABLE: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class SkillEntry:
    """`digest` is the SHA-256 of the archive's bytes, in hex; `files` are the paths in it."""

    name: str
    object_id: str
    description: str
    digest: str
    files: Sequence[str]

    @property
    def artifact(self) -> str:
        """Its archive's name beside the index: of the content too, so that what was announced is what comes."""
        return f"{self.name}@{self.digest}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill that is offered, under a name that every client takes."""

    name: str
    item: Item

    def pack(self, contents: Mapping[str, bytes]) -> tuple[SkillEntry, bytes]:
        """Its entry and its archive, with SKILL.md at the root; `contents` by SHA-256."""
        tree = render_item(self.item, contents)
        archive = write_tar_gz(tree)
        described = _description(tree[self.item.delivered.entry_path].data) or self.item.title
        digest = sha256_hex(archive)
        return SkillEntry(self.name, self.item.config_object_id, described, digest, tuple(sorted(tree))), archive


def offered_skills(manifests: Iterable[Manifest]) -> list[Skill]:
    """The skills of several plugins by name; one that is in several plugins is offered once, as in the first."""
    items: dict[str, Item] = {}
    for manifest in sorted(manifests, key=lambda each: each.plugin_id):
        for item in manifest.items:
            if item.type == _SKILL and item.delivered.files:
                items.setdefault(item.config_object_id, item)
    names = distinct_names({object_id: portable_name(item.install_name) for object_id, item in items.items()})
    return sorted((Skill(names[each], items[each]) for each in items), key=lambda skill: skill.name)


def portable_name(name: str) -> str:
    """In the letters of the Agent Skills specification, with room for the end of an id."""
    made = _UNPORTABLE.sub("-", name.lower()).strip("-")[: _LONGEST_NAME - _ROOM_FOR_ID].rstrip("-")
    return made or _SKILL


def index_document(entries: Sequence[SkillEntry]) -> bytes:
    """npx skills 1.7 takes what `url` and `digest` name; OpenCode 1.18 the `files` below the skill's name, anew where
    `version` differs from what it has."""
    skills: list[JSON] = [
        {
            "name": one.name,
            "type": "archive",
            "description": one.description,
            "url": one.artifact,
            "digest": f"sha256:{one.digest}",
            "files": list(one.files),
            "version": one.digest[:12],
        }
        for one in entries
    ]
    return render({"$schema": SCHEMA, "skills": skills})


def _description(entry_file: bytes) -> str:
    found = frontmatter.read(entry_file, "SKILL.md").values.get("description")
    return " ".join(found.split())[:_LONGEST_DESCRIPTION] if isinstance(found, str) else ""
