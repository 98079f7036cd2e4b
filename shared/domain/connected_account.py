"""What an account has to be told of its installation."""

from shared.domain.connector import AccountStatus, ConnectorAccount
from shared.domain.source_tree import Installation


def account_changes(account: ConnectorAccount, truth: Installation | None) -> dict[str, object]:
    """What an account has to be told of its installation; None for one that is gone."""
    if truth is None:
        wanted: dict[str, object] = {"status": AccountStatus.DISCONNECTED}
    else:
        wanted = {
            "status": status_of(truth),
            "login": truth.login,
            "repository_selection": truth.repository_selection,
            "permissions": dict(truth.permissions),
        }
    return {name: value for name, value in wanted.items() if getattr(account, name) != value}


def status_of(truth: Installation) -> AccountStatus:
    """An installation that may not read contents cannot be synced: somebody has to accept the app's permissions."""
    if truth.suspended:
        return AccountStatus.SUSPENDED
    readable = truth.permissions.get("contents") in ("read", "write")
    return AccountStatus.ACTIVE if readable else AccountStatus.NEEDS_ATTENTION
