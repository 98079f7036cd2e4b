"""Use cases of config objects: writing them, reading them, finding them."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.discovering import Discovering

if TYPE_CHECKING:
    from shared.services.authoring import Authoring
    from shared.services.bulk_creation import BulkCreation
    from shared.services.config_objects import ConfigObjects
    from shared.services.grants import ResourceGrants
    from shared.services.imports import Imports
    from shared.services.indexing import Indexing
    from shared.services.ingestion import Ingestion
    from shared.services.mcp_checks import McpChecks
    from shared.services.object_changes import ObjectChanges
    from shared.services.object_comparison import ObjectComparison
    from shared.services.object_files import ObjectFiles
    from shared.services.object_lifecycle import ObjectLifecycle
    from shared.services.object_listing import ObjectListing
    from shared.services.object_metadata import ObjectMetadata
    from shared.services.object_plugins import ObjectPlugins
    from shared.services.plugin_composition import PluginComposition
    from shared.services.schemas import Schemas
    from shared.services.staleness import Staleness


class Objects(Discovering):
    @cached_property
    def ingestion(self) -> "Ingestion":
        from shared.services.ingestion import Ingestion

        return Ingestion(self.object_rows, self.version_rows, self.grant_rows, self.content, self.mint, self.sealing)

    @cached_property
    def object_grants(self) -> "ResourceGrants":
        return self._grants("config object", self.config_objects.get)

    @cached_property
    def config_objects(self) -> "ConfigObjects":
        from shared.services.config_objects import ConfigObjects

        return ConfigObjects(
            self.object_rows,
            self.version_rows,
            self.plugin_rows,
            self.membership_rows,
            self.ingestion,
            self.plugins,
            self.capabilities,
            self.visibility,
            self.schemas,
            self.begin,
        )

    @cached_property
    def staleness(self) -> "Staleness":
        from shared.services.staleness import Staleness

        return Staleness(self.stopped_target_rows, self.plugins)

    @cached_property
    def schemas(self) -> "Schemas":
        from shared.services.schemas import Schemas

        return Schemas(self.object_rows, self.version_rows, self.content, self.visibility)

    @cached_property
    def bulk_creation(self) -> "BulkCreation":
        from shared.services.bulk_creation import BulkCreation

        return BulkCreation(self.config_objects, self.mint)

    @cached_property
    def plugin_composition(self) -> "PluginComposition":
        from shared.services.plugin_composition import PluginComposition
        from shared.services.plugin_parts import PluginParts

        parts = PluginParts(
            self.config_objects, self.marketplace_rows, self.held_plugin_rows, self.grant_rows, self.mint
        )
        return PluginComposition(self.plugins, parts, self.plugin_grants, self.plugin_preparations)

    @cached_property
    def object_changes(self) -> "ObjectChanges":
        from shared.services.object_changes import ObjectChanges

        return ObjectChanges(self.config_objects, self.plugin_rows, self.begin)

    @cached_property
    def object_lifecycle(self) -> "ObjectLifecycle":
        from shared.services.object_lifecycle import ObjectLifecycle
        from shared.services.source_binding import SourceBinding

        source = SourceBinding(self.binding_rows, self.target_rows, self.mint)
        return ObjectLifecycle(
            self.object_changes, self.object_rows, self.version_rows, self.ingestion, source, self.mint
        )

    @cached_property
    def object_metadata(self) -> "ObjectMetadata":
        from shared.services.object_metadata import ObjectMetadata

        return ObjectMetadata(self.object_changes, self.object_rows, self.mint)

    @cached_property
    def mcp_checks(self) -> "McpChecks":
        from shared.services.mcp_checks import McpChecks

        return McpChecks(self.config_objects, lambda: self.mcp_client)

    @cached_property
    def authoring(self) -> "Authoring":
        from shared.services.authoring import Authoring

        return Authoring(self.capabilities, self.schemas)

    @cached_property
    def object_plugins(self) -> "ObjectPlugins":
        from shared.services.object_plugins import ObjectPlugins

        return ObjectPlugins(self.config_objects, self.plugin_rows, self.membership_rows, self.visibility)

    @cached_property
    def object_comparison(self) -> "ObjectComparison":
        from shared.services.object_comparison import ObjectComparison

        return ObjectComparison(self.config_objects, self.version_rows, self.content)

    @cached_property
    def object_files(self) -> "ObjectFiles":
        from shared.services.object_files import ObjectFiles

        return ObjectFiles(self.config_objects, self.version_rows, self.visibility, self.content, self.sealing)

    @cached_property
    def imports(self) -> "Imports":
        from shared.services.imports import Imports

        return Imports(self.config_objects)

    @cached_property
    def object_listing(self) -> "ObjectListing":
        from shared.services.object_listing import ObjectListing
        from shared.services.object_search import ObjectSearch

        search = ObjectSearch(self.object_rows, self.posting_rows, self.visibility)
        return ObjectListing(self.object_rows, self.membership_rows, self.posting_rows, search, self.visibility)

    @cached_property
    def indexing(self) -> "Indexing":
        from shared.services.indexing import Indexing

        return Indexing(self.object_rows, self.posting_rows, self.mint, self.begin)
