"""How large a unit may be, checkable from a listing, before anything is fetched."""

from collections.abc import Iterable

from shared.domain.config_types.codes import Code
from shared.domain.diagnostics import Diagnostic

MAX_ENTRY_BYTES = 1024 * 1024
MAX_UNIT_BYTES = 25 * 1024 * 1024
MAX_FILES = 2_000


def check(
    entry_path: str, sizes: Iterable[tuple[str, int]], where: str = "", max_entry_bytes: int = MAX_ENTRY_BYTES
) -> tuple[Diagnostic, ...]:
    """The limits that a unit of these (path, size in bytes) breaks, noted at `where` or the entry."""
    by_path = dict(sizes)
    where = where or entry_path
    notes = []
    if by_path.get(entry_path, 0) > max_entry_bytes:
        notes.append(Code.ENTRY_TOO_LARGE.at(where, f"{by_path[entry_path]} bytes"))
    if sum(by_path.values()) > MAX_UNIT_BYTES:
        notes.append(Code.UNIT_TOO_LARGE.at(where, f"{sum(by_path.values())} bytes"))
    if len(by_path) > MAX_FILES:
        notes.append(Code.TOO_MANY_FILES.at(where, f"{len(by_path)} files"))
    return tuple(notes)
