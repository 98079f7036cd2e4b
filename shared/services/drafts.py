"""Content that a person hands in, checked and parsed before anything is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types import limits
from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.entry import entry_path, require_path
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import ParsedUnit, Unit
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Severity
from shared.domain.errors import FieldError, Invalid, TooLarge
from shared.domain.prepared_unit import PreparedUnit, prepare

SOURCE_FIELD: Final = "input.rawSourceText"


@dataclass(frozen=True, slots=True)
class ContentDraft:
    """The entry's text, and what belongs beside it.

    Without a `file_name` the entry keeps its name, or is called as its type's entries are.
    """

    source_text: str
    file_name: str | None = None
    files: Sequence[SourceFile] = ()
    parser_mode: str | None = None


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft as its type reads it; `parsed.loads` says whether the clients would load it."""

    declaration: ConfigType
    parsed: ParsedUnit
    entry_path: str
    files: Sequence[SourceFile]


def read_draft(type_name: str, content: ContentDraft) -> ReadDraft:
    """Read what a person hands in, whatever its content is worth.

    Raises: Invalid for unsafe paths and several units in one file; TooLarge beyond the limits of a unit.
    """
    declaration = config_type(type_name)
    entry = entry_path(declaration, content.source_text, content.file_name)
    files: Sequence[SourceFile] = [SourceFile(entry, content.source_text.encode()), *content.files]
    _require_tree(files)
    _require_size(declaration, entry, files)
    entry, own = _one_unit(declaration, entry, files)
    return ReadDraft(declaration, declaration.parse(entry, own, parser_mode=content.parser_mode), entry, own)


def prepare_draft(type_name: str, content: ContentDraft) -> PreparedUnit:
    """What will be stored of a draft.

    Raises: what `read_draft` does; Invalid, naming each reason, for content that the clients would refuse to load.
    """
    read = read_draft(type_name, content)
    require_loadable(read.parsed, SOURCE_FIELD)
    return prepare(type_name, read.parsed, read.entry_path, read.files, content.parser_mode)


def require_loadable(parsed: ParsedUnit, field: str) -> None:
    """Raises: Invalid with each reason, for the input's `field`."""
    errors = [note for note in parsed.diagnostics if note.severity == Severity.ERROR]
    if errors:
        raise Invalid(
            "The clients would refuse to load this content.",
            [FieldError(field, f"{note.code} in {note.path}: {note.message}") for note in errors],
        )


def _require_tree(files: Sequence[SourceFile]) -> None:
    for number, file in enumerate(files):
        require_path(file.path, f"input.files.{number - 1}.path" if number else "input.fileName")
    if clash := clashing_path(file.path for file in files):
        raise Invalid.field("input.files", f"{clash} is there twice, or is both a file and a folder")


def clashing_path(paths: Iterable[str]) -> str | None:
    """The first path that cannot exist beside those before it, on a file system that takes A and a for the same."""
    known: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        folded = path.casefold()
        above = {folded[:at] for at, character in enumerate(folded) if character == "/"}
        if folded in known or folded in folders or above & known:
            return path
        known.add(folded)
        folders |= above
    return None


def _require_size(declaration: ConfigType, entry: str, files: Sequence[SourceFile]) -> None:
    sizes = [(file.path, len(file.data)) for file in files]
    broken = limits.check(entry, sizes, max_entry_bytes=declaration.max_entry_bytes)
    if broken:
        raise TooLarge("; ".join(f"{note.path}: {note.message}" for note in broken))


def _one_unit(declaration: ConfigType, entry: str, files: Sequence[SourceFile]) -> tuple[str, Sequence[SourceFile]]:
    """The entry and files of the one unit; of a file that other types share, nothing but the type's own section."""
    if not declaration.holds_several(entry):
        return entry, files
    whole = Unit(declaration.name, entry, "", entry, tuple(file.path for file in files))
    split = declaration.split(whole, files)
    found = split.units
    if len(found) > 1:
        keys = ", ".join(unit.key or "" for unit, _ in found[:10])
        raise Invalid.field(SOURCE_FIELD, f"holds {len(found)} ({keys}); create one object for each")
    section = declaration.section_of(entry)
    if section is not None and split.complete and not found:
        raise Invalid.field(SOURCE_FIELD, f"holds no {declaration.name} below `{section}`")
    if section is None or not found:
        return entry, files
    unit, own = found[0]
    return unit.entry_path, own
