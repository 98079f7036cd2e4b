"""Answers equal those of git's own upload-pack, but for one round saved; anything else is refused in words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.git.objects import build_commit
from shared.domain.git.pkt_line import DELIMITER, FLUSH, line, packet
from shared.domain.git.refs import MAIN, Refs
from shared.domain.git.upload_pack import answer_upload_pack
from shared.domain.rendering.tree import TreeFile
from tests.unit.domain.git.conftest import Git
from tests.unit.domain.git.conversation import UNKNOWN, Answer, v0, v2
from tests.unit.domain.git.loopback import HELLO, Repository

TAGGED = {"README.md": TreeFile(b"first release\n")}
M = build_commit(HELLO).commit_id
T = build_commit(TAGGED).commit_id
REFS = Refs({MAIN: M, "refs/tags/hello--v1.0.0": T})
INFINITE = "deepen 2147483647"

V2_REQUESTS = {
    "ls-refs": v2("ls-refs", "peel", "symrefs", "unborn"),
    "ls-refs without symrefs": v2("ls-refs"),
    "ls-refs of prefixes": v2("ls-refs", "symrefs", "ref-prefix HEAD", "ref-prefix refs/tags/"),
    "ls-refs of no match": v2("ls-refs", "ref-prefix refs/pull/"),
    "ls-refs without delimiter": line("command=ls-refs") + FLUSH,
    "no request": FLUSH,
    "no body": b"",
    "no wants": v2("fetch", "done"),
    "clone": v2("fetch", "thin-pack", "no-progress", "include-tag", "ofs-delta", f"want {M}", f"want {T}", "done"),
    "clone without done": v2("fetch", f"want {M}"),
    "wanted twice": v2("fetch", f"want {M}", f"want {M}", "done"),
    "depth 1": v2("fetch", f"want {M}", "deepen 1", "done"),
    "depth 2": v2("fetch", f"want {M}", "deepen 2", "done"),
    "depth 1 again": v2("fetch", f"want {M}", f"shallow {M}", "deepen 1", "done"),
    "another at depth 1": v2("fetch", f"want {T}", f"shallow {M}", "deepen 1", f"have {M}", "done"),
    "deepened to 2": v2("fetch", f"want {M}", f"shallow {M}", "deepen 2", f"have {M}", "done"),
    "deepened by 1": v2("fetch", f"want {M}", f"shallow {M}", "deepen 1", "deepen-relative", f"have {M}", "done"),
    "cloned, deepening": v2("fetch", f"want {M}", "deepen 1", "deepen-relative", "done"),
    "unshallowed": v2("fetch", f"want {M}", f"shallow {M}", f"shallow {T}", INFINITE, f"have {M}", "done"),
    "shallow, not deepened": v2("fetch", f"want {T}", f"shallow {M}", f"have {M}", "done"),
    "unknown shallow": v2("fetch", f"want {M}", f"shallow {UNKNOWN}", "done"),
    "had": v2("fetch", f"want {M}", f"have {M}"),
    "had and done": v2("fetch", f"want {M}", f"have {M}", f"have {UNKNOWN}", "done"),
    "other had and done": v2("fetch", f"want {T}", f"have {UNKNOWN}", "done"),
    "unknown want": v2("fetch", f"want {UNKNOWN}", "done"),
}  # fmt: skip
V0_REQUESTS = {
    "nothing": FLUSH,
    "clone": v0([f"want {M} side-band-64k no-progress ofs-delta agent=x", f"want {T}"], "done"),
    "without side band": v0([f"want {M}"], "done"),
    "depth 1": v0([f"want {M} side-band-64k", "deepen 1"], "done"),
    "depth asked first": v0([f"want {M} side-band-64k", "deepen 1"]),
    "depth, then no haves": v0([f"want {M} side-band-64k", "deepen 1"], ""),
    "depth 1 again": v0([f"want {M} side-band-64k", f"shallow {M}", "deepen 1"], "done"),
    "deepened by 1": v0([f"want {M} side-band-64k deepen-relative", f"shallow {M}", "deepen 1"], f"have {M}", "done"),
    "unshallowed": v0([f"want {M} side-band-64k", f"shallow {M}", INFINITE], f"have {M}", "done"),
    "shallow, not deepened": v0([f"want {M} side-band-64k", f"shallow {M}"], "done"),
    "haves not ended": v0([f"want {M} side-band-64k"]),
    "unknown had": v0([f"want {M} side-band-64k"], f"have {UNKNOWN}", ""),
    "had": v0([f"want {M} side-band-64k"], f"have {M}", ""),
    "had and done": v0([f"want {M} side-band-64k"], f"have {UNKNOWN}", f"have {M}", f"have {T}", "done"),
    "rounds after the first": v0([f"want {M} side-band-64k"], f"have {UNKNOWN}", "", "done"),
    "unknown want": v0([f"want {UNKNOWN}"], "done"),
}  # fmt: skip


@pytest.fixture(scope="module")
def git_answers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, int], bytes]:
    """Git's own server over the same objects and refs."""
    folder: Path = tmp_path_factory.mktemp("server")
    git = Git(folder)
    git("init", "-q", "--bare", "-b", "main")
    git("index-pack", "--stdin", stdin=published().pack_for((M, T)))
    for name, commit_id in REFS.commits.items():
        git("update-ref", name, commit_id)
    return lambda body, protocol: Git(folder, protocol).run("upload-pack", "--stateless-rpc", ".", stdin=body).stdout


def published() -> Repository:
    repository = Repository()
    repository.publish(HELLO, tags={"hello--v1.0.0": TAGGED})
    return repository


@pytest.mark.parametrize("body", V2_REQUESTS.values(), ids=V2_REQUESTS.keys())
def test_protocol_2_answers_as_git_does(git_answers: Callable[[bytes, int], bytes], body: bytes) -> None:
    ours, theirs = Answer.of(published().answer(body, 2)), Answer.of(git_answers(body, 2))

    assert ours.said == theirs.said
    assert ours.objects == theirs.objects


@pytest.mark.parametrize("body", V0_REQUESTS.values(), ids=V0_REQUESTS.keys())
def test_protocol_0_answers_as_git_does(git_answers: Callable[[bytes, int], bytes], body: bytes) -> None:
    ours, theirs = Answer.of(published().answer(body, 0)), Answer.of(git_answers(body, 0))

    assert ours.said == theirs.said
    assert ours.objects == theirs.objects


def test_haves_that_are_unknown_do_not_cost_a_second_round() -> None:
    answer = Answer.of(published().answer(v2("fetch", f"want {M}", f"have {UNKNOWN}"), 2))

    assert answer.said[:3] == [b"acknowledgments\n", b"NAK\n", b"ready\n"]
    assert answer.objects == len(build_commit(HELLO).objects)


@pytest.mark.parametrize(
    "body",
    [V2_REQUESTS["ls-refs"], V2_REQUESTS["had"], V2_REQUESTS["had and done"], V2_REQUESTS["unknown want"]],
)
def test_no_pack_is_built_when_nothing_is_missing(body: bytes) -> None:
    repository = published()

    repository.answer(body, 2)

    assert repository.packed == []


def test_one_pack_is_built_for_the_missing_commits_alone() -> None:
    repository = published()

    repository.answer(v2("fetch", f"want {M}", f"want {T}", f"have {M}", "done"), 2)

    assert repository.packed == [(T,)]


def test_an_unborn_head_is_told_to_who_asks() -> None:
    asked = Repository().answer(v2("ls-refs", "symrefs", "unborn", "ref-prefix HEAD"), 2)

    assert asked == line("unborn HEAD symref-target:refs/heads/main") + FLUSH
    assert Repository().answer(v2("ls-refs", "symrefs"), 2) == FLUSH


def test_a_pack_is_cut_into_the_largest_bands_allowed() -> None:
    pack = b"PACK" + bytes(200_000)

    body = answer_upload_pack(REFS, v2("fetch", f"want {M}", "done"), 2, lambda _: pack)

    assert Answer.of(body).pack == pack
    assert body.startswith(line("packfile") + b"fff0\x01PACK")


REFUSED = {
    "filter blob:none": "partial clones are not supported: repeat without --filter",
    "deepen-since 1": "history has one commit: repeat without --shallow-since",
    "deepen-not refs/heads/main": "history has one commit: repeat without --shallow-exclude",
    "deepen 0": "invalid depth: '0'",
    "deepen -1": "invalid depth: '-1'",
    "deepen 99999999999999": "invalid depth: '99999999999999'",
    "want main": "expected an object id of 40 hex digits, not 'want main'",
    f"have {UNKNOWN}0": "expected an object id of 40 hex digits",
    "wait-for-done": "unexpected line: 'wait-for-done'",
    "sideband-all": "unexpected line: 'sideband-all'",
}


@pytest.mark.parametrize(("argument", "words"), REFUSED.items())
def test_an_argument_that_is_not_served_is_refused_in_words(argument: str, words: str) -> None:
    for body, protocol in ((v2("fetch", f"want {M}", argument), 2), (v0([f"want {M}"], argument), 0)):
        assert published().answer(body, protocol)[4:].decode().startswith(f"ERR {words}"[:70])


MALFORMED = {
    "unknown command": (v2("push"), 2, "invalid command 'push'"),
    "no command": (line("fetch=1") + FLUSH, 2, "invalid command 'fetch=1'"),
    "sha256": (line("command=fetch") + line("object-format=sha256") + FLUSH, 2, "mismatched object format"),
    "v0 sha256": (v0([f"want {M} object-format=sha256"], "done"), 0, "mismatched object format"),
    "two delimiters": (line("command=fetch") + DELIMITER + DELIMITER + FLUSH, 2, "a delimiter or response end"),
    "response end": (line("command=fetch") + b"0002" + FLUSH, 2, "a delimiter or response end"),
    "v0 delimiter": (v0([f"want {M}"]) + DELIMITER, 0, "a delimiter or response end"),
    "no flush": (line("command=ls-refs"), 2, "the request ends without a flush packet"),
    "v0 no flush": (line(f"want {M}"), 0, "the request ends without a flush packet"),
    "v0 empty": (b"", 0, "the request ends without a flush packet"),
    "foreign ls-refs line": (v2("ls-refs", "colour"), 2, "unexpected line: 'colour'"),
    "not git": (b"{}", 2, "bad line length at byte 0"),
    "binary line": (line("command=fetch") + DELIMITER + packet(b"\xff\n") + FLUSH, 2, "unexpected line: '\ufffd'"),
}


@pytest.mark.parametrize(("body", "protocol", "words"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_request_is_answered_with_an_error_packet(body: bytes, protocol: int, words: str) -> None:
    assert published().answer(body, protocol)[4:].decode().startswith(f"ERR {words}")


WORDS = [
    *("command=fetch", "command=ls-refs", "ref-prefix re", "symrefs", "done", "deepen 1", "deepen-relative"),
    *(f"want {M}", f"want {UNKNOWN}", f"want {M} side-band-64k", f"have {T}", f"shallow {M}", "x" * 90),
]
PARTS = st.one_of(
    st.sampled_from([FLUSH, DELIMITER, b"0002", b"0003"]),
    st.sampled_from(WORDS).map(line),
    st.binary(max_size=30).map(packet),
    st.binary(max_size=6),
)


@given(st.one_of(st.binary(max_size=300), st.lists(PARTS, max_size=12).map(b"".join)), st.sampled_from([0, 2]))
def test_any_bytes_get_an_answer(body: bytes, protocol: int) -> None:
    answer = answer_upload_pack(REFS, body, protocol, lambda _: b"PACK" + bytes(28))

    assert answer == b"" or answer[:4] == FLUSH or int(answer[:4], 16) > 4


def test_more_prefixes_than_are_worth_comparing_list_every_ref() -> None:
    prefixes = [f"ref-prefix refs/pull/{number}" for number in range(300)]

    assert published().answer(v2("ls-refs", *prefixes), 2) == published().answer(v2("ls-refs"), 2)


@pytest.mark.parametrize("word", ["have", "shallow", "want", "ref-prefix"])
def test_the_largest_request_is_answered_without_squaring_its_lines(word: str) -> None:
    many = [f"{word} {number:040x}" for number in range(20_000)]
    refs = Refs({f"refs/tags/t{number}": f"{number:040x}" for number in range(2_000)})
    command = "ls-refs" if word == "ref-prefix" else "fetch"

    answer = answer_upload_pack(refs, v2(command, *many), 2, lambda _: b"")

    assert len(answer) < 200_000
