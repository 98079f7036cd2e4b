"""What the deployment asks of AWS: counted, or seen before AWS sees it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from shared.bootstrap import Services


@contextmanager
def counted(depot: Services) -> Iterator[Counter[str]]:
    """Calls by `service.Operation` while the block runs; services count all of theirs as `service`."""
    calls: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        calls[f"{model.service_model.service_name}.{model.name}"] += 1
        calls[str(model.service_model.service_name)] += 1

    with hooked(depot, "before-call", note):
        yield calls


@contextmanager
def hooked(depot: Services, event: str, hook: Callable[..., Any]) -> Iterator[None]:
    """Let `hook` see every request of this process, before AWS does."""
    emitters = [depot._session.get_component("event_emitter")]
    far_sides = (depot.table.client, depot.content._client, depot.queue._client, depot.secrets._client)
    emitters += [client.meta.events for client in far_sides]
    for emitter in emitters:
        emitter.register_first(event, hook)
    try:
        yield
    finally:
        for emitter in emitters:
            emitter.unregister(event, hook)
