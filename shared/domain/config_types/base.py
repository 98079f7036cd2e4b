"""What a config type is: one declaration that says how it is found, read, masked and installed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from shared.domain.config_types import lfs, limits
from shared.domain.config_types.codes import Code
from shared.domain.config_types.forms import Form, OpenCodeSection
from shared.domain.config_types.layout import extension_of, has_ending
from shared.domain.config_types.lint.safety import lint
from shared.domain.config_types.metadata import METADATA
from shared.domain.config_types.unit import Found, ParsedUnit, PathEntry, Reading, Source, Split, Unit, is_loadable
from shared.domain.config_types.values import DESCRIPTION_LENGTH, TITLE_LENGTH, one_line, search_text
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._:-]+")


def _whole(unit: Unit, files: Sequence[SourceFile]) -> Split:
    return Split(((unit, tuple(files)),))


def _as_is(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    return tuple(files)


@dataclass(frozen=True, slots=True)
class ConfigType:
    """A type of agent configuration. The code that uses types never asks which one it has in hand.

    `default_locations` are gitignore-like selectors of entry files. `filters` are the projection's fields, of which
    `flags` are true or false and all others text; where one holds a list, a filter is met by any of its members.
    `targets` is the install path per client, where `{name}` is the unit's, `{extension}` its entry's, and a
    trailing slash means a directory; `special_targets` replaces it for entries with one of its endings.
    `sealer` gives the files as everybody may see them: where that differs from the files, those are sealed.
    `masker` gives them as they may be delivered, `unmasked` with literal secrets, where a manager allows it.
    `source_defines` is the metadata that the type's files have a place for: people change it there, not here.

    An ending is the end of a path: `.json`, `/opencode.json`. Files with one of the `containers` endings hold several
    units: found as one unit per file, then `split` once fetched. Files named in `sections` hold units of other types
    too, the type's own below the section of that name. Entries with one of the `renders` endings are delivered
    as `renderer` writes them. `forms` are what single clients are given instead; `opencode` says where a unit stands in
    OpenCode's configuration. `mends` are codes of what a client would refuse as it is written, but not as delivered.
    """

    name: str
    default_locations: tuple[str, ...]
    filters: tuple[str, ...]
    targets: Mapping[str, str]
    finder: Callable[[str, Sequence[str], Sequence[PathEntry]], Found]
    reader: Callable[[Source], Reading]
    splitter: Callable[[Unit, Sequence[SourceFile]], Split] = _whole
    masker: Callable[[Sequence[SourceFile]], tuple[SourceFile, ...]] = _as_is
    unmasked: Callable[[Sequence[SourceFile]], tuple[SourceFile, ...]] = _as_is
    sealer: Callable[[Sequence[SourceFile]], tuple[SourceFile, ...]] = _as_is
    renderer: Callable[[Sequence[SourceFile]], tuple[SourceFile, ...]] = _as_is
    renders: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)
    special_targets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    max_entry_bytes: int = limits.MAX_ENTRY_BYTES
    parser_modes: tuple[str, ...] = ()
    source_defines: frozenset[str] = frozenset(METADATA)
    flags: tuple[str, ...] = ()
    forms: Mapping[str, Form] = field(default_factory=dict)
    opencode: OpenCodeSection | None = None
    mends: frozenset[Code] = frozenset()

    @property
    def masks(self) -> bool:
        """Whether what is shown and delivered may differ from what is stored, in that it hides secrets."""
        return self.masker is not _as_is

    @property
    def seals(self) -> bool:
        """Whether its files may hold secrets that only editors see."""
        return self.sealer is not _as_is

    @property
    def installs_as_folder(self) -> bool:
        """Whether a unit is a folder of files; else it is its entry alone."""
        return any(target.endswith("/") for target in self.targets.values())

    def rewrites(self, entry_path: str) -> bool:
        """Whether a unit with this entry is delivered otherwise than stored, so that its content has to be read."""
        return self.masks or has_ending(entry_path, self.renders)

    def shares_file(self, client: str, entry_path: str) -> bool:
        """Whether all such units live in one file of this client, each below its own key."""
        return "{name}" not in self._targets_of(entry_path)[client]

    def section_of(self, path: str) -> str | None:
        """Where the type's units stand in a file that other types share; None for a file of its own."""
        return self.sections.get(path.rpartition("/")[2])

    def holds_several(self, path: str) -> bool:
        return self.section_of(path) is not None or has_ending(path, self.containers)

    def units_from(self, selected: Iterable[str], tree: Iterable[PathEntry]) -> Found:
        """The units whose entry a mapping selected, each with its files out of the whole tree."""
        found = self.finder(self.name, sorted(set(selected)), list(tree))
        units = (replace(unit, container=True) if self.holds_several(unit.locator) else unit for unit in found.units)
        return replace(found, units=tuple(units))

    def split(self, unit: Unit, files: Sequence[SourceFile]) -> Split:
        """The units that the fetched `unit` holds: itself, or for a container one per key.

        What is to be said of a container stands on each unit that it holds, so that it is read where they are.
        """
        if not self.holds_several(unit.origin):
            return _whole(unit, files)
        found = self.splitter(unit, files)
        if not found.units:
            return found
        told = tuple((replace(one, diagnostics=found.diagnostics), own) for one, own in found.units)
        return replace(found, units=told, diagnostics=())

    def parse_unit(self, unit: Unit, files: Sequence[SourceFile], parser_mode: str | None = None) -> ParsedUnit:
        """Parse a unit that was found in a source, keeping what was noticed when it was found."""
        parsed = self.parse(unit.entry_path, files, origin=unit.origin, parser_mode=parser_mode, key=unit.key)
        return replace(parsed, diagnostics=unit.diagnostics + parsed.diagnostics)

    def parse(
        self,
        entry_path: str,
        files: Sequence[SourceFile],
        *,
        origin: str = "",
        parser_mode: str | None = None,
        key: str | None = None,
    ) -> ParsedUnit:
        """Read one unit; never raises on what is in the files, the diagnostics tell.

        `origin` is the entry's path in its repository: it names the unit where the file does not, and it is
        the path that diagnostics carry. Without a source, the entry's own path serves.
        """
        origin = origin or entry_path
        refused = self._refusals(entry_path, files, origin)
        pointers = tuple(file.path for file in files if lfs.is_pointer(file))
        entry = next((file for file in files if file.path == entry_path), SourceFile(entry_path, b""))
        source = Source(entry, tuple(files), origin, key, self._known_mode(parser_mode))
        if refused:
            # Read as if empty: a refused unit still has a name to be listed by.
            source = replace(source, entry=SourceFile(entry_path, b""), files=())
            reading = replace(self.reader(source), diagnostics=tuple(refused))
        else:
            notes = [Code.LFS_POINTER.at(_sibling(origin, entry_path, path)) for path in pointers]
            notes += self._notes_on_mode(parser_mode, origin)
            reading = self.reader(source)
            notes += self._lint(source, pointers)
            reading = replace(reading, diagnostics=(*reading.diagnostics, *notes))
        return _parsed(reading, fallback=self.name, left_out=pointers)

    def mask(self, files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
        """The unit's files as anybody may see them: literal secrets as placeholders, no LFS pointers."""
        return self.masker([file for file in files if not lfs.is_pointer(file)])

    def deliver(self, entry_path: str, files: Sequence[SourceFile], *, literal: bool = False) -> tuple[SourceFile, ...]:
        """The unit's files as clients are given them: masked unless `literal`, and in the form that they load."""
        given = self.unmasked(files) if literal else self.mask(files)
        return self.renderer(given) if has_ending(entry_path, self.renders) else given

    def form(self, client: str, files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
        """Delivered files as `client` takes them."""
        return self.forms.get(client, _as_is)(files)

    def install_paths(self, install_name: str, entry_path: str) -> dict[str, str]:
        """Where each client keeps the unit; a path ending in a slash takes the unit's files below it.

        A client that cannot load the unit is not named.
        """
        name, extension = install_name.replace(":", "/"), extension_of(entry_path)
        paths = self._targets_of(entry_path).items()
        return {client: target.format(name=name, extension=extension) for client, target in paths}

    def _targets_of(self, entry_path: str) -> Mapping[str, str]:
        special = (paths for ending, paths in self.special_targets.items() if has_ending(entry_path, (ending,)))
        return next(special, self.targets)

    def _refusals(self, entry_path: str, files: Sequence[SourceFile], origin: str) -> list[Diagnostic]:
        sizes = ((file.path, len(file.data)) for file in files)
        notes = list(limits.check(entry_path, sizes, origin, self.max_entry_bytes))
        entry = next((file for file in files if file.path == entry_path), None)
        if entry is None:
            notes.append(Code.ENTRY_MISSING.at(origin))
        elif lfs.is_pointer(entry):
            notes.append(Code.LFS_ENTRY.at(origin))
        return notes

    def _lint(self, source: Source, pointers: tuple[str, ...]) -> list[Diagnostic]:
        others = (file for file in source.files if file.path not in (source.entry.path, *pointers))
        texts = ((_sibling(source.origin, source.entry.path, file.path), file.data) for file in (source.entry, *others))
        return lint(texts, secrets_are_masked=self.masks, has_lines=source.key is None)

    def _known_mode(self, mode: str | None) -> str | None:
        return mode if mode in self.parser_modes else None

    def _notes_on_mode(self, mode: str | None, origin: str) -> list[Diagnostic]:
        unknown = mode is not None and mode != "auto" and mode not in self.parser_modes
        return [Code.UNKNOWN_PARSER_MODE.at(origin, one_line(mode or "", 40))] if unknown else []


def targets(**by_client: str) -> Mapping[str, str]:
    """Install paths per client; a client's name is written with underscores for hyphens."""
    return MappingProxyType({client.replace("_", "-"): path for client, path in by_client.items()})


def _sibling(origin: str, entry_path: str, path: str) -> str:
    return origin.removesuffix(entry_path) + path


def _parsed(reading: Reading, fallback: str, left_out: tuple[str, ...]) -> ParsedUnit:
    title = one_line(reading.title, TITLE_LENGTH) or fallback
    description = one_line(reading.description or "", DESCRIPTION_LENGTH) or None
    loads = is_loadable(reading.diagnostics)
    return ParsedUnit(
        title=title,
        description=description,
        description_derived=reading.description_derived and description is not None,
        projection=reading.projection if loads else {},
        payload=reading.payload if loads else {},
        search_text=search_text((title, description, *reading.search_extras)),
        diagnostics=reading.diagnostics,
        install_name=safe_name(reading.name) or fallback,
        left_out=left_out,
        schema=reading.schema,
    )


def safe_name(name: str) -> str:
    """A name that is one on every file system; `:` stays between its parts."""
    parts = (_NOT_IN_A_NAME.sub("-", part).strip("-.") for part in name[:TITLE_LENGTH].split(":"))
    return ":".join(part for part in parts if part)
