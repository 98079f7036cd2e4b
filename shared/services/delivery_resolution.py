"""Plugin names → what they stand for to one caller, as lock files note it down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.plugin import Plugin
from shared.services.delivery_access import DeliveryAccess
from shared.services.delivery_digests import DeliveryDigests


@dataclass(frozen=True, slots=True)
class Resolved:
    """By the names that were asked for, in their order: one plugin, several to choose from, or none."""

    found: Mapping[str, Plugin]
    ambiguous: Mapping[str, Sequence[Plugin]]
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class DeliveryResolution:
    access: DeliveryAccess
    digests: DeliveryDigests

    def resolve(self, actor: Actor, names: Iterable[str]) -> Resolved:
        """Case does not tell names apart; creators that use the same one make it ambiguous.

        It costs what is asked for, however many plugins there are of other names.
        """
        asked = list(dict.fromkeys(names))
        by_name: dict[str, list[Plugin]] = {}
        for plugin in self.digests.known(self.access.find_named(actor, asked)):
            by_name.setdefault(plugin.name.lower(), []).append(plugin)
        candidates = {name: by_name.get(name.lower(), []) for name in asked}
        return Resolved(
            {name: plugins[0] for name, plugins in candidates.items() if len(plugins) == 1},
            {name: plugins for name, plugins in candidates.items() if len(plugins) > 1},
            [name for name, plugins in candidates.items() if not plugins],
        )
