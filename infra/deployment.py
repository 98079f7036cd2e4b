"""What a deployment may choose, read from the CDK context and checked before anything is built."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from aws_cdk import RemovalPolicy
from aws_cdk.aws_logs import RetentionDays
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Json, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

# What marks a key as the CDK's own: feature flags, cached look-ups, and the command's one plain setting.
_CDK_MARKS = ("@", ":", "/", "cli-telemetry")

_RETENTION = {
    1: RetentionDays.ONE_DAY,
    7: RetentionDays.ONE_WEEK,
    30: RetentionDays.ONE_MONTH,
    90: RetentionDays.THREE_MONTHS,
    180: RetentionDays.SIX_MONTHS,
    365: RetentionDays.ONE_YEAR,
}

_BUS = r"^([A-Za-z0-9._/-]{1,256}|arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/[A-Za-z0-9._/-]{1,256})$"

Memory = Annotated[int, Field(ge=128, le=10_240)]
HttpTimeout = Annotated[int, Field(ge=1, le=29, description="the HTTP API gives up after 30 seconds")]
WorkerTimeout = Annotated[int, Field(ge=1, le=900)]


class BadContextError(Exception):
    """A context value is missing, unknown or not allowed; the message names each key and the way out."""


def _as_number(value: object) -> object:
    """`-c key=7` on a command line arrives as text."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


class _Choices(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="forbid", populate_by_name=True)


class HttpSize(_Choices):
    """Memory in MB and timeout in seconds of a function behind the HTTP API."""

    memory_mb: Memory
    timeout_s: HttpTimeout


class WorkerSize(_Choices):
    """Memory in MB and timeout in seconds of a function nobody waits for on a connection."""

    memory_mb: Memory
    timeout_s: WorkerTimeout


class SyncSize(WorkerSize):
    """A run stops 30 seconds before its time is up: with less than a minute it would hardly begin."""

    timeout_s: Annotated[int, Field(ge=60, le=900)]


class SweepSize(WorkerSize):
    """A sweep stops 15 seconds before its time is up, and the next one starts five minutes after it did."""

    timeout_s: Annotated[int, Field(ge=30, le=300)]


class Sizes(_Choices):
    """How large each function is; the defaults come from the measured bars."""

    admin: HttpSize = HttpSize(memory_mb=1024, timeout_s=29)
    delivery: HttpSize = HttpSize(memory_mb=1024, timeout_s=29)
    webhook: HttpSize = HttpSize(memory_mb=512, timeout_s=10)
    sync: SyncSize = SyncSize(memory_mb=512, timeout_s=300)
    sweep: SweepSize = SweepSize(memory_mb=512, timeout_s=120)
    index: WorkerSize = WorkerSize(memory_mb=512, timeout_s=60)
    audit: WorkerSize = WorkerSize(memory_mb=512, timeout_s=60)
    operations: WorkerSize = WorkerSize(memory_mb=512, timeout_s=30)


def _claims(spelled: str) -> str:
    """Which claims tell who somebody is, where they are not the standard ones: a JSON object, kept as it is spelled."""
    if spelled:
        TypeAdapter(dict[Literal["subject", "email", "emailVerified", "name"], str]).validate_json(spelled)
    return spelled


def _command(spelled: str) -> str:
    """What OpenCode runs to be told a token: a JSON array of a program and its arguments, kept as it is spelled."""
    if spelled:
        TypeAdapter(Annotated[list[str], Field(min_length=1)]).validate_json(spelled)
    return spelled


class Deployment(_Choices):
    """One deployment's choices; in the context every field is spelled in camelCase."""

    # With its stage, the account and the longest region, a bucket's name just fits its 63 characters.
    stage: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,15}$")] = "dev"
    oidc_issuer: Annotated[str, Field(pattern=r"^https?://")]
    oidc_audience: Annotated[str, Field(min_length=1)]
    github_app_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9.]+$")]
    oidc_claims: Annotated[str, AfterValidator(_claims)] = ""
    oidc_groups_claim: str = ""
    oidc_jwks_url: Annotated[str, Field(pattern=r"^(https?://.*)?$")] = ""
    github_api_url: Annotated[str, Field(pattern=r"^https?://")] = "https://api.github.com"
    public_url: Annotated[str, Field(pattern=r"^(https?://.*)?$")] = ""
    opencode_auth_command: Annotated[str, AfterValidator(_command)] = ""
    cors_origins: Json[tuple[str, ...]] | tuple[str, ...] = ()
    alarm_email: Annotated[str, Field(pattern=r"^(\S+@\S+)?$")] = ""
    removal_policy: Literal["retain", "destroy"] = "retain"
    deletion_protection: bool = True
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_retention_days: Annotated[Literal[1, 7, 30, 90, 180, 365], BeforeValidator(_as_number)] = 90
    # EventBridge's default bus, one of this account and region by its name, or any by its ARN.
    audit_event_bus: Annotated[str, Field(pattern=_BUS)] = "default"
    audit_retention_days: Annotated[int, Field(ge=1, le=3650)] = 400
    requests_per_second: Annotated[int, Field(ge=1)] = 500
    request_burst: Annotated[int, Field(ge=1)] = 1000
    sync_concurrency: Annotated[int, Field(ge=2, le=1000)] = 20
    sizes: Json[Sizes] | Sizes = Sizes()
    bundle: Literal["lambda", "local", "none"] = "lambda"
    local_python: str = ""
    local_api_id: Annotated[str, Field(pattern=r"^([0-9a-f]{8})?$")] = ""

    @property
    def removal(self) -> RemovalPolicy:
        """What happens to data when its resource leaves the stack."""
        return RemovalPolicy.DESTROY if self.removal_policy == "destroy" else RemovalPolicy.RETAIN

    @property
    def log_retention(self) -> RetentionDays:
        """How long log groups keep their lines."""
        return _RETENTION[self.log_retention_days]

    def name(self, *parts: str) -> str:
        """A physical name of this deployment: `depot-<stage>` and the parts, joined by dashes."""
        return "-".join(("depot", self.stage, *parts))


def read_deployment(context: Mapping[str, Any]) -> Deployment:
    """Check a CDK context and return the deployment it describes.

    Raises BadContextError naming every key at fault, unknown ones included, so that a typo never
    silently deploys a default.
    """
    own = {key: value for key, value in context.items() if not any(mark in key for mark in _CDK_MARKS)}
    try:
        return Deployment.model_validate(own)
    except ValidationError as invalid:
        raise BadContextError(_explain(invalid)) from invalid


def _explain(invalid: ValidationError) -> str:
    faults = {".".join(map(str, error["loc"])): error["msg"] for error in invalid.errors()}
    listed = "\n".join(f"  {key}: {message}" for key, message in faults.items())
    return (
        f"The CDK context does not describe a deployment:\n{listed}\n"
        "Pass a value with `-c key=value`, or keep the deployment's values in cdk.context.json."
    )
