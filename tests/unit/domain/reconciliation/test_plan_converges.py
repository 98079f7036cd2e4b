"""However a run is stopped, the next ones end where an undisturbed run does."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.connector import Binding
from shared.domain.reconciliation.plan import Create, Update, containers_to_read, plan
from shared.domain.reconciliation.wanted import Wanted
from tests.unit.domain.reconciliation.makers import SUPPRESSED, bind, container, holding, wanted

Source = dict[str, tuple[str, str]]
Bindings = dict[str, Binding]

CONTENTS = st.sampled_from(["1", "2"])
FILES: st.SearchStrategy[Source] = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.tuples(CONTENTS, st.sampled_from(["skill", "agent"]))
)
KEYS = st.sets(st.sampled_from(["x", "y", "z"])).map(sorted)


def found(files: Source, keys: list[str]) -> list[Wanted]:
    units = [wanted(path, content, object_type=kind) for path, (content, kind) in files.items()]
    return [*units, container("m", "".join(keys))]


def run(files: Source, keys: list[str], bindings: Bindings, stop_after: int) -> Bindings:
    """Read, plan and apply at most `stop_after` changes."""
    units, after = found(files, keys), dict(bindings)
    read = {one.unit.holder: holding(one.locator, *keys) for one in containers_to_read(units, bindings.values())}
    planned = plan(units, read, list(bindings.values()), complete=True)
    changes: list[Create | Update | Binding] = [*planned.create, *planned.update, *planned.delete]
    for change in changes[:stop_after]:
        if isinstance(change, Create | Update):
            after[change.wanted.locator] = bind(change.wanted)
        else:
            del after[change.locator]
    return after


@given(FILES, KEYS, FILES, KEYS, st.sets(st.sampled_from(["a", "b", "m#x"])), st.integers(0, 6))
def test_a_stopped_run_is_finished_by_the_next(
    files: Source, keys: list[str], later: Source, later_keys: list[str], by_hand: set[str], stop: int
) -> None:
    first = run(files, keys, {}, stop_after=99)
    first |= {path: replace(first[path], status=SUPPRESSED) for path in by_hand & first.keys()}
    undisturbed = run(later, later_keys, first, stop_after=99)

    stopped = run(later, later_keys, first, stop_after=stop)
    finished = run(later, later_keys, stopped, stop_after=99)

    assert finished == undisturbed
    assert run(later, later_keys, finished, stop_after=99) == finished
    assert {path: one for path, one in finished.items() if one.status is SUPPRESSED} == {
        path: one for path, one in first.items() if one.status is SUPPRESSED
    }
