"""Shows what the stack said last: its processes, and its functions as CloudWatch keeps them."""

from typing import Final

from local import emulator
from local.aws import Aws
from local.progress import say
from local.state import Ports, State

_LINES: Final = 15


def show_logs(state: State) -> None:
    for file in sorted((state.folder / "logs").glob("*.log")):
        say(f"── {file}")
        for line in file.read_text(errors="replace").splitlines()[-_LINES:]:
            say(line)
    ports = state.read("ports")
    if ports:
        _show_functions(Aws(emulator.endpoint(Ports(**ports))))


def _show_functions(aws: Aws) -> None:
    logs = aws.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    for group in sorted(each["logGroupName"] for each in groups):
        say(f"── {group}")
        for event in logs.filter_log_events(logGroupName=group)["events"][-_LINES:]:
            say(event["message"].rstrip())
