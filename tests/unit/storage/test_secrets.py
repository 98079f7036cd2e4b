"""Secrets: fetched when first needed, kept for a few minutes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.storage.secrets import KEPT, SecretStore


class Vault:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_secret_value(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803  # AWS spells it so
        self.asked.append(SecretId)
        return {"SecretString": f"{SecretId} {len(self.asked)}"}


class Clock:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_a_secret_is_asked_for_once_while_it_is_kept() -> None:
    vault, clock = Vault(), Clock()
    store = SecretStore(vault, clock)

    first = store.get("app-key")
    clock.now += KEPT - timedelta(seconds=1)

    assert (first, store.get("app-key")) == ("app-key 1", "app-key 1")
    assert vault.asked == ["app-key"]


def test_a_rotated_secret_is_noticed_after_a_while() -> None:
    clock = Clock()
    store = SecretStore(Vault(), clock)

    store.get("app-key")
    clock.now += KEPT

    assert store.get("app-key") == "app-key 2"


def test_each_secret_is_its_own() -> None:
    store = SecretStore(Vault(), Clock())

    assert (store.get("app-key"), store.get("webhook")) == ("app-key 1", "webhook 2")
