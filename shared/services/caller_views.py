"""What a caller's plugins render to in one protocol: made once for equal content, then read from memory or storage."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shared.domain.config_types.values import JSON
from shared.domain.content import sha256_hex
from shared.domain.plugin import Plugin
from shared.domain.rendering.format import FORMAT
from shared.services.delivery_memory import Memory
from shared.services.renderings import Renderings
from shared.storage.content_store import catalog_key

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class CallerViews(Generic[V]):
    """`kind` names the protocol; `write` and `read` are a view's form in storage."""

    kind: str
    renderings: Renderings
    memory: Memory[V] = field(repr=False)
    write: Callable[[V], JSON]
    read: Callable[[JSON], V]

    def open(self, org_id: str, plugins: Sequence[Plugin], render: Callable[[], V], named: Iterable[str] = ()) -> V:
        """The view of these plugins as they are now; rendered only where nobody asked for it before.

        `named` is what the view depends on beside its plugins. Each period has its own: one that went on for longer
        would lead to archives which somebody stored long before, and which are forgotten.
        """
        states = sorted((plugin.id, plugin.content_version) for plugin in plugins)
        parts = [FORMAT, self.kind, self.renderings.period(org_id), *named, states]
        key = catalog_key(org_id, sha256_hex(json.dumps(parts, separators=(",", ":")).encode()))
        known = self.memory.get(key)
        return known if known is not None else self.memory.put(key, self._find(key, render))

    def _find(self, key: str, render: Callable[[], V]) -> V:
        stored = self.renderings.find(key)
        if stored is not None:
            return self.read(json.loads(stored))
        view = render()
        # Last: whoever reads the view must find what it leads to.
        self.renderings.keep(key, json.dumps(self.write(view)).encode(), "application/json")
        return view
