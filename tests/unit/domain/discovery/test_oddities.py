"""The official client's component rules, one small plugin each; the end-to-end tests ask the client itself."""

import json
from collections.abc import Mapping

import pytest

from shared.domain.discovery.candidate import Candidate
from tests.unit.domain.discovery.oddities import ODDITIES, Oddity
from tests.unit.domain.discovery.reading import discover


def listed(oddity: Oddity) -> Candidate:
    entry = {"name": oddity.name, "source": f"./plugins/{oddity.name}", **oddity.entry}
    marketplace = {"name": "odd", "owner": {"name": "us"}, "plugins": [entry]}
    files = {f"plugins/{oddity.name}/{path}": text for path, text in oddity.tree.items()}
    (found,) = discover({".claude-plugin/marketplace.json": json.dumps(marketplace), **files}).candidates
    return found


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda one: one.name)
def test_a_plugin_loads_as_the_official_client_loads_it(oddity: Oddity) -> None:
    verdict = listed(oddity).verdicts["claude-code"]

    assert verdict.loads == oddity.loads
    assert oddity.loads or verdict.reasons


@pytest.mark.parametrize("oddity", [one for one in ODDITIES if one.loads], ids=lambda one: one.name)
def test_a_plugin_holds_what_the_official_client_shows_of_it(oddity: Oddity) -> None:
    components = listed(oddity).components

    assert _count(components, "skills", "commands") == len(oddity.skills)
    assert _count(components, "agents") == len(oddity.agents)
    assert {kind: sorted(_names(components, kind)) for kind in ("hooks", "mcps", "lsps")} == {
        "hooks": sorted(oddity.hooks), "mcps": sorted(oddity.mcps), "lsps": sorted(oddity.lsps),
    }  # fmt: skip


def _count(components: Mapping[str, object], *kinds: str) -> int:
    return sum(components[kind].count for kind in kinds if kind in components)  # type: ignore[attr-defined]


def _names(components: Mapping[str, object], kind: str) -> list[str]:
    return list(components[kind].names) if kind in components else []  # type: ignore[attr-defined]
