"""What the delivery function must not load when it starts: each would cost every cold start its time."""

import subprocess
import sys

import pytest

HEAVY = (
    "boto3",
    "yaml",
    "cryptography",
    "jwt",
    "tree_sitter",
    "aws_xray_sdk",
    "urllib3.contrib",
    "concurrent.futures.process",
)


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that a fresh interpreter has after importing the handler."""
    program = "import sys, functions.delivery.handler; print(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


@pytest.mark.parametrize("module", HEAVY)
def test_a_start_does_not_load(loaded: set[str], module: str) -> None:
    assert module not in loaded


def test_a_start_loads_no_parser_and_no_renderer(loaded: set[str]) -> None:
    assert not [name for name in loaded if name.startswith("shared.domain.config_types")]
