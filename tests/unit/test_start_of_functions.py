"""What a function loads when it starts: every module in vain is paid for by a caller who waits."""

import subprocess
import sys

import pytest

from infra.bundling.bundle import ROOT

HEAVY = {"boto3", "aws_xray_sdk", "yaml", "cryptography", "tree_sitter", "jwt", "s3transfer", "email.mime", "sqlite3"}
CLIENTS = {"botocore.session", "botocore.client"}

AWS = {"botocore", "pydantic", "aws_lambda_powertools", "urllib3", "shared.repositories"}

MUST_WAIT = {
    "webhook": HEAVY | AWS | {"shared.services.sync_events", "shared.domain.config_types", "shared.connectors"},
    "sync": HEAVY | CLIENTS | {"urllib3", "aws_lambda_powertools", "shared.connectors.github"},
    "sweep": HEAVY | AWS | {"shared.services", "shared.connectors"},
    "admin": HEAVY | CLIENTS | {"functions.admin.routes", "shared.domain.config_types", "shared.connectors"},
    "delivery": HEAVY | CLIENTS | {"functions.delivery.routes", "shared.domain.git", "shared.domain.config_types"},
    "index": HEAVY | AWS | {"shared.services", "shared.connectors"},
    "audit": HEAVY | AWS | {"shared.services", "shared.connectors"},
    "operations": HEAVY | CLIENTS | {"shared.domain.config_types", "shared.connectors"},
}


@pytest.mark.parametrize("function", MUST_WAIT)
def test_a_start_loads_nothing_that_can_wait(function: str) -> None:
    loaded = _loaded_by(f"functions.{function}.handler")

    early = {
        name for name in loaded if any(name == wait or name.startswith(f"{wait}.") for wait in MUST_WAIT[function])
    }
    assert early == set()


def _loaded_by(module: str) -> list[str]:
    """The modules there are after an import in an interpreter of its own."""
    command = f"import sys, {module}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.split()
