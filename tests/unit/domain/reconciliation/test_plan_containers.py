from shared.domain.config_types.unit import Split
from shared.domain.connector import Binding
from shared.domain.reconciliation.plan import Plan, containers_to_read, plan
from tests.unit.domain.reconciliation.makers import SUPPRESSED, container, holding, locators

FILE = ".mcp.json"


def planned(content: str, found: Split | None, bindings: list[Binding]) -> Plan:
    return plan([container(FILE, content)], {("mcp", FILE): found} if found else {}, bindings, complete=True)


def bound(content: str, *keys: str) -> list[Binding]:
    """The bindings that a completed run over a container leaves."""
    created = planned(content, holding(FILE, *keys), []).create
    return [_bind(step.wanted.locator, step.wanted.fingerprint) for step in created]


def _bind(locator: str, fingerprint: str) -> Binding:
    return Binding(f"cfg_{locator}", "ctg_1", "cmp_1", locator, fingerprint, "rev")


def test_a_new_container_is_read_and_each_of_its_units_created() -> None:
    assert containers_to_read([container(FILE)], []) == (container(FILE),)

    result = planned("1", holding(FILE, "db", "web"), [])

    assert [step.wanted.locator for step in result.create] == [f"{FILE}#db", f"{FILE}#web"]
    assert [step.wanted.unit.key for step in result.create] == ["db", "web"]


def test_an_unchanged_container_is_not_read_and_its_units_are_skipped() -> None:
    bindings = bound("1", "db", "web")

    assert containers_to_read([container(FILE, "1")], bindings) == ()
    assert (planned("1", None, bindings).is_empty, planned("1", None, bindings).skipped) == (True, 2)


def test_a_changed_container_updates_adds_and_deletes_its_units() -> None:
    result = planned("2", holding(FILE, "db", "new"), bound("1", "db", "web"))

    assert [step.wanted.locator for step in result.update] == [f"{FILE}#db"]
    assert [step.wanted.locator for step in result.create] == [f"{FILE}#new"]
    assert locators(result.delete) == [f"{FILE}#web"]


def test_a_container_whose_run_was_stopped_halfway_is_read_again() -> None:
    halfway = bound("1", "db", "web")[:1]

    assert containers_to_read([container(FILE, "1")], halfway) == (container(FILE, "1"),)
    assert [step.wanted.locator for step in planned("1", holding(FILE, "db", "web"), halfway).create] == [f"{FILE}#web"]


def test_a_container_that_could_not_be_read_keeps_every_unit() -> None:
    for unreadable in (None, holding(FILE, complete=False)):
        result = planned("2", unreadable, bound("1", "db", "web"))

        assert (result.is_empty, result.held) == (True, 2)


def test_a_container_that_is_gone_takes_its_units_with_it() -> None:
    result = plan([], {}, bound("1", "db", "web"), complete=True)

    assert locators(result.delete) == [f"{FILE}#db", f"{FILE}#web"]


def test_an_emptied_container_deletes_its_units() -> None:
    assert len(planned("2", holding(FILE), bound("1", "db")).delete) == 1


def test_a_suppressed_unit_does_not_make_its_container_be_read_for_ever() -> None:
    db, web = bound("1", "db", "web")
    suppressed = Binding(**{name: getattr(web, name) for name in web.__slots__} | {"status": SUPPRESSED})
    settled = planned("2", holding(FILE, "db", "web"), [db, suppressed])

    after = [_bind(step.wanted.locator, step.wanted.fingerprint) for step in settled.update]

    assert (len(after), settled.suppressed) == (1, 1)
    assert containers_to_read([container(FILE, "2")], [*after, suppressed]) == ()


def test_a_restored_unit_makes_its_container_be_read_once_more() -> None:
    db, web = bound("1", "db", "web")

    restored = [Binding(db.config_object_id, "ctg_1", "cmp_1", db.locator, "mcp:2/1", "rev"), web]

    assert containers_to_read([container(FILE, "2")], restored) == (container(FILE, "2"),)


def test_another_mapping_takes_an_unchanged_container_over_without_reading_it() -> None:
    result = plan([container(FILE, "1", "cmp_2")], {}, bound("1", "db"), complete=True)

    assert [(step.wanted.mapping_id, step.content) for step in result.update] == [("cmp_2", False)]


def test_a_number_sign_in_a_path_or_a_key_confuses_nothing() -> None:
    odd = "a#b.json"
    found = holding(odd, "k#1")

    (created,) = plan([container(odd)], {("mcp", odd): found}, [], complete=True).create
    binding = _bind(created.wanted.locator, created.wanted.fingerprint)

    assert containers_to_read([container(odd)], [binding]) == ()
    assert plan([container(odd)], {}, [binding], complete=True).is_empty


def test_two_types_share_a_container_and_mind_their_own_units() -> None:
    agents, servers = container(FILE, "2", object_type="agent"), container(FILE, "1")
    bindings = [*bound("1", "mcp/db"), _bind(f"{FILE}#agent/old", "agent:1/1")]
    found = holding(FILE, "agent/new", object_type="agent")

    result = plan([agents, servers], {("agent", FILE): found}, bindings, complete=True)

    assert containers_to_read([agents, servers], bindings) == (agents,)
    assert [step.wanted.locator for step in result.create] == [f"{FILE}#agent/new"]
    assert (locators(result.delete), result.skipped) == ([f"{FILE}#agent/old"], 1)
