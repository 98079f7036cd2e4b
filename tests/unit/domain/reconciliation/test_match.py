import pytest

from shared.domain.reconciliation.match import match
from shared.domain.reconciliation.selector import compile_selector
from shared.domain.source_tree import EntryKind, TreeEntry
from tests.unit.domain.reconciliation.makers import entry, mapping


def test_each_path_belongs_to_the_mapping_that_selects_it() -> None:
    mappings = [mapping(1, "/skills/"), mapping(2, "/agents/"), mapping(3, "/commands/")]

    owned = match(mappings, [entry("skills/a/SKILL.md"), entry("agents/x.md"), entry("README.md")])

    assert owned.paths == {"cmp_1": ("skills/a/SKILL.md",), "cmp_2": ("agents/x.md",), "cmp_3": ()}
    assert owned.diagnostics == ()


@pytest.mark.parametrize("order", [[1, 2], [2, 1]])
def test_the_most_specific_selector_wins_whatever_the_order(order: list[int]) -> None:
    selectors = {1: "/plugins/", 2: "/plugins/sales/"}

    owned = match([mapping(n, selectors[n]) for n in order], [entry("plugins/sales/x.md"), entry("plugins/y.md")])

    assert owned.paths == {"cmp_1": ("plugins/y.md",), "cmp_2": ("plugins/sales/x.md",)}


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("/a/b/", "/a/"),
        ("/a/", "a/"),
        ("/a/*/c", "/a/**/c"),
        ("/a/*/c", "/a/*/*"),
        ("/a/*.md", "/a/*"),
        ("skills/x", "x"),
        ("*.md", "*"),
        ("/a", "/"),
    ],
)
def test_more_said_is_more_specific(more: str, less: str) -> None:
    assert compile_selector(more).specificity > compile_selector(less).specificity


def test_two_equally_specific_mappings_are_a_warning_and_the_older_wins() -> None:
    mappings = [mapping(2, "/a/*"), mapping(1, "/*/b")]
    equal = [mapping(2, "/a/"), mapping(1, "/a/*")]

    owned = match(equal, [entry("a/b"), entry("a/c")])

    assert owned.paths == {"cmp_1": ("a/b", "a/c"), "cmp_2": ()}
    assert [(note.code, note.path) for note in owned.diagnostics] == [("mapping_ambiguous", "a/b")]
    assert match(mappings, [entry("a/b")]).diagnostics == ()


def test_folders_are_not_owned_but_submodules_are_for_their_diagnostic() -> None:
    folder = TreeEntry("skills", 0o40000, EntryKind.TREE, "b" * 40)
    submodule = TreeEntry("skills/theirs", 0o160000, EntryKind.COMMIT, "c" * 40)

    owned = match([mapping(1, "/skills")], [folder, submodule])

    assert owned.paths == {"cmp_1": ("skills/theirs",)}


def test_no_mapping_owns_nothing() -> None:
    assert match([], [entry("a")]).paths == {}


def test_a_file_of_many_sections_goes_to_each_type_that_takes_one() -> None:
    mappings = [mapping(1, "/*.json", "mcp"), mapping(2, "/opencode.json", "agent"), mapping(3, "/", "agent")]

    owned = match(mappings, [entry("opencode.json"), entry("package.json")])

    assert owned.paths == {"cmp_1": ("opencode.json", "package.json"), "cmp_2": ("opencode.json",), "cmp_3": ()}


def test_who_takes_a_file_whole_competes_with_all_who_take_a_section() -> None:
    whole, section = mapping(1, "/", "skill"), mapping(2, "/opencode.json", "mcp")
    first, last = mapping(1, "/opencode.json", "skill"), mapping(2, "/", "mcp")

    assert match([whole, section], [entry("opencode.json")]).paths["cmp_1"] == ()
    assert match([first, last], [entry("opencode.json")]).paths == {"cmp_1": ("opencode.json",), "cmp_2": ()}


def test_only_mappings_of_one_type_dispute_a_section() -> None:
    mappings = [mapping(1, "/*.json", "mcp"), mapping(2, "/*.json", "agent"), mapping(3, "/*.json", "mcp")]

    [note] = match(mappings, [entry("opencode.json")]).diagnostics

    assert note.message.startswith("cmp_3 ")
