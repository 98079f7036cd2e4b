"""What discovery says about a repository beside its candidates; codes are stable and documented."""

from enum import StrEnum

from shared.domain.diagnostics import Diagnostic, Severity


class Note(StrEnum):
    """Each with how grave it is and what it means; `docs/diagnostics.md` lists them."""

    severity: Severity
    meaning: str

    def __new__(cls, code: str, severity: Severity, meaning: str) -> "Note":
        member = str.__new__(cls, code)
        member._value_, member.severity, member.meaning = code, severity, meaning
        return member

    EXTERNAL_SOURCE = "external_source", Severity.INFO, "The plugin lies outside this repository"
    SOURCE_REFUSED = "source_refused", Severity.WARNING, "The entry's source cannot be followed"
    SOURCE_MISSING = "source_missing", Severity.WARNING, "The folder that the entry names is not there"
    REFUSED_BY_CLIENT = "refused_by_client", Severity.WARNING, "Refused by claude-code"
    PATH_MISSING = "path_missing", Severity.INFO, "The manifest names a path that is not there"
    PATH_OUTSIDE = "path_outside", Severity.WARNING, "The manifest names a path outside the plugin's folder"
    PATH_NOT_FOLDER = "path_not_folder", Severity.WARNING, "A skill is named by its folder, not by its file"
    DEFAULT_REPLACED = "default_replaced", Severity.INFO, "The manifest's own paths replace this folder"
    NOT_TAKEN_IN = "not_taken_in", Severity.INFO, "Clients load this, Plugin Depot does not take it in"
    UNREADABLE = "document_unreadable", Severity.WARNING, "The document cannot be read"
    NAME_CHANGED = "name_changed", Severity.INFO, "Clients take no such name, so the plugin gets another"
    NAME_REPEATED = "name_repeated", Severity.WARNING, "An entry above it has the same name, and clients take that"
    NOTHING_FOUND = "nothing_found", Severity.INFO, "Nothing that clients load was found"
    SHARED_PATH = "shared_path", Severity.WARNING, "A candidate above holds this path, too, and gets it"
    LINK_SKIPPED = "link_skipped", Severity.INFO, "A link is not looked into; a sync follows it within the repository"
    BUDGET_REACHED = "budget_reached", Severity.WARNING, "Only a part of the paths was looked at"
    LISTING_INCOMPLETE = "listing_incomplete", Severity.WARNING, "GitHub did not list all paths"
    TOO_MANY = "too_many_candidates", Severity.WARNING, "Not all plugins are shown"
    MARKETPLACE_UNREADABLE = "marketplace_unreadable", Severity.ERROR, "marketplace.json cannot be read"
    MARKETPLACE_REFUSED = "marketplace_refused", Severity.WARNING, "The marketplace is refused by claude-code"

    def at(self, path: str, detail: str = "") -> Diagnostic:
        return Diagnostic(
            self.severity, self.value, f"{self.meaning}: {detail}" if detail else f"{self.meaning}.", path
        )
