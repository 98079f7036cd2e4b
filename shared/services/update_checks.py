"""What a client is to install, to update and to remove, so that it has what its caller may have now."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.access import Actor
from shared.domain.client_state import InstalledPlugin, require_installed
from shared.domain.lifecycle import Lifecycle
from shared.domain.plugin import Plugin
from shared.services.client_states import ClientStates
from shared.services.delivery_digests import DeliveryDigests
from shared.services.given_plugins import GivenPlugins, Standing, Way
from shared.services.side_by_side import side_by_side

MAX_INSTALL: Final = 100
"""Plugins in one answer's `install`; whoever has installed them asks for the next."""


class UpdateReason(StrEnum):
    CONTENT_CHANGED = "content_changed"
    RELEASE_PROMOTED = "release_promoted"


class RemovalReason(StrEnum):
    """`access_lost` is all that is told to who would not have the plugin anyway."""

    ACCESS_LOST = "access_lost"
    ARCHIVED = "archived"
    DELETED = "deleted"
    NOTHING_RELEASED = "nothing_released"


@dataclass(frozen=True, slots=True)
class Installable:
    plugin: Plugin
    reason: Way


@dataclass(frozen=True, slots=True)
class Outdated:
    plugin: Plugin
    installed: InstalledPlugin
    reason: UpdateReason


@dataclass(frozen=True, slots=True)
class Removable:
    installed: InstalledPlugin
    reason: RemovalReason


@dataclass(frozen=True, slots=True)
class Updates:
    """`unchanged` counts; `more` says that `install` was cut at MAX_INSTALL."""

    install: Sequence[Installable]
    update: Sequence[Outdated]
    remove: Sequence[Removable]
    unchanged: int
    more: bool


@dataclass(frozen=True, slots=True)
class UpdateChecks:
    states: ClientStates
    given: GivenPlugins
    digests: DeliveryDigests

    def check(self, actor: Actor, client_id: str, installed: Sequence[InstalledPlugin] | None) -> Updates:
        """Compare what is `installed`, or else what the client reported last, with what its caller may have.

        Raises: Invalid; NotFound for a client that neither says nor reported what it has.
        """
        if installed is not None:
            require_installed(installed)
        has, reached = side_by_side(
            lambda: installed if installed is not None else self.states.get(actor, client_id).installed,
            lambda: self.given.reached(actor),
        )
        standings = self.given.standings(actor, reached, {one.plugin_id for one in has})
        return self._compare({one.plugin_id: one for one in has}, standings)

    def _compare(self, has: dict[str, InstalledPlugin], standings: Sequence[Standing]) -> Updates:
        by_id = {one.plugin.id: one for one in standings}
        removals = {each: _why_removed(by_id.get(each)) for each in has}
        new = [one for one in standings if one.way is not None and one.plugin.is_offered and one.plugin.id not in has]
        kept = [by_id[each].plugin for each, reason in removals.items() if reason is None]
        ways = {one.plugin.id: one.way for one in new[:MAX_INSTALL] if one.way is not None}
        known = self.digests.known([*kept, *(one.plugin for one in new[:MAX_INSTALL])])
        outdated = [(one, has[one.id]) for one in known if one.id in has and _is_outdated(one, has[one.id])]
        return Updates(
            install=[Installable(one, ways[one.id]) for one in known if one.id in ways],
            update=[Outdated(one, had, _why_outdated(one)) for one, had in outdated],
            remove=[Removable(has[each], reason) for each, reason in removals.items() if reason is not None],
            unchanged=len(kept) - len(outdated),
            more=len(new) > MAX_INSTALL,
        )


def _why_removed(standing: Standing | None) -> RemovalReason | None:
    """None for what stays. Who would not have it if it were active is told no more than of an unknown one."""
    if standing is None or not standing.allowed:
        return RemovalReason.ACCESS_LOST
    if standing.plugin.status == Lifecycle.ARCHIVED:
        return RemovalReason.ARCHIVED
    if standing.plugin.status == Lifecycle.DELETED:
        return RemovalReason.DELETED
    return None if standing.plugin.is_offered else RemovalReason.NOTHING_RELEASED


def _is_outdated(plugin: Plugin, installed: InstalledPlugin) -> bool:
    """What is kept at a release stays there, whatever the plugin delivers."""
    return installed.release_id is None and plugin.current_digest != installed.digest


def _why_outdated(plugin: Plugin) -> UpdateReason:
    return UpdateReason.RELEASE_PROMOTED if plugin.release is not None else UpdateReason.CONTENT_CHANGED
