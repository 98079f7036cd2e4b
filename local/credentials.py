"""The stand-in GitHub App's private key and the webhook secret: made once per stack, put into its secrets."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from local.aws import Aws
from local.github.keys import generate_app_key
from local.state import State


@dataclass(frozen=True, slots=True)
class Credentials:
    """Files in a folder that only its owner may enter."""

    folder: Path

    @property
    def app_key(self) -> Path:
        """The app's private key, a PEM as GitHub issues it."""
        return self.folder / "github-app.pem"

    @property
    def app_public_key(self) -> Path:
        return self.folder / "github-app.public.pem"

    @property
    def client_secret_file(self) -> Path:
        """What the app shows to turn a person's code into a token."""
        return self.folder / "github-client-secret"

    @property
    def webhook_secret_file(self) -> Path:
        return self.folder / "webhook-secret"

    @property
    def webhook_secret(self) -> str:
        return self.webhook_secret_file.read_text()


def obtain(state: State) -> Credentials:
    """The credentials of this stack, made on first use."""
    kept = Credentials(state.folder / "credentials")
    kept.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not kept.app_public_key.exists():
        kept.app_key.unlink(missing_ok=True)
        kept.app_public_key.write_text(generate_app_key(kept.app_key))
    for file in (kept.webhook_secret_file, kept.client_secret_file):
        if not file.exists():
            file.write_text(secrets.token_urlsafe(32))
    return kept


def fill_secrets(aws: Aws, outputs: Mapping[str, str], credentials: Credentials) -> None:
    """Do what an operator does after the first deployment: put the values into the deployment's secrets."""
    _put(aws, outputs["GithubAppKeySecret"], credentials.app_key.read_text())
    _put(aws, outputs["GithubClientSecret"], credentials.client_secret_file.read_text())
    _put(aws, outputs["WebhookSecret"], json.dumps({"current": credentials.webhook_secret}))


def _put(aws: Aws, secret_id: str, value: str) -> None:
    store = aws.client("secretsmanager")
    try:
        present = store.get_secret_value(SecretId=secret_id).get("SecretString")
    except ClientError as empty:
        if empty.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        present = None
    if present != value:
        store.put_secret_value(SecretId=secret_id, SecretString=value)
