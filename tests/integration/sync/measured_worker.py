"""A sync worker in a process of its own: takes one message, and says what that took of processor and memory.

    python -m tests.integration.sync.measured_worker <job.json>    {"url", "key", "rows", "record", "deaf"}

With a deaf storage, what botocore does to store thousands of files is left out.
"""

import json
import random
import sys
import time
from pathlib import Path

from functions.sync.handler import handler
from shared.bootstrap import services
from shared.connectors.github.connector import GitHubConnector
from shared.storage.content_store import ContentStore
from tests.integration.sync.standing_still import StandingStill


class DeafStorage:
    """S3's client, as far as new content is stored."""

    def put_object(self, **_: object) -> dict[str, str]:
        return {}


class Context:
    """Time enough."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def peak_mib() -> float:
    """The most memory that was resident; `getrusage` would tell of the process that started this one, too."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def main(path: str) -> None:
    job = json.loads(Path(path).read_text())
    aws = StandingStill(job["rows"])
    depot = services()
    depot._session.register("before-send", aws.answer)
    vars(depot)["connector"] = GitHubConnector(
        job["url"], "1", lambda: job["key"], now=time.time, sleep=time.sleep, random=random.random
    )
    if job["deaf"]:
        vars(depot)["content"] = ContentStore(DeafStorage, "depot-content")
    depot.worker  # noqa: B018  # wired before the clock starts, as in a warm worker
    idle, started, clock = peak_mib(), time.process_time(), time.perf_counter()
    answer = handler({"Records": [job["record"]]}, Context())
    used = {"cpu": time.process_time() - started, "seconds": time.perf_counter() - clock}
    told = {**used, "idle": idle, "peak": peak_mib(), "aws": aws.requests, "failed": answer}
    print(json.dumps(told), file=sys.stderr)  # what functions log goes to the other one


if __name__ == "__main__":
    main(sys.argv[1])
