"""The whole of one deployment, assembled from its capabilities."""

from collections.abc import Callable, Mapping

from aws_cdk import CfnOutput, Stack, Tags
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.alarms import Alarms
from infra.constructs.content_bucket import ContentBucket
from infra.constructs.encryption_key import EncryptionKey
from infra.constructs.functions import DepotFunctions, Stores
from infra.constructs.http_api import ROUTES, PublicApi
from infra.constructs.secrets import DepotSecrets
from infra.constructs.signing_key import SigningKey
from infra.constructs.stream_dead_letters import StreamDeadLetters
from infra.constructs.sync_queue import SyncQueue
from infra.constructs.table import DepotTable
from infra.constructs.triggers import RECORDED, UNINDEXED, StreamTrigger, SweepSchedule, SyncTrigger
from infra.deployment import Deployment


class DepotStack(Stack):
    """Stores, functions, ways in, and alarms; `code` gives the bundle of a function by its name."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        code: Callable[[str], lambda_.Code],
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=deployment.name(),
            description="Plugin Depot: a company's own, private plugin service for AI coding agents",
            termination_protection=deployment.deletion_protection,
        )
        Tags.of(self).add("depot:stage", deployment.stage)
        self._deployment = deployment
        self._stores = self._declare_stores()
        self._functions = DepotFunctions(self, "Functions", deployment=deployment, stores=self._stores, code=code)
        self._handlers = {name: each.function for name, each in self._functions.by_name.items()}
        self._api = PublicApi(self, "Http", deployment=deployment, functions=self._handlers)
        self._trigger()
        self._watch()
        self._export()

    def _declare_stores(self) -> Stores:
        encryption = EncryptionKey(self, "Encryption", self._deployment)
        key = encryption.key
        return Stores(
            key=encryption,
            table=DepotTable(self, "Data", self._deployment, key),
            content=ContentBucket(self, "Content", self._deployment, key),
            work=SyncQueue(self, "Work", self._deployment, key),
            unindexed=self._dead_letters("Unindexed", "index", key),
            untold=self._dead_letters("Untold", "audit", key),
            secrets=DepotSecrets(self, "Secrets", self._deployment, key),
            signing=SigningKey(self, "Signing", self._deployment),
        )

    def _dead_letters(self, construct_id: str, function: str, key: kms.IKey) -> StreamDeadLetters:
        return StreamDeadLetters(self, construct_id, deployment=self._deployment, key=key, function=function)

    def _trigger(self) -> None:
        SyncTrigger(
            self,
            "SyncTrigger",
            deployment=self._deployment,
            queue=self._stores.work.queue,
            function=self._handlers["sync"],
        )
        self._follow("IndexTrigger", "index", UNINDEXED, self._stores.unindexed)
        self._follow("AuditTrigger", "audit", RECORDED, self._stores.untold)
        SweepSchedule(self, "SweepSchedule", function=self._handlers["sweep"])

    def _follow(
        self, construct_id: str, function: str, wanted: Mapping[str, object], dead_letters: StreamDeadLetters
    ) -> None:
        StreamTrigger(
            self,
            construct_id,
            stream_arn=self._stores.table.stream_arn,
            wanted=wanted,
            function=self._handlers[function],
            dead_letters=dead_letters.queue,
        )

    def _watch(self) -> None:
        alarms = Alarms(self, "Alarms", deployment=self._deployment, key=self._stores.key.key)
        alarms.watch_dead_letters(
            "dead-letters",
            self._stores.work.dead_letters,
            "Sync work failed five times and waits in the dead-letter queue",
        )
        alarms.watch_dead_letters(
            "index-dead-letters", self._stores.unindexed.queue, "Objects could not be indexed for search"
        )
        alarms.watch_dead_letters(
            "audit-dead-letters", self._stores.untold.queue, "Audit events could not be handed to the event bus"
        )
        for name in ("index", "audit"):
            alarms.watch_delay(name, self._handlers[name])
        alarms.watch_errors(self._handlers)
        alarms.watch_route(self._api.api.ref, ROUTES["webhook"][0])
        alarms.watch_signatures()

    def _export(self) -> None:
        """Name what an operator and the laptop stack look up after a deployment."""
        outputs = {
            "ApiId": self._api.api.ref,
            "ApiEndpoint": self._api.endpoint,
            "TableName": self._stores.table.table.table_name,
            "BucketName": self._stores.content.bucket.bucket_name,
            "QueueUrl": self._stores.work.queue.queue_url,
            "DeadLetterQueueUrl": self._stores.work.dead_letters.queue_url,
            "GithubAppKeySecret": self._stores.secrets.app_key_id,
            "GithubClientSecret": self._stores.secrets.client_secret_id,
            "WebhookSecret": self._stores.secrets.webhook_id,
            "OperationsFunction": self._handlers["operations"].function_name,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
