from dataclasses import replace

import pytest

from shared.domain.connector import Binding
from shared.domain.reconciliation.plan import Create, Plan, Update, plan
from shared.domain.reconciliation.wanted import Wanted, fingerprint, type_of, want
from tests.unit.domain.reconciliation.makers import SUPPRESSED, bind, entry, locators, tombstone, unit, wanted


def planned(units: list[Wanted], bindings: list[Binding], *, complete: bool = True) -> Plan:
    return plan(units, {}, bindings, complete=complete)


def test_a_new_path_is_created() -> None:
    assert planned([wanted("a")], []).create == (Create(wanted("a")),)


def test_an_unchanged_unit_is_skipped() -> None:
    result = planned([wanted("a")], [bind(wanted("a"))])

    assert (result.is_empty, result.skipped) == (True, 1)


def test_changed_content_is_fetched_for_the_same_identity() -> None:
    old = bind(wanted("a", "1"))

    assert planned([wanted("a", "2")], [old]).update == (Update(wanted("a", "2"), old, content=True),)


def test_another_mapping_takes_an_unchanged_unit_over_without_fetching_it() -> None:
    old, new = bind(wanted("a", mapping_id="cmp_1")), wanted("a", mapping_id="cmp_2")

    assert planned([new], [old]).update == (Update(new, old, content=False),)


def test_an_edited_mapping_is_applied_again_without_fetching() -> None:
    old = bind(wanted("a"))

    result = plan([wanted("a")], {}, [old], edited_mappings={"cmp_1"}, complete=True)

    assert result.update == (Update(wanted("a"), old, content=False),)


def test_another_type_is_another_object_that_replaces_the_first() -> None:
    old, new = bind(wanted("a", object_type="agent")), wanted("a", object_type="command")

    result = planned([new], [old])

    assert (result.create, result.delete) == ((Create(new, replaces=old),), ())


def test_a_path_that_is_gone_is_deleted() -> None:
    assert locators(planned([], [bind(wanted("a"))]).delete) == ["a"]


def test_a_rename_is_a_deletion_and_a_creation() -> None:
    result = planned([wanted("new")], [bind(wanted("old"))])

    assert [step.wanted.locator for step in result.create] == ["new"]
    assert locators(result.delete) == ["old"]


def test_an_incomplete_listing_deletes_nothing() -> None:
    result = planned([wanted("b")], [bind(wanted("a"))], complete=False)

    assert (len(result.create), result.delete) == (1, ())


def test_a_tombstoned_path_that_reappears_is_a_new_identity() -> None:
    result = plan([wanted("a")], {}, [], [tombstone("a", "cfg_old")], complete=True)

    assert result.create == (Create(wanted("a"), formerly="cfg_old"),)


@pytest.mark.parametrize("content", ["1", "2"])
def test_a_suppressed_path_stays_suppressed_even_when_it_changes(content: str) -> None:
    result = planned([wanted("a", content)], [bind(wanted("a"), SUPPRESSED)])

    assert (result.is_empty, result.suppressed) == (True, 1)


def test_a_suppressed_path_that_is_gone_is_remembered() -> None:
    assert planned([], [bind(wanted("a"), SUPPRESSED)]).is_empty


def test_restoring_a_suppressed_path_brings_what_changed_meanwhile() -> None:
    restored = bind(wanted("a", "1"))

    assert planned([wanted("a", "2")], [restored]).update[0].content


def test_a_fingerprint_does_not_depend_on_the_order_of_files() -> None:
    files = [entry("s/SKILL.md"), entry("s/run.sh", mode=0o100755)]

    assert fingerprint("skill", files) == fingerprint("skill", reversed(files))
    assert type_of(fingerprint("skill", files)) == "skill"


@pytest.mark.parametrize("change", [{"sha": "b" * 40}, {"mode": 0o100755}, {"path": "s/other.sh"}])
def test_a_fingerprint_covers_path_mode_and_content(change: dict[str, object]) -> None:
    before = entry("s/run.sh")
    after = replace(before, **change)  # type: ignore[arg-type]  # one field at a time, each of its own type

    assert fingerprint("skill", [before]) != fingerprint("skill", [after])


def test_a_skill_s_fingerprint_covers_every_file_of_its_directory() -> None:
    tree = {path: entry(path) for path in ("s/SKILL.md", "s/run.sh")}
    skill = replace(unit("s/SKILL.md"), file_paths=tuple(tree))

    (found,) = want([skill], "cmp_1", tree)

    assert found.fingerprint == fingerprint("skill", tree.values())
