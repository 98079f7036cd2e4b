"""What OpenCode is given of a caller's plugins when it starts: a configuration, and packages of their code."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from shared.domain.access import Actor
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.values import JSON
from shared.domain.content import sha256_hex
from shared.domain.errors import NotFound
from shared.domain.plugin import Plugin
from shared.domain.rendering.layouts import ArchiveFormat
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.naming import distinct_names
from shared.domain.rendering.npm_package import CodePackage, is_code, pack, package_name
from shared.domain.rendering.opencode_remote import RemoteConfiguration, Unsupported, remote_configuration
from shared.repositories.organizations import OrganizationRepository
from shared.services.caller_views import CallerViews
from shared.services.delivery_access import DeliveryAccess
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import DeliveryDigests
from shared.services.delivery_memory import Memory
from shared.services.renderings import Rendered, Renderings
from shared.storage.content_store import archive_key

SUFFIX: Final = ".tgz"
_ENTRIES_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class OpenCodeView:
    configuration: RemoteConfiguration
    packages: Sequence[CodePackage]

    @property
    def weight(self) -> int:
        return 1 + len(self.packages) + sum(len(entries) for entries in self.configuration.sections.values())


@dataclass(frozen=True, slots=True)
class OpenCode:
    access: DeliveryAccess
    contents: DeliveryContents
    digests: DeliveryDigests
    organizations: OrganizationRepository
    renderings: Renderings
    memory: Memory[OpenCodeView] = field(
        default_factory=lambda: Memory(_ENTRIES_KEPT, lambda one: one.weight), repr=False
    )

    def open(self, actor: Actor) -> OpenCodeView:
        """What the caller may have now."""
        plugins = self.access.list_all(actor)
        views = CallerViews("opencode", self.renderings, self.memory, _write, _read)
        return views.open(actor.org_id, plugins, lambda: self._render(actor.org_id, plugins))

    def package(self, actor: Actor, full_name: str) -> CodePackage:
        """By its name with the org's scope: `@acme/reviews`. Raises: NotFound."""
        found = next((one for one in self.open(actor).packages if one.full_name == full_name), None)
        if found is None:
            raise NotFound("package")
        return found

    def tarball(self, actor: Actor, full_name: str, artifact: str) -> Rendered:
        """A package's bytes, now or as they were; `<sha256>.tgz`. Raises: NotFound."""
        package = self.package(actor, full_name)
        key = _key(actor.org_id, package.plugin_id, artifact.removesuffix(SUFFIX))
        return self.renderings.open(key, f"{package.name}{SUFFIX}", ArchiveFormat.TAR_GZ.media_type)

    def _render(self, org_id: str, plugins: Sequence[Plugin]) -> OpenCodeView:
        by_id = self.contents.manifests(org_id, plugins)
        manifests = list(by_id.values())
        known = [self.digests.note(plugin, by_id[plugin.id]) for plugin in plugins]
        contents = self.contents.read(org_id, _told_of(manifests))
        configuration = remote_configuration(manifests, contents)
        packages, left_out = self._packages(org_id, known, by_id, contents)
        told = (*configuration.unsupported, *left_out)
        return OpenCodeView(RemoteConfiguration(configuration.sections, told), packages)

    def _packages(
        self, org_id: str, plugins: Sequence[Plugin], manifests: Mapping[str, Manifest], contents: Mapping[str, bytes]
    ) -> tuple[tuple[CodePackage, ...], list[Unsupported]]:
        coding = [plugin for plugin in plugins if any(map(is_code, manifests[plugin.id].items))]
        if not coding:
            return (), []
        scope = self._scope(org_id)
        # Distinct in npm's spelling, which has fewer letters than that of plugins.
        names = distinct_names({plugin.id: package_name(plugin.name) for plugin in plugins})
        packages, left_out = [], []
        for plugin in sorted(coding, key=lambda each: each.id):
            version = plugin.delivered_version or ""
            package, data, unfit = pack(manifests[plugin.id], scope, names[plugin.id], version, contents)
            left_out += unfit
            if package is not None:
                key = _key(org_id, plugin.id, package.sha256)
                self.renderings.keep(key, data, ArchiveFormat.TAR_GZ.media_type)
                packages.append(package)
        return tuple(packages), left_out

    def _scope(self, org_id: str) -> str:
        organization = self.organizations.find(org_id)
        if organization is None:
            raise NotFound("organization")
        return organization.slug


def _told_of(manifests: Sequence[Manifest]) -> list[Item]:
    """The items whose content stands in the configuration or in a package."""
    items = (item for manifest in manifests for item in manifest.items)
    return [item for item in items if config_type(item.type).opencode is not None or is_code(item)]


def _key(org_id: str, plugin_id: str, digest: str) -> str:
    """Named by the plugin too: who may have it now may have what it was, and nothing else."""
    return archive_key(org_id, sha256_hex(f"npm {plugin_id} {digest}".encode()), SUFFIX)


def _write(view: OpenCodeView) -> JSON:
    written: dict[str, JSON] = asdict(view)
    return written


def _read(stored: Any) -> OpenCodeView:
    configuration, packages = stored["configuration"], stored["packages"]
    unsupported = tuple(Unsupported(**one) for one in configuration["unsupported"])
    return OpenCodeView(
        RemoteConfiguration(configuration["sections"], unsupported), tuple(CodePackage(**one) for one in packages)
    )
