"""The skills of a caller's plugins, as an index with an archive per skill."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from shared.domain.access import Actor
from shared.domain.config_types.values import JSON
from shared.domain.content import sha256_hex
from shared.domain.errors import NotFound
from shared.domain.plugin import Plugin
from shared.domain.rendering.agent_skills import SUFFIX, SkillEntry, index_document, offered_skills
from shared.domain.rendering.archive import read_from_tar_gz
from shared.domain.rendering.layouts import ArchiveFormat
from shared.services.caller_views import CallerViews
from shared.services.delivery_access import DeliveryAccess
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_memory import Memory
from shared.services.renderings import Rendered, Renderings
from shared.storage.content_store import archive_key

_ENTRIES_KEPT: Final = 20_000

Entries = tuple[SkillEntry, ...]


@dataclass(frozen=True, slots=True)
class AgentSkills:
    access: DeliveryAccess
    contents: DeliveryContents
    renderings: Renderings
    views: Memory[Entries] = field(default_factory=lambda: Memory(_ENTRIES_KEPT, lambda one: 1 + len(one)), repr=False)

    def index(self, actor: Actor) -> bytes:
        """The document that clients start from."""
        return index_document(self._entries(actor))

    def archive(self, actor: Actor, artifact: str) -> Rendered:
        """A skill's archive, now or as it was; `<name>@<digest>.tar.gz`. Raises: NotFound."""
        name, _, digest = artifact.removesuffix(SUFFIX).partition("@")
        entry = self._entry(actor, name)
        return self.renderings.open(_key(actor, entry.object_id, digest), artifact, ArchiveFormat.TAR_GZ.media_type)

    def file(self, actor: Actor, name: str, path: str) -> Rendered:
        """One file of a skill as it is now. Raises: NotFound."""
        entry = self._entry(actor, name)
        if path not in entry.files:
            raise NotFound("file of this skill")
        archive = self.renderings.read(_key(actor, entry.object_id, entry.digest))
        return self.renderings.offer(actor.org_id, read_from_tar_gz(archive, path), path.rpartition("/")[2])

    def _entry(self, actor: Actor, name: str) -> SkillEntry:
        found = next((one for one in self._entries(actor) if one.name == name), None)
        if found is None:
            raise NotFound("skill")
        return found

    def _entries(self, actor: Actor) -> Entries:
        plugins = self.access.list_all(actor)
        views = CallerViews("agent-skills", self.renderings, self.views, _write, _read)
        return views.open(actor.org_id, plugins, lambda: self._render(actor, plugins))

    def _render(self, actor: Actor, plugins: Sequence[Plugin]) -> Entries:
        """One skill at a time: together they may be larger than a function's memory."""
        entries = []
        for skill in offered_skills(self.contents.manifests(actor.org_id, plugins).values()):
            entry, archive = skill.pack(self.contents.read(actor.org_id, [skill.item]))
            key = _key(actor, entry.object_id, entry.digest)
            self.renderings.keep(key, archive, ArchiveFormat.TAR_GZ.media_type)
            entries.append(entry)
        return tuple(entries)


def _key(actor: Actor, object_id: str, digest: str) -> str:
    """Named by the object too: who may have it now may have what it was, and nothing else of an equal name."""
    return archive_key(actor.org_id, sha256_hex(f"skill {object_id} {digest}".encode()), SUFFIX)


def _write(entries: Entries) -> JSON:
    written: list[JSON] = [asdict(entry) for entry in entries]
    return written


def _read(stored: Any) -> Entries:
    return tuple(SkillEntry(**one | {"files": tuple(one["files"])}) for one in stored)
