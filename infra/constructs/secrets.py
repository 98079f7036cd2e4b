"""The deployment's secrets, encrypted under its own key and read by id only by the functions that need them."""

import json

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.deployment import Deployment
from infra.findings import accept


class DepotSecrets(Construct):
    """The GitHub App's key and client secret, the webhook secret, and the secret that signs cursors.

    The last two are generated and never leave the account; the App's are empty until an operator puts what
    GitHub issued into them.
    """

    def __init__(self, scope: Construct, construct_id: str, deployment: Deployment, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self._deployment = deployment
        self._key = key
        self.app_key_id = self._awaited("GithubAppKey", "Private key of the GitHub App (PEM)")
        self.client_secret_id = self._awaited("GithubClientSecret", "Client secret of the GitHub App")
        self.webhook_id = self._generated("WebhookSecret", "What GitHub signs deliveries with", field="current")
        self.cursor_id = self._generated("CursorSecret", "What list cursors are signed with", field=None)

    def _generated(self, construct_id: str, description: str, *, field: str | None) -> str:
        generated = secretsmanager.CfnSecret.GenerateSecretStringProperty(
            password_length=64,
            exclude_punctuation=True,
            secret_string_template=json.dumps({}) if field else None,
            generate_string_key=field,
        )
        return self._secret(construct_id, description, generated)

    def _awaited(self, construct_id: str, description: str) -> str:
        return self._secret(construct_id, description, None)

    def _secret(
        self,
        construct_id: str,
        description: str,
        generated: secretsmanager.CfnSecret.GenerateSecretStringProperty | None,
    ) -> str:
        """Declare a secret and return its ARN.

        The ARN is taken from the resource: names made from it by string operations do not resolve on the
        emulator.
        """
        secret = secretsmanager.CfnSecret(
            self,
            construct_id,
            description=description,
            kms_key_id=self._key.key_arn,
            generate_secret_string=generated,
        )
        secret.apply_removal_policy(self._deployment.removal)
        accept(
            secret,
            "AwsSolutions-SMG4",
            because="The other side must change with it (GitHub) or clients hold what it signed: rotated by hand.",
        )
        return secret.attr_id
