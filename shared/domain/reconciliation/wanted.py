"""What the source holds now: found units, each with the mapping that wants it and a fingerprint of its files."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.domain.config_types.unit import Unit
from shared.domain.diagnostics import Diagnostic
from shared.domain.source_tree import TreeEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that should be bound. Of a container the units inside are known only once it is read."""

    unit: Unit
    mapping_id: str
    fingerprint: str

    @property
    def locator(self) -> str:
        return self.unit.locator


def want(units: Iterable[Unit], mapping_id: str, entries: Mapping[str, TreeEntry]) -> tuple[Wanted, ...]:
    """The units that one mapping found, in the tree whose entries by path are given."""
    return tuple(
        Wanted(unit, mapping_id, fingerprint(unit.type, map(entries.__getitem__, unit.file_paths), unit.diagnostics))
        for unit in units
    )


def fingerprint(object_type: str, files: Iterable[TreeEntry], notes: Iterable[Diagnostic] = ()) -> str:
    """`<type>:<hex>`: equal exactly when the type is, every file's path, mode and blob id, and what is left out of it.

    What a binding carries, so that an unchanged unit is recognized without reading any file. The notes are those of
    the listing: a file that is left out changes what is said of the unit, though not its content.
    """
    lines = sorted(f"{file.mode:o} {file.sha} {file.path}\0" for file in files)
    lines += sorted({f"{note.code} {note.path}\0" for note in notes})
    return f"{object_type}:{hashlib.sha256(''.join(lines).encode(errors='surrogatepass')).hexdigest()}"


def type_of(unit_fingerprint: str) -> str:
    """The type that a fingerprint was taken for."""
    return unit_fingerprint.partition(":")[0]
