"""Deploys a synthesized CDK app into the emulator: assets, bootstrap marker, stacks, and what the emulator drops."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from local import assets, repair
from local.aws import Aws
from local.errors import LocalStackError

# The newest bootstrap template version that an app may ask for; the emulator needs no roles or buckets of it.
_BOOTSTRAP_VERSION: Final = "30"
_POLL_S: Final = 0.1
_DEPLOY_S: Final = 120.0
_UNFINISHED: Final = "_IN_PROGRESS"
_GOOD: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack of the assembly: its name in CloudFormation, and its template and asset list as files."""

    name: str
    template: Path
    assets: Path


def deploy(aws: Aws, assembly: Path) -> dict[str, str]:
    """Create or update every stack of a cloud assembly and return all their outputs."""
    aws.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value=_BOOTSTRAP_VERSION, Type="String", Overwrite=True
    )
    outputs: dict[str, str] = {}
    for stack in stacks(assembly):
        template_url = assets.publish(aws, stack.assets, stack.template)
        _apply(aws, stack.name, template_url)
        repair.restore_dropped_settings(aws, stack.name, json.loads(stack.template.read_text()))
        outputs |= _outputs(aws, stack.name)
    return outputs


def stacks(assembly: Path) -> Iterator[Stack]:
    """The stacks of an assembly in the manifest's order, which puts what others need first."""
    manifest = json.loads((assembly / "manifest.json").read_text())
    for artifact_id, artifact in manifest["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            properties = artifact["properties"]
            yield Stack(
                properties.get("stackName", artifact_id),
                assembly / properties["templateFile"],
                assembly / f"{artifact_id}.assets.json",
            )


def _apply(aws: Aws, name: str, template_url: str) -> None:
    status = _status(aws, name)
    if status in ("ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"):
        # A stack whose creation failed holds nothing and can only be deleted.
        aws.client("cloudformation").delete_stack(StackName=name)
        _settle(aws, name)
        status = None
    wanted = {"StackName": name, "TemplateURL": template_url, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    if status is None:
        aws.client("cloudformation").create_stack(**wanted, OnFailure="DO_NOTHING")
    elif not _update(aws, wanted):
        return
    ended = _settle(aws, name)
    if ended not in _GOOD:
        raise LocalStackError(f"Stack {name} ended as {ended}:\n{_reasons(aws, name)}")


def _update(aws: Aws, wanted: Mapping[str, Any]) -> bool:
    try:
        aws.client("cloudformation").update_stack(**wanted)
    except ClientError as refused:
        if "No updates" in refused.response["Error"]["Message"]:
            return False
        raise
    return True


def _status(aws: Aws, name: str) -> str | None:
    try:
        found = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as missing:
        if "does not exist" in missing.response["Error"]["Message"]:
            return None
        raise
    status: str = found["StackStatus"]
    return None if status == "DELETE_COMPLETE" else status


def _settle(aws: Aws, name: str) -> str | None:
    deadline = time.monotonic() + _DEPLOY_S
    while (status := _status(aws, name)) and status.endswith(_UNFINISHED):
        if time.monotonic() > deadline:
            raise LocalStackError(f"Stack {name} is still {status} after {_DEPLOY_S:.0f} seconds.")
        time.sleep(_POLL_S)
    return status


def _reasons(aws: Aws, name: str) -> str:
    events = aws.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    lines = [f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed]
    return "\n".join(reversed(lines))


def _outputs(aws: Aws, name: str) -> dict[str, str]:
    found = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
