"""The clock's function: every few minutes it queues what webhooks missed, repeats what the stream lost,
looks after plugins whose creation was cut off, and forgets clients that stopped reporting."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, Protocol

from shared.bootstrap import services
from shared.bootstrap.occasions import by_system, take_up
from shared.observability import Metric, log_metrics

_RESERVE_MS: Final = 15_000


class LambdaContext(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


def handler(_event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """An EventBridge event in; what the sweep did, for whoever invokes it by hand."""
    take_up(by_system("sweep", "sweep", "none"))
    announced = services().indexing.announce_overdue()
    unfinished = services().plugin_preparations.sweep()
    forgotten = services().client_states.forget_overdue()
    resumed = services().discovery_jobs.revive_expired()
    swept = services().sweeper.sweep(lambda: context.get_remaining_time_in_millis() > _RESERVE_MS)
    own = {"revived": swept.revived, "redelivered": swept.redelivered}
    kept = {"announced": announced, "unfinished": unfinished, "forgotten": forgotten, "resumed": resumed}
    counts = asdict(swept.heads) | own | kept
    told = ("checked", "moved", "unreachable", "postponed", "revived", "redelivered")
    # What did not happen is not told: CloudWatch charges a metric for every hour in which it has a value.
    metrics = [Metric(f"Sweep{name.capitalize()}", counts[name]) for name in told if counts[name]]
    log_metrics("sweep", services().settings.stage, services().mint.now(), metrics, **counts)
    return counts
