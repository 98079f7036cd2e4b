"""One Lambda function with its own log group and a role that starts with nothing but its own logs."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.deployment import Deployment, HttpSize, WorkerSize
from infra.findings import accept


class DepotFunction(Construct):
    """A Python function on arm64; every further permission is given by `allow`, one statement at a time."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        name: str,
        size: HttpSize | WorkerSize,
        code: lambda_.Code,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = self._log_group(deployment, name)
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [log_group.log_group_arn])
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=deployment.name(name),
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"functions.{name}.handler.handler",
            code=code,
            memory_size=size.memory_mb,
            timeout=Duration.seconds(size.timeout_s),
            environment={
                "DEPOT_STAGE": deployment.stage,
                "POWERTOOLS_LOG_LEVEL": deployment.log_level,
                "POWERTOOLS_SERVICE_NAME": name,
                **{variable: value for variable, value in environment.items() if value},
            },
            role=self.role,
            log_group=log_group,
        )
        accept(
            self.function,
            "AwsSolutions-L1",
            because="Bundles carry compiled wheels for this runtime; both move together.",
        )

    def allow(
        self,
        sid: str,
        actions: Sequence[str],
        resources: Sequence[str],
        conditions: Mapping[str, object] | None = None,
    ) -> None:
        """Give the role one named statement: exact actions on exact resources."""
        statement = iam.PolicyStatement(
            sid=sid, actions=list(actions), resources=list(resources), conditions=conditions
        )
        self.role.add_to_policy(statement)

    def allow_key(self, key_arn: str, services: Sequence[str]) -> None:
        """Let the role use the deployment's key, and only through the services it reads and writes with."""
        self.allow(
            "UseKey",
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            [key_arn],
            {"StringEquals": {"kms:ViaService": [f"{name}.{Aws.REGION}.amazonaws.com" for name in services]}},
        )

    def _log_group(self, deployment: Deployment, name: str) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{deployment.name(name)}",
            retention=deployment.log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
