"""A far side that answers by script, for what a table in memory never says."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import ClientError

from shared.repositories.table import Table

Answer: TypeAlias = "dict[str, Any] | ClientError"
Scripted: TypeAlias = "Callable[..., ScriptedClient]"


class ScriptedClient:
    """Answers every operation with the next answer of the script, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: list[Answer] = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def answer(**request: Any) -> dict[str, Any]:
            self.asked.append((operation, request))
            given: Answer = self.answers.pop(0) if self.answers else {}
            if isinstance(given, ClientError):
                raise given
            return given

        return answer

    @property
    def table(self) -> Table:
        return Table(self, "depot")


@pytest.fixture
def scripted() -> Scripted:
    return ScriptedClient


def refusal(code: str, *reasons: str) -> ClientError:
    """DynamoDB's error of this code; reasons are those of a cancelled transaction, in the order of its actions."""
    answer: Any = {
        "Error": {"Code": code, "Message": code},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(answer, "TransactWriteItems")
