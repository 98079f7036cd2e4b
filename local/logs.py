"""Shows what the stack said last: its processes, and its functions as CloudWatch keeps them."""

import json
import re
from collections.abc import Iterator
from typing import Final

from local import emulator
from local.aws import Aws
from local.progress import say
from local.state import Ports, State

_LINES: Final = 15
_OF_THE_PLATFORM: Final = re.compile(r"(START|END|REPORT|INIT_START) ")


def show_logs(state: State) -> None:
    """The last lines of every log; tracebacks are unfolded."""
    for file in sorted((state.folder / "logs").glob("*.log")):
        say(f"── {file}")
        for line in file.read_text(errors="replace").splitlines()[-_LINES:]:
            say(line)
    ports = state.read("ports")
    if ports:
        _show_functions(Aws(emulator.endpoint(Ports(**ports)), state.certificate))


def _show_functions(aws: Aws) -> None:
    logs = aws.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    for group in sorted(each["logGroupName"] for each in groups):
        say(f"── {group}")
        events = logs.filter_log_events(logGroupName=group)["events"]
        said = [event["message"].rstrip() for event in events if not _OF_THE_PLATFORM.match(event["message"])]
        for message in said[-_LINES:]:
            for line in unfold(message):
                say(line)


def unfold(message: str) -> Iterator[str]:
    """A structured line as it is, but for its traceback, which follows on lines of its own."""
    try:
        fields = json.loads(message)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        yield message
        return
    traceback = fields.pop("exception", "")
    yield json.dumps(fields)
    yield from (f"    {line}" for line in traceback.splitlines() if not re.fullmatch(r"[\s^~]*", line))
