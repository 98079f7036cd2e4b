"""The Agent Skills index, asked for as `npx skills` and OpenCode ask: by a path that carries the credential."""

import hashlib
import io
import tarfile
from collections.abc import Callable

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.content import SourceFile
from shared.domain.plugin import Plugin
from shared.domain.token import TokenKind
from shared.services.directory import TokenDraft
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.logs import LogLines
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import SCRIPT, SKILL, Publisher

SkillsOf = Callable[[str], Api]


def skills_at(secret: str | None, org: str = "acme") -> Api:
    """The index's folder below a path that carries a credential."""
    return Api(delivery, f"/o/{org}/t/{secret}/.well-known/agent-skills")


@pytest.fixture
def ticket_of(depot: Services) -> Callable[..., str]:
    """The ticket that derives from a person's token."""

    def issue(person: Person, place: str = "agent-skills") -> str:
        actor = depot.authentication.authenticate(person.token, person.org_id)
        return depot.authentication.issue_ticket(actor, place) or ""

    return issue


TicketOf = Callable[..., str]


def test_a_skill_is_offered_as_an_archive_and_as_files(alice: Person, ticket_of: TicketOf, full_plugin: Plugin) -> None:
    skills = skills_at(ticket_of(alice))

    (entry,) = skills.get("/index.json").json["skills"]
    archive = skills.get(f"/{entry['url']}")

    assert (entry["name"], entry["type"], entry["description"]) == ("review", "archive", "Reviews a change.")
    assert entry["digest"] == f"sha256:{hashlib.sha256(archive.body).hexdigest()}"
    assert archive.headers["content-type"] == "application/gzip"
    with tarfile.open(fileobj=io.BytesIO(archive.body)) as opened:
        assert opened.getnames() == entry["files"] == ["SKILL.md", "scripts/run.sh"]
    assert skills.get("/review/SKILL.md").body == SKILL.format(name="review").encode()
    assert skills.get("/review/scripts/run.sh").body == SCRIPT.data


def test_the_index_is_for_each_caller(bob: Person, ticket_of: TicketOf, full_plugin: Plugin) -> None:
    skills = skills_at(ticket_of(bob))

    assert skills.get("/index.json").json["skills"] == []
    assert skills.get("/review/SKILL.md").status == 404


def test_the_same_name_twice_is_told_apart_and_written_as_the_specification_wants_it(
    alice: Person, ticket_of: TicketOf, publisher: Publisher
) -> None:
    for name in ("first", "second"):
        publisher.skill(publisher.plugin(name), "Review_PRs")

    names = [one["name"] for one in skills_at(ticket_of(alice)).get("/index.json").json["skills"]]

    assert names[0] == "review-prs"
    assert names[1].startswith("review-prs-")


def test_an_archive_of_yesterday_still_downloads_for_who_may_have_the_skill(
    alice: Person, bob: Person, ticket_of: TicketOf, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    skills = skills_at(ticket_of(alice))
    (before,) = skills.get("/index.json").json["skills"]

    publisher.rewrite(skill, SKILL.format(name="review") + "More.\n")

    (after,) = skills.get("/index.json").json["skills"]
    assert after["digest"] != before["digest"]
    assert after["version"] != before["version"]
    assert f"sha256:{hashlib.sha256(skills.get('/' + before['url']).body).hexdigest()}" == before["digest"]
    assert skills_at(ticket_of(bob)).get(f"/{before['url']}").status == 404


def test_what_is_unknown_is_cleanly_not_found(alice: Person, ticket_of: TicketOf, full_plugin: Plugin) -> None:
    skills = skills_at(ticket_of(alice))
    probe = Api(delivery, f"/o/acme/t/{ticket_of(alice)}")

    answers = [
        *(skills.get(path) for path in ("/other/SKILL.md", "/review/none.md", "/none@0.tar.gz", "/review@0.tar.gz")),
        *(probe.get(path) for path in ("/.well-known/skills/index.json", "", "/.well-known")),
    ]

    assert [answer.status for answer in answers] == [404] * len(answers)


def test_head_answers_as_get_without_a_body(alice: Person, ticket_of: TicketOf, full_plugin: Plugin) -> None:
    skills = skills_at(ticket_of(alice))
    (entry,) = skills.get("/index.json").json["skills"]

    answers = [skills.send("HEAD", path) for path in ("/index.json", f"/{entry['url']}", "/review/SKILL.md")]

    assert [(answer.status, answer.body) for answer in answers] == [(200, b"")] * 3


def test_a_large_skill_is_linked_to(alice: Person, ticket_of: TicketOf, publisher: Publisher) -> None:
    noise = hashlib.shake_256(b"noise").digest(5_000_000)
    publisher.skill(publisher.plugin(), "review", SourceFile("assets/noise.bin", noise))
    skills = skills_at(ticket_of(alice))

    (entry,) = skills.get("/index.json").json["skills"]

    for path in (entry["url"], "review/assets/noise.bin"):
        answer = skills.get(f"/{path}")
        assert answer.status == 302
        assert "X-Amz-Signature" in answer.headers["location"]


def test_a_ticket_opens_one_place_in_one_org(
    alice: Person, mallory: Person, ticket_of: TicketOf, full_plugin: Plugin
) -> None:
    good = ticket_of(alice)
    other = {"1": "2"}.get(good[-10], "1")

    refused = {
        "another place": skills_at(ticket_of(alice, "mcp-registry")),
        "another org": skills_at(good, "globex"),
        "another tenant's": skills_at(ticket_of(mallory)),
        "another mac": skills_at(good[:-10] + other + good[-9:]),
        "nonsense": skills_at("nonsense"),
        "a token that may do more": skills_at(alice.token),
    }

    assert {name: api.get("/index.json").status for name, api in refused.items()} == {
        "another place": 401,
        "another org": 404,
        "another tenant's": 404,
        "another mac": 401,
        "nonsense": 401,
        "a token that may do more": 403,
    }
    assert skills_at(good).get("/index.json").status == 200


def test_a_ticket_ends_with_its_token(depot: Services, alice: Person, full_plugin: Plugin) -> None:
    draft = TokenDraft(TokenKind.DELIVERY, "laptop", alice.id)
    token, secret = depot.directory.create_token(alice.org_id, draft)
    actor = depot.authentication.authenticate(secret, alice.org_id)
    by_ticket = skills_at(depot.authentication.issue_ticket(actor, "agent-skills"))
    assert by_ticket.get("/index.json").status == skills_at(secret).get("/index.json").status == 200

    owner = depot.authentication.authenticate(alice.token, alice.org_id)
    depot.tokens.revoke(owner, token.id)

    assert by_ticket.get("/index.json").status == skills_at(secret).get("/index.json").status == 401


def test_a_ticket_is_no_bearer_token(alice: Person, ticket_of: TicketOf, full_plugin: Plugin) -> None:
    api = Api(delivery, "/v1/orgs/acme/delivery", {"authorization": f"Bearer {ticket_of(alice)}"})

    assert api.get("/plugins").status == 401


def test_a_path_is_logged_without_its_credential(
    alice: Person, ticket_of: TicketOf, full_plugin: Plugin, log_lines: LogLines
) -> None:
    ticket = ticket_of(alice)
    skills_at(ticket).get("/index.json")
    skills_at(ticket).get("/none/SKILL.md")

    lines = log_lines()

    assert lines[0]["route"] == "/o/{orgId}/t/{ticket}/.well-known/agent-skills/index.json"
    assert not any(ticket[8:] in str(line) for line in lines)


def test_asking_again_when_nothing_changed_renders_nothing(
    calls: Calls, depot: Services, alice: Person, ticket_of: TicketOf, full_plugin: Plugin
) -> None:
    skills = skills_at(ticket_of(alice))
    skills.get("/index.json")
    with calls.counting() as warm:
        skills.get("/index.json")
    del depot.agent_skills, depot.renderings, depot.delivery_contents
    with calls.counting() as cold:
        skills.get("/index.json")

    assert (warm.dynamodb, warm.depth, warm.of("s3")) == (3, 3, 0)
    assert (cold.dynamodb, cold.depth) == (3, 4)
    assert cold.operations["s3.GetObject"] == cold.of("s3") == 1


def test_the_links_lead_to_what_the_caller_may_have(
    alice: Person, full_plugin: Plugin, delivered_to: Callable[[Person], Api]
) -> None:
    links = delivered_to(alice).get("/links").item

    path = links.agentSkills.removeprefix("https://depot.example")
    assert Api(delivery).get(f"{path}/.well-known/agent-skills/index.json").json["skills"][0]["name"] == "review"
    assert links.gitMarketplace == "https://depot.example/git/acme/acme.git"
    assert links.openCode == "https://depot.example/o/acme"
    assert links.npm == "https://depot.example/npm/acme/"
