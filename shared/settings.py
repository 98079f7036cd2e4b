"""The functions' environment, read once into one frozen value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What the deployment tells its functions; every field is an environment variable `DEPOT_<NAME>`.

    Fields ending in `_secret` name a Secrets Manager secret by ARN; its value is fetched when first needed.
    `oidc_claims` is a JSON object: which claims tell a person's subject, email, emailVerified and name.
    `oidc_groups_claim` names the claim whose values put people into teams.
    `opencode_auth_command` is a JSON array: what OpenCode runs on its user's machine to be told a token.
    `audit_event_bus` is the name or the ARN of an EventBridge bus.
    Empty means not configured: a function refuses what needs it, and nothing else.
    """

    stage: str = "dev"
    table: str = ""
    bucket: str = ""
    queue_url: str = ""
    public_url: str = ""
    github_api_url: str = "https://api.github.com"
    github_app_id: str = ""
    github_app_key_secret: str = ""
    github_client_secret: str = ""
    webhook_secret: str = ""
    cursor_secret: str = ""
    data_key: str = ""
    signing_key: str = ""
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_jwks_url: str = ""
    oidc_claims: str = ""
    oidc_groups_claim: str = ""
    opencode_auth_command: str = ""
    audit_retention_days: str = "400"
    audit_event_bus: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        known = {name: environment.get(f"DEPOT_{name.upper()}") for name in cls.__dataclass_fields__}
        return cls(**{name: value for name, value in known.items() if value})
