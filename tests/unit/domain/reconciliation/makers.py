"""Small makers of what reconciliation works on."""

from collections.abc import Sequence
from datetime import UTC, datetime

from shared.domain.config_types.unit import Split, Unit
from shared.domain.connector import Binding, BindingStatus, Mapping, Tombstone
from shared.domain.reconciliation.wanted import Wanted
from shared.domain.source_tree import EntryKind, TreeEntry

AT = datetime(2026, 1, 1, tzinfo=UTC)
SUPPRESSED = BindingStatus.SUPPRESSED


def entry(path: str, sha: str = "a" * 40, mode: int = 0o100644) -> TreeEntry:
    return TreeEntry(path, mode, EntryKind.BLOB, sha, 1)


def mapping(number: int, selector: str, object_type: str = "skill") -> Mapping:
    return Mapping(f"cmp_{number}", "org_1", "ctg_1", selector, object_type, AT, AT, "mem_1")


def unit(locator: str, object_type: str = "skill", key: str | None = None, *, container: bool = False) -> Unit:
    return Unit(object_type, locator, "", locator, (locator,), key, container=container)


def wanted(locator: str, content: str = "1", mapping_id: str = "cmp_1", object_type: str = "skill") -> Wanted:
    return Wanted(unit(locator, object_type), mapping_id, f"{object_type}:{content}")


def container(locator: str, content: str = "1", mapping_id: str = "cmp_1", object_type: str = "mcp") -> Wanted:
    return Wanted(unit(locator, object_type, container=True), mapping_id, f"{object_type}:{content}")


def holding(locator: str, *keys: str, complete: bool = True, object_type: str = "mcp") -> Split:
    return Split(tuple((unit(f"{locator}#{key}", object_type, key), ()) for key in keys), complete=complete)


def bind(one: Wanted, status: BindingStatus = BindingStatus.ACTIVE) -> Binding:
    name = f"cfg_{one.locator}"
    return Binding(name, "ctg_1", one.mapping_id, one.locator, one.fingerprint, "rev", status)


def tombstone(locator: str, former: str) -> Tombstone:
    return Tombstone("ctg_1", "cmp_1", locator, former, "syn_1", "rev", AT)


def locators(steps: Sequence[Wanted | Binding]) -> list[str]:
    return [step.locator for step in steps]
