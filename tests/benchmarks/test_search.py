"""What searches and filtered lists cost as an org grows: calls, rows read, and the time of our own code."""

from collections.abc import Mapping
from functools import partial

import pytest

from shared.domain.access import Actor, ActorKind, OrgRole
from shared.domain.config_object import ObjectStatus
from shared.domain.paging import PageRequest
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.plugins import PluginMembershipRepository
from shared.repositories.postings import PostingRepository
from shared.repositories.table import Table
from shared.services.object_filter import ObjectFilter
from shared.services.object_listing import ObjectListing
from shared.services.object_search import ObjectSearch
from shared.services.visibility import Visibility
from tests.benchmarks.large_org import ORG, LargeOrg

SIZES = (1_000, 10_000, 100_000)
RUNS = 15

ASKED: Mapping[str, ObjectFilter] = {
    "all, 50": ObjectFilter(),
    "type": ObjectFilter(type="hook"),
    "status": ObjectFilter(status=ObjectStatus.INGESTION_ERROR),
    "a word that one has": ObjectFilter(q="once"),
    "one common word": ObjectFilter(q="deploy"),
    "two words": ObjectFilter(q="deploy database"),
    "two words and a type": ObjectFilter(q="rev pipe", type="hook"),
    "a prefix of two letters": ObjectFilter(q="de"),
}
"""The caller is an owner: visibility costs a member the plugins more, whatever the size."""


def listing_of(org: LargeOrg) -> ObjectListing:
    table = Table(org, "depot")
    objects, postings = ConfigObjectRepository(table), PostingRepository(table)
    # An owner sees everything: neither memberships nor plugins are asked.
    nobody: Visibility = Visibility(*[None] * len(Visibility.__dataclass_fields__))  # type: ignore[arg-type]
    search = ObjectSearch(objects, postings, nobody)
    return ObjectListing(objects, PluginMembershipRepository(table), postings, search, nobody)


@pytest.mark.benchmark
def test_search_in_orgs_of_every_size() -> None:
    owner = Actor(ActorKind.MEMBER, ORG, "mem_1", OrgRole.OWNER, member_id="mem_1")
    measured: dict[str, list[tuple[int, int, float]]] = {name: [] for name in ASKED}
    for size in SIZES:
        org = LargeOrg(size)
        listing = listing_of(org)
        for name, wanted in ASKED.items():
            measured[name].append(org.measure(partial(listing.list_page, owner, wanted, PageRequest(50)), RUNS))

    sizes = " / ".join(f"{size:,}" for size in SIZES)
    print(f"\n\n| asked of {sizes} objects | calls | rows read | time, by the first |")
    print("|---|---|---|---|")
    for name, runs in measured.items():
        calls, read, times = zip(*runs, strict=True)
        ratios = " / ".join(f"{one / times[0]:.2f}" for one in times)
        print(f"| {name} | {calls[-1]} | {' / '.join(map(str, read))} | {ratios} ({times[-1]:.1f} ms) |")
        assert len(set(calls)) == 1, name
        assert max(read) <= 600, name
