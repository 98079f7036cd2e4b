"""Findings of cdk-nag that are accepted, each where it arises and with its reason."""

from aws_cdk import Acknowledgment, Validations
from constructs import Construct


def accept(construct: Construct, finding: str, *, because: str) -> None:
    """Accept one finding on a construct and everything inside it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=finding, reason=because))
