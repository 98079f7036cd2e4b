"""A catalog names each plugin as the plugin names itself, and says what it leaves out."""

import json

from shared.domain.rendering.marketplace import Catalog, Elsewhere, Offer, catalog_tree, linking_tree
from shared.domain.rendering.tree import FileTree, TreeFile

OFFERS = [Offer("reviews", "0.0.3+abc", "Reviews."), Offer("tests", "0.0.1+def")]


def document(tree: FileTree) -> dict[str, object]:
    found: dict[str, object] = json.loads(tree[".claude-plugin/marketplace.json"].data)
    return found


def test_everything_in_one_repository_is_named_by_relative_paths() -> None:
    folders = {"reviews": {"agents/a.md": TreeFile(b"a")}, "tests": {"agents/b.md": TreeFile(b"b")}}

    tree = catalog_tree(Catalog("acme", OFFERS, {}), folders)

    assert sorted(tree) == [
        ".claude-plugin/marketplace.json",
        "plugins/reviews/agents/a.md",
        "plugins/tests/agents/b.md",
    ]
    assert document(tree)["plugins"] == [
        {"name": "reviews", "source": "./plugins/reviews", "description": "Reviews.", "version": "0.0.3+abc"},
        {"name": "tests", "source": "./plugins/tests", "version": "0.0.1+def"},
    ]


def test_repositories_elsewhere_are_pinned() -> None:
    places = {offer.name: Elsewhere(f"https://depot.example/{offer.name}.git", "a" * 40) for offer in OFFERS}

    plugins = document(linking_tree(Catalog("acme", OFFERS, {}), places))["plugins"]

    assert isinstance(plugins, list)
    assert plugins[0]["source"] == {"source": "url", "url": "https://depot.example/reviews.git", "sha": "a" * 40}


def test_a_catalog_says_what_it_leaves_out() -> None:
    tree = catalog_tree(Catalog("acme", [], {"huge": "It is too large."}), {})

    assert b"- huge: It is too large." in tree["README.md"].data


def test_an_empty_catalog_is_a_catalog() -> None:
    found = document(catalog_tree(Catalog("acme", [], {}), {}))

    assert (found["name"], found["owner"], found["plugins"]) == ("acme", {"name": "acme"}, [])
