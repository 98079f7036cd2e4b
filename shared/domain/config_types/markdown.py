"""What skills, agents and commands share: a markdown file whose frontmatter describes its body."""

from dataclasses import dataclass

from shared.domain.config_types import frontmatter
from shared.domain.config_types.codes import Code
from shared.domain.config_types.fields import Fields
from shared.domain.config_types.prose import first_sentence
from shared.domain.config_types.unit import Source
from shared.domain.diagnostics import Diagnostic

MAX_DESCRIPTION = 1_024


@dataclass(frozen=True, slots=True)
class Document:
    """A source's entry, split: `fields` collects notes while it is read, `notes` are those made so far.

    `name` is what the entry calls the unit where no file's name does.
    """

    path: str
    fields: Fields
    body: str
    notes: tuple[Diagnostic, ...]
    name: str | None = None

    def diagnostics(self, *more: Diagnostic) -> tuple[Diagnostic, ...]:
        return tuple(dict.fromkeys((*self.notes, *self.fields.diagnostics, *more)))

    def description(self) -> tuple[str | None, bool]:
        """The description, and whether it had to be derived from the body's first sentence."""
        written = self.fields.text("description")
        return (written, False) if written else (first_sentence(self.body), True)


def document(source: Source) -> Document:
    read = frontmatter.read(source.entry.data, source.origin)
    return Document(source.origin, Fields(read.values, source.origin), read.body.strip("\n"), read.diagnostics)


def notes_on_loose_file(source: Source) -> list[Diagnostic]:
    """A README in a folder of agents or commands is loaded as one by the official client."""
    return [Code.README_LOADED.at(source.origin)] if source.entry.path.lower().endswith("readme.md") else []
