"""The eight functions, what each is told, and exactly what each may touch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.content_bucket import ContentBucket
from infra.constructs.encryption_key import EncryptionKey
from infra.constructs.function import DepotFunction
from infra.constructs.secrets import DepotSecrets
from infra.constructs.signing_key import SigningKey
from infra.constructs.stream_dead_letters import StreamDeadLetters
from infra.constructs.sync_queue import SyncQueue
from infra.constructs.table import DepotTable
from infra.deployment import Deployment

PURPOSE = "sealed-content"
"""What orgs' data keys are for: part of the encryption context that KMS holds their use to."""

READ = ("dynamodb:BatchGetItem", "dynamodb:GetItem")
QUERY = ("dynamodb:Query",)
# A transaction needs the permission of each action in it; there is none for the transaction itself.
WRITE = ("dynamodb:PutItem", "dynamodb:UpdateItem")
REMOVE = ("dynamodb:DeleteItem",)
# Whoever gives a team something has to find it there in the same transaction.
CHECK = ("dynamodb:ConditionCheckItem",)
# What Lambda's own poller does under the function's role.
FOLLOW = tuple(f"dynamodb:{each}" for each in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"))

_RECORD_NOTHING = ("index", "audit")
"""Functions that leave no audit events."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that outlives a request."""

    key: EncryptionKey
    table: DepotTable
    content: ContentBucket
    work: SyncQueue
    unindexed: StreamDeadLetters
    untold: StreamDeadLetters
    secrets: DepotSecrets
    signing: SigningKey


class DepotFunctions(Construct):
    """One function per way in; `code` gives the bundle of a function by its name."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        stores: Stores,
        code: Callable[[str], lambda_.Code],
    ) -> None:
        super().__init__(scope, construct_id)
        self._deployment = deployment
        self._stores = stores
        self._code = code
        self.admin = self._admin()
        self.delivery = self._delivery()
        self.webhook = self._webhook()
        self.sync = self._sync()
        self.sweep = self._sweep()
        self.index = self._index()
        self.audit = self._audit()
        self.operations = self._operations()

    @property
    def by_name(self) -> Mapping[str, DepotFunction]:
        """Every function under the name of its folder."""
        return {name: getattr(self, name) for name in type(self._deployment.sizes).model_fields}

    def _admin(self) -> DepotFunction:
        secrets = self._stores.secrets
        told = self._identity() | self._github() | self._queue() | self._bucket() | self._cursors() | self._sealing()
        # Only this function may write who is in which team.
        groups = {"DEPOT_OIDC_GROUPS_CLAIM": self._deployment.oidc_groups_claim}
        told["DEPOT_GITHUB_CLIENT_SECRET"] = secrets.client_secret_id
        admin = self._function("admin", told | self._signing() | groups)
        self._allow_table(admin, (*READ, *QUERY, *WRITE, *REMOVE, *CHECK), indexes=("list", "edge"))
        self._allow_enqueue(admin)
        # /readyz asks whether the queue answers; it asks the same of the bucket, which telling absence allows.
        admin.allow("CheckQueue", ["sqs:GetQueueAttributes"], [self._stores.work.queue.queue_arn])
        self._allow_objects(admin, "ReadWriteContents", ("s3:GetObject", "s3:PutObject"), ("blobs", "sealed"))
        self._allow_data_keys(admin, "kms:Decrypt", "kms:GenerateDataKey")
        admin.allow("SignReleases", ["kms:Sign"], [self._stores.signing.key.key_arn])
        self._allow_absence(admin)
        self._allow_secrets(admin, secrets.app_key_id, secrets.client_secret_id, secrets.cursor_id)
        admin.allow_key(self._key_arn, ("dynamodb", "s3", "secretsmanager", "sqs"))
        return admin

    def _delivery(self) -> DepotFunction:
        told = self._identity() | self._bucket() | self._cursors() | self._sealing()
        told["DEPOT_OPENCODE_AUTH_COMMAND"] = self._deployment.opencode_auth_command
        delivery = self._function("delivery", told | self._signing())
        # It puts and deletes nothing: digests of what it has rendered and what clients report are updates of rows.
        self._allow_table(delivery, (*READ, *QUERY, "dynamodb:UpdateItem"), indexes=("list", "edge"))
        self._allow_objects(delivery, "ReadContents", ("s3:GetObject",), ("blobs", "sealed"))
        delivery.allow("PublishSigningKey", ["kms:GetPublicKey"], [self._stores.signing.key.key_arn])
        # Literal delivery, where a manager has chosen it.
        self._allow_data_keys(delivery, "kms:Decrypt")
        self._allow_objects(
            delivery,
            "ReadWriteRendered",
            ("s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"),
            ("archives", "catalogs", "packs"),
        )
        self._allow_absence(delivery)
        self._allow_secrets(delivery, self._stores.secrets.cursor_id)
        delivery.allow_key(self._key_arn, ("dynamodb", "s3", "secretsmanager"))
        return delivery

    def _webhook(self) -> DepotFunction:
        webhook = self._function("webhook", self._queue() | {"DEPOT_WEBHOOK_SECRET": self._stores.secrets.webhook_id})
        self._allow_table(webhook, (*READ, *WRITE), indexes=("edge",))
        self._allow_enqueue(webhook)
        self._allow_secrets(webhook, self._stores.secrets.webhook_id)
        webhook.allow_key(self._key_arn, ("dynamodb", "secretsmanager", "sqs"))
        return webhook

    def _sync(self) -> DepotFunction:
        sync = self._function("sync", self._github() | self._queue() | self._bucket() | self._sealing())
        self._allow_table(sync, (*READ, *QUERY, *WRITE, *REMOVE), indexes=("list", "edge"))
        self._allow_enqueue(sync)
        self._allow_consume(sync)
        self._allow_objects(sync, "ReadWriteContents", ("s3:GetObject", "s3:PutObject"), ("blobs",))
        self._allow_objects(sync, "WriteSealed", ("s3:PutObject",), ("sealed",))
        self._allow_data_keys(sync, "kms:Decrypt", "kms:GenerateDataKey")
        self._allow_secrets(sync, self._stores.secrets.app_key_id)
        sync.allow_key(self._key_arn, ("dynamodb", "s3", "secretsmanager", "sqs"))
        return sync

    def _sweep(self) -> DepotFunction:
        sweep = self._function("sweep", self._github() | self._queue())
        # What a stopped creation left behind is found by a query, and removed.
        self._allow_table(sweep, (*READ, *QUERY, *WRITE, *REMOVE), indexes=("due",))
        self._allow_enqueue(sweep)
        self._allow_secrets(sweep, self._stores.secrets.app_key_id)
        sweep.allow_key(self._key_arn, ("dynamodb", "secretsmanager", "sqs"))
        return sweep

    def _index(self) -> DepotFunction:
        stores, index = self._stores, self._function("index", {})
        self._allow_table(index, ("dynamodb:BatchGetItem", *WRITE, *REMOVE))
        self._allow_follow(index, stores.unindexed)
        return index

    def _audit(self) -> DepotFunction:
        """It reads what the stream brings, and nothing of the table."""
        bus = self._deployment.audit_event_bus
        audit = self._function("audit", {"DEPOT_AUDIT_EVENT_BUS": bus})
        arn = (
            bus if bus.startswith("arn:") else Stack.of(self).format_arn(service="events", resource=f"event-bus/{bus}")
        )
        audit.allow("TellBus", ["events:PutEvents"], [arn])
        self._allow_follow(audit, self._stores.untold)
        return audit

    def _operations(self) -> DepotFunction:
        operations = self._function("operations", {})
        self._allow_table(operations, (*READ, *WRITE, *CHECK))
        operations.allow_key(self._key_arn, ("dynamodb",))
        return operations

    def _function(self, name: str, environment: Mapping[str, str]) -> DepotFunction:
        recording = {} if name in _RECORD_NOTHING else self._retention()
        return DepotFunction(
            self,
            name.capitalize(),
            deployment=self._deployment,
            name=name,
            size=getattr(self._deployment.sizes, name),
            code=self._code(name),
            environment={"DEPOT_TABLE": self._stores.table.table.table_name, **recording, **environment},
        )

    @property
    def _key_arn(self) -> str:
        return self._stores.key.key.key_arn

    def _identity(self) -> dict[str, str]:
        chosen = self._deployment
        return {
            "DEPOT_OIDC_ISSUER": chosen.oidc_issuer,
            "DEPOT_OIDC_AUDIENCE": chosen.oidc_audience,
            "DEPOT_OIDC_JWKS_URL": chosen.oidc_jwks_url,
            "DEPOT_OIDC_CLAIMS": chosen.oidc_claims,
            "DEPOT_PUBLIC_URL": chosen.public_url,
        }

    def _github(self) -> dict[str, str]:
        return {
            "DEPOT_GITHUB_API_URL": self._deployment.github_api_url,
            "DEPOT_GITHUB_APP_ID": self._deployment.github_app_id,
            "DEPOT_GITHUB_APP_KEY_SECRET": self._stores.secrets.app_key_id,
        }

    def _retention(self) -> dict[str, str]:
        return {"DEPOT_AUDIT_RETENTION_DAYS": str(self._deployment.audit_retention_days)}

    def _queue(self) -> dict[str, str]:
        return {"DEPOT_QUEUE_URL": self._stores.work.queue.queue_url}

    def _bucket(self) -> dict[str, str]:
        return {"DEPOT_BUCKET": self._stores.content.bucket.bucket_name}

    def _cursors(self) -> dict[str, str]:
        return {"DEPOT_CURSOR_SECRET": self._stores.secrets.cursor_id}

    def _signing(self) -> dict[str, str]:
        return {"DEPOT_SIGNING_KEY": self._stores.signing.key.key_arn}

    def _sealing(self) -> dict[str, str]:
        return {"DEPOT_DATA_KEY": self._key_arn}

    def _allow_data_keys(self, function: DepotFunction, *actions: str) -> None:
        """Orgs' data keys: for an org that is named, for their one purpose, and for nothing else.

        The functions' other use of the key is held to other services (kms:ViaService): no direct call passes.
        """
        conditions = {
            "StringEquals": {"kms:EncryptionContext:purpose": PURPOSE},
            "StringLike": {"kms:EncryptionContext:orgId": "org_*"},
            "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["orgId", "purpose"]},
        }
        function.allow("UseDataKeys", actions, [self._key_arn], conditions)

    def _allow_table(self, function: DepotFunction, actions: Sequence[str], *, indexes: Sequence[str] = ()) -> None:
        table = self._stores.table
        function.allow("UseTable", actions, [table.table.table_arn])
        if indexes:
            function.allow("QueryIndexes", QUERY, [table.index_arn(name) for name in indexes])

    def _allow_follow(self, function: DepotFunction, dead_letters: StreamDeadLetters) -> None:
        function.allow("FollowTable", FOLLOW, [self._stores.table.stream_arn])
        # Lambda sets aside what fails for good under the function's role.
        function.allow("SetAside", ["sqs:SendMessage"], [dead_letters.queue.queue_arn])
        function.allow_key(self._key_arn, ("dynamodb", "sqs"))

    def _allow_enqueue(self, function: DepotFunction) -> None:
        queue_arn = self._stores.work.queue.queue_arn
        function.allow("Enqueue", ["sqs:SendMessage"], [queue_arn])

    def _allow_consume(self, function: DepotFunction) -> None:
        """What Lambda's own poller does under the function's role, and postponing, which the function does itself."""
        actions = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"]
        function.allow("Consume", actions, [self._stores.work.queue.queue_arn])

    def _allow_secrets(self, function: DepotFunction, *secret_ids: str) -> None:
        function.allow("ReadSecrets", ["secretsmanager:GetSecretValue"], secret_ids)

    def _allow_objects(self, function: DepotFunction, sid: str, actions: Sequence[str], kinds: Sequence[str]) -> None:
        content = self._stores.content
        function.allow(sid, actions, content.paths(kinds))
        content.acknowledge_paths(function, kinds)

    def _allow_absence(self, function: DepotFunction) -> None:
        """S3 answers 403 instead of 404 for an absent object to who may not list the bucket."""
        function.allow("TellAbsence", ["s3:ListBucket"], [self._stores.content.bucket.bucket_arn])
