"""What every function's role allows, and what CloudTrail saw the function use: (action, resource) pairs."""

import copy
import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from local.aws import Aws
from local.emulator import REGION

Right = tuple[str, str]

_PAGE = 50
_MICROSECOND = 1e-6

_ITEM_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
"""A transaction needs the right of each of its items, and none of its own."""

_ACTIONS = {
    "s3": {"GetObject": "GetObject", "HeadObject": "GetObject", "PutObject": "PutObject", "HeadBucket": "ListBucket"},
    "sqs": {name: name for name in ("SendMessage", "GetQueueAttributes", "ChangeMessageVisibility")},
    "events": {"PutEvents": "PutEvents"},
    "kms": {"Sign": "Sign", "GetPublicKey": "GetPublicKey"},
    "secretsmanager": {"GetSecretValue": "GetSecretValue"},
    "dynamodb": {
        name: name
        for name in ("BatchGetItem", "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
    },
}
"""IAM's name of every call that a function makes."""


@dataclass(frozen=True, slots=True)
class Rights:
    aws: Aws

    def granted(self, function: str) -> dict[str, set[Right]]:
        """The rights that each statement of a function's role gives, by the statement's id."""
        statements = self._policy(function)["PolicyDocument"]["Statement"]
        return {
            each["Sid"]: {(action, to) for action in _listed(each["Action"]) for to in _listed(each["Resource"])}
            for each in statements
        }

    def used(self, function: str) -> set[Right]:
        """The rights that a function has used since the stack was started."""
        key = self._access_key(function)
        names = [name for calls in _ACTIONS.values() for name in calls]
        return {right for name in names for event in self._events(key, name) for right in self._needed(event)}

    def log(self, function: str) -> list[str]:
        """What a function has said."""
        logs = self.aws.client("logs").filter_log_events(logGroupName=f"/aws/lambda/depot-local-{function}")
        return [event["message"] for event in logs["events"]]

    @contextmanager
    def without(self, function: str, sid: str) -> Iterator[None]:
        """The function's role lacks one statement meanwhile."""
        whole = self._policy(function)
        less = copy.deepcopy(whole["PolicyDocument"])
        less["Statement"] = [each for each in less["Statement"] if each["Sid"] != sid]
        self._put(whole, less)
        try:
            yield
        finally:
            self._put(whole, whole["PolicyDocument"])

    def _needed(self, event: Mapping[str, Any]) -> Iterator[Right]:
        said = json.loads(event["CloudTrailEvent"])
        service, asked = said["eventSource"].partition(".")[0], said["requestParameters"]
        name = event["EventName"]
        if name == "TransactWriteItems":
            for item in asked["TransactItems"]:
                ((kind, request),) = item.items()
                yield f"dynamodb:{_ITEM_ACTIONS[kind]}", self._arn("dynamodb", f"table/{request['TableName']}")
        elif name in _ACTIONS.get(service, {}):
            for resource in self._resources(service, asked, event["Resources"]):
                yield f"{service}:{_ACTIONS[service][name]}", resource

    def _resources(self, service: str, asked: Mapping[str, Any], named: Iterable[Mapping[str, str]]) -> Iterator[str]:
        match service:
            case "dynamodb":
                index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
                for table in asked.get("RequestItems", [asked.get("TableName")]):
                    yield self._arn("dynamodb", f"table/{table}{index}")
            case "s3":
                yield "arn:aws:s3:::" + "/".join(each["ResourceName"] for each in named)
            case "sqs":
                yield self._arn("sqs", asked["QueueUrl"].rpartition("/")[2])
            case "events":
                for bus in {each["EventBusName"] for each in asked["Entries"]}:
                    yield self._arn("events", f"event-bus/{bus}")
            case "kms":
                yield asked["KeyId"]
            case "secretsmanager":
                yield asked["SecretId"]

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{REGION}:{self.aws.account_id}:{resource}"

    def _events(self, access_key: str, name: str) -> Iterator[dict[str, Any]]:
        """The calls of one name, newest first: the emulator gives fifty up to a moment, and no next page."""
        wanted = {"AccessKeyId": access_key, "EventName": name}
        attributes = [{"AttributeKey": key, "AttributeValue": value} for key, value in wanted.items()]
        trail, until = self.aws.client("cloudtrail"), time.time()

        def ask_to_the_microsecond(params: dict[str, Any], **_: Any) -> None:
            # The client rounds to seconds, and functions ask more than fifty times in one.
            params["body"] = json.dumps(json.loads(params["body"]) | {"EndTime": until}).encode()

        trail.meta.events.register("before-call.cloudtrail.LookupEvents", ask_to_the_microsecond)
        while True:
            events = trail.lookup_events(LookupAttributes=attributes)["Events"]
            yield from events
            if len(events) < _PAGE:
                return
            until = events[-1]["EventTime"].timestamp() - _MICROSECOND

    def _access_key(self, function: str) -> str:
        """The emulator derives the temporary key of a function from its ARN and its role's."""
        found = self._configuration(function)
        digest = hashlib.sha256(f"{found['FunctionArn']}:{found['Role']}".encode()).hexdigest()
        return f"ASIA{digest[:16].upper()}"

    def _policy(self, function: str) -> dict[str, Any]:
        iam, role = self.aws.client("iam"), self._configuration(function)["Role"].rpartition("/")[2]
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        policy: dict[str, Any] = iam.get_role_policy(RoleName=role, PolicyName=name)
        return policy

    def _put(self, policy: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.aws.client("iam").put_role_policy(
            RoleName=policy["RoleName"], PolicyName=policy["PolicyName"], PolicyDocument=json.dumps(document)
        )

    def _configuration(self, function: str) -> dict[str, Any]:
        name = f"depot-local-{function}"
        found: dict[str, Any] = self.aws.client("lambda").get_function_configuration(FunctionName=name)
        return found


def unused(granted: Iterable[Right], used: Iterable[Right]) -> set[Right]:
    """The granted rights that no use needed; a granted resource may hold wildcards."""
    seen = list(used)
    return {
        (action, resource)
        for action, resource in granted
        if not any(action == did and fnmatchcase(to, resource) for did, to in seen)
    }


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
