"""Clients for the emulator, with made-up credentials and nothing of the developer's own AWS configuration."""

import functools
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config

from local.emulator import REGION


class Aws:
    """One session against the emulator. Clients are made once: building one costs more than using it."""

    def __init__(self, endpoint: str, certificate: Path) -> None:
        self.endpoint = endpoint
        self._certificate = certificate
        self._session = botocore.session.Session()
        # A profile or a certificate bundle of the developer's must neither be used nor make this fail.
        self._session.set_config_variable("config_file", "/dev/null")
        self._session.set_config_variable("credentials_file", "/dev/null")
        self._session.set_config_variable("profile", None)

    @functools.cached_property
    def account_id(self) -> str:
        account: str = self.client("sts").get_caller_identity()["Account"]
        return account

    @functools.cache  # noqa: B019 - one Aws lives as long as its program
    def client(self, service: str) -> Any:
        return self._session.create_client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the emulator takes any credential
            verify=str(self._certificate),
            config=Config(
                retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}, proxies={}, read_timeout=120
            ),
        )
