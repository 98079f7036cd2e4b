"""What must happen so that the bindings of a target equal the tree at its head.

Two steps, because a container's units are known only once it is read:

    containers_to_read(wanted, bindings)             those changed since they were bound
    plan(wanted, contents, bindings, tombstones, …)  with what was found in them

Applying any part of a plan and planning again gives the rest: a run may stop between any two changes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from shared.domain.config_types.unit import Split
from shared.domain.connector import Binding, BindingStatus, Tombstone
from shared.domain.reconciliation.wanted import Wanted, type_of

Holder = tuple[str, str]
"""A container: the type of the units in it, and its path."""


@dataclass(frozen=True, slots=True)
class Create:
    """Bind a new identity.

    `replaces` is closed in the same write: a locator whose type changed is another object from now on.
    `formerly` is the object that a tombstone names here: it stays deleted.
    """

    wanted: Wanted
    replaces: Binding | None = None
    formerly: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Bring a bound object up to date; without `content` only its mapping and plugin, and nothing is fetched."""

    wanted: Wanted
    binding: Binding
    content: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`skipped` are up to date, `suppressed` were deleted by hand, `held` sit in containers that cannot be read.

    `broken` are bindings whose source was refused as it still is.
    """

    create: tuple[Create, ...]
    update: tuple[Update, ...]
    delete: tuple[Binding, ...]
    skipped: int
    suppressed: int
    held: int
    broken: tuple[Binding, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.create or self.update or self.delete)


def containers_to_read(wanted: Iterable[Wanted], bindings: Iterable[Binding]) -> tuple[Wanted, ...]:
    """The containers to fetch and split; one whose bindings are all there with its fingerprint is unchanged."""
    containers = {one.unit.holder: one for one in wanted if one.unit.container}
    bound = _bindings_within(containers, bindings)
    return tuple(one for holder, one in containers.items() if not _is_unchanged(one, bound[holder]))


def plan(
    wanted: Iterable[Wanted],
    contents: Mapping[Holder, Split],
    bindings: Collection[Binding],
    tombstones: Iterable[Tombstone] = (),
    *,
    edited_mappings: Collection[str] = (),
    reread_mappings: Collection[str] = (),
    complete: bool,
) -> Plan:
    """Compare what is wanted with what is bound.

    `contents` holds, by type and path, the containers that were read; one that had to be and is missing, or whose
    split is not complete, keeps every binding that it has. `edited_mappings` changed since the last completed
    run; what `reread_mappings` select is read differently now. Nothing is deleted unless the listing was `complete`.
    """
    wanted = tuple(wanted)
    units, held = _expand(wanted, contents, bindings)
    bound = {binding.locator: binding for binding in bindings}
    former = {stone.locator: stone.former_config_object_id for stone in tombstones}
    steps = [_step(unit, bound.get(unit.locator), former, edited_mappings, reread_mappings) for unit in units.values()]
    unread = [(bound[at], step) for at, step in zip(units, steps, strict=True) if _is_as_bound(step)]
    gone = [
        binding
        for locator, binding in bound.items()
        if complete and binding.status is BindingStatus.ACTIVE and locator not in units and locator not in held
    ]
    return Plan(
        create=tuple(step for step in steps if isinstance(step, Create)),
        update=tuple(step for step in steps if isinstance(step, Update)),
        delete=tuple(gone),
        skipped=sum(step is BindingStatus.ACTIVE for binding, step in unread if binding.refusal is None),
        suppressed=sum(step is BindingStatus.SUPPRESSED for step in steps),
        held=len(held - units.keys()),
        broken=tuple(binding for binding, _ in unread if binding.refusal is not None),
    )


def _is_as_bound(step: Create | Update | BindingStatus) -> bool:
    """Whether the content is the one that was bound, whatever became of it."""
    return step is BindingStatus.ACTIVE or (isinstance(step, Update) and not step.content)


def _step(
    unit: Wanted,
    binding: Binding | None,
    former: Mapping[str, str],
    edited: Collection[str],
    reread: Collection[str],
) -> Create | Update | BindingStatus:
    """The change that a unit needs, or the status of the binding that needs none."""
    if binding is None:
        return Create(unit, formerly=former.get(unit.locator))
    if binding.status is BindingStatus.SUPPRESSED:
        return BindingStatus.SUPPRESSED
    if type_of(binding.fingerprint) != unit.unit.type:
        return Create(unit, replaces=binding)
    if binding.fingerprint != unit.fingerprint or (unit.mapping_id in reread and unit.unit.key is None):
        return Update(unit, binding, content=True)
    if binding.mapping_id != unit.mapping_id or unit.mapping_id in edited:
        return Update(unit, binding, content=False)
    return BindingStatus.ACTIVE


def _expand(
    wanted: Iterable[Wanted], contents: Mapping[Holder, Split], bindings: Collection[Binding]
) -> tuple[Mapping[str, Wanted], frozenset[str]]:
    """Containers replaced by their units, and the locators that no conclusion may be drawn about."""
    wanted = tuple(wanted)
    bound = _bindings_within({one.unit.holder for one in wanted if one.unit.container}, bindings)
    units: dict[str, Wanted] = {}
    held: set[str] = set()
    for one in wanted:
        inside = bound.get(one.unit.holder, ())
        found = contents.get(one.unit.holder)
        if not one.unit.container:
            units[one.locator] = one
        elif _is_unchanged(one, inside):
            units |= {unit.locator: unit for unit in _units_as_bound(one, inside)}
        else:
            units |= {unit.locator: unit for unit in _units_as_read(one, found, inside)}
            held |= set() if found and found.complete else {binding.locator for binding in inside}
    return units, frozenset(held)


def _units_as_bound(container: Wanted, bindings: Iterable[Binding]) -> Iterator[Wanted]:
    for binding in bindings:
        if binding.status is BindingStatus.ACTIVE:
            key = binding.locator.removeprefix(f"{container.locator}#")
            unit = replace(container.unit, locator=binding.locator, key=key, container=False)
            yield Wanted(unit, container.mapping_id, binding.fingerprint)


def _units_as_read(container: Wanted, found: Split | None, bindings: Iterable[Binding]) -> Iterator[Wanted]:
    suppressed = {binding.locator for binding in bindings if binding.status is BindingStatus.SUPPRESSED}
    units = [unit for unit, _ in found.units] if found else []
    expected = sum(unit.locator not in suppressed for unit in units)
    for unit in units:
        yield Wanted(unit, container.mapping_id, _fingerprint_within(container, expected))


def _is_unchanged(container: Wanted, bindings: Iterable[Binding]) -> bool:
    active = [binding.fingerprint for binding in bindings if binding.status is BindingStatus.ACTIVE]
    return set(active) == {_fingerprint_within(container, len(active))}


def _fingerprint_within(container: Wanted, expected: int) -> str:
    """Also tells how many units the container holds: else one that a stopped run did not reach stays unseen."""
    return f"{container.fingerprint}/{expected}"


def _bindings_within(containers: Collection[Holder], bindings: Iterable[Binding]) -> Mapping[Holder, list[Binding]]:
    """Bindings by the container they sit in; paths and keys may themselves hold the `#` between them."""
    within: dict[Holder, list[Binding]] = {holder: [] for holder in containers}
    for binding in bindings:
        type_name = type_of(binding.fingerprint)
        at = binding.locator.find("#")
        while at >= 0:
            if (holder := (type_name, binding.locator[:at])) in within:
                within[holder].append(binding)
            at = binding.locator.find("#", at + 1)
    return within
