import io
import json
import tarfile
from collections.abc import Sequence

import pytest

from shared.connectors.github.reader import GitHubReader
from shared.domain.errors import Retryable
from shared.domain.source_errors import BranchMissing
from shared.domain.source_tree import SYMLINK, EntryKind, TreeEntry, blob_sha
from tests.unit.far_side import FarSide, Reply

HEAD_SHA = "c" * 40
BASE = "GET /repositories/7"
TARBALL = f"{BASE}/tarball/{HEAD_SHA}"
FILES = {f"skills/s{n}/SKILL.md": f"Skill {n}".encode() for n in range(300)}


def entry(path: str, data: bytes, mode: int = 0o100644) -> TreeEntry:
    return TreeEntry(path, mode, EntryKind.BLOB, blob_sha(data), len(data))


def archive(files: dict[str, bytes], links: Sequence[tuple[str, str]] = ()) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for path, data in files.items():
            member = tarfile.TarInfo(f"acme-skills-{HEAD_SHA[:7]}/{path}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        for path, to in links:
            link = tarfile.TarInfo(path)
            link.type, link.linkname = tarfile.SYMTYPE, to
            tar.addfile(link)
    return target.getvalue()


@pytest.fixture
def archived(far_side: FarSide, other_host: FarSide) -> FarSide:
    far_side.on(TARBALL, Reply(302, headers={"location": f"{other_host.url}/legacy.tar.gz?token=secret"}))
    return other_host


def serve_archive(host: FarSide, body: bytes, **how: int | bool) -> None:
    host.on("GET /legacy.tar.gz?token=secret", Reply(200, body, **how))  # type: ignore[arg-type]  # two fields


def everything(reader: GitHubReader, files: dict[str, bytes]) -> dict[str, bytes]:
    return dict(reader.blobs(HEAD_SHA, [entry(path, data) for path, data in files.items()]))


def test_the_head_is_one_cheap_call_by_full_ref(far_side: FarSide, reader: GitHubReader) -> None:
    far_side.on(f"{BASE}/commits/refs/heads/feat/a%20b", Reply(body=HEAD_SHA.encode()))

    assert reader.head("refs/heads/feat/a b") == HEAD_SHA
    assert far_side.asked[-1].headers["accept"] == "application/vnd.github.sha"


def test_an_unchanged_head_costs_one_call_once_the_token_is_there(far_side: FarSide, reader: GitHubReader) -> None:
    far_side.on(f"{BASE}/commits/refs/heads/main", Reply(body=HEAD_SHA.encode()))
    reader.head("refs/heads/main")
    far_side.asked.clear()

    reader.head("refs/heads/main")

    assert len(far_side.asked) == 1


def test_a_branch_that_is_gone_is_told_from_a_repository_that_is(far_side: FarSide, reader: GitHubReader) -> None:
    missing = Reply(422, b'{"message": "No commit found for SHA: refs/heads/main"}')
    far_side.on(f"{BASE}/commits/refs/heads/main", missing)

    with pytest.raises(BranchMissing):
        reader.head("refs/heads/main")


def test_a_head_that_is_no_commit_id_is_retried_later(far_side: FarSide, reader: GitHubReader) -> None:
    far_side.on(f"{BASE}/commits/refs/heads/main", Reply(body=b"<html>maintenance</html>"))

    with pytest.raises(Retryable):
        reader.head("refs/heads/main")


def test_the_repository_tells_its_current_name(far_side: FarSide, reader: GitHubReader) -> None:
    answer = {
        "id": 7, "full_name": "acme/skills", "default_branch": "main", "private": True, "archived": False,
    }  # fmt: skip
    far_side.on(BASE, Reply(body=json.dumps(answer).encode()))

    assert reader.repository().full_name == "acme/skills"


@pytest.mark.parametrize("body", [b"[]", b"{}", b"not json", b'{"id": 7}'])
def test_an_undocumented_answer_is_retried_later(far_side: FarSide, reader: GitHubReader, body: bytes) -> None:
    far_side.on(BASE, Reply(body=body))

    with pytest.raises(Retryable):
        reader.repository()


def test_one_changed_file_costs_four_calls(far_side: FarSide, reader: GitHubReader) -> None:
    data = b"\xff changed"
    member = {"path": "a", "mode": "100644", "type": "blob", "sha": blob_sha(data), "size": len(data)}
    page = {"sha": HEAD_SHA, "tree": [member], "truncated": False}
    far_side.on(f"{BASE}/commits/refs/heads/main", Reply(body=HEAD_SHA.encode()))
    far_side.on(f"{BASE}/git/trees/{HEAD_SHA}?recursive=1", Reply(body=json.dumps(page).encode()))
    far_side.on(f"{BASE}/git/blobs/{blob_sha(data)}", Reply(body=data))

    listing = reader.tree(reader.head("refs/heads/main"))

    assert dict(reader.blobs(HEAD_SHA, listing.entries)) == {blob_sha(data): data}
    assert len(far_side.asked) == 4


def test_the_same_content_at_two_paths_is_fetched_once(far_side: FarSide, reader: GitHubReader) -> None:
    far_side.on(f"{BASE}/git/blobs/{blob_sha(b'same')}", Reply(body=b"same"))

    assert len(everything(reader, {"a": b"same", "b": b"same"})) == 1
    assert len(far_side.asked) == 2


def test_a_blob_with_other_content_than_its_id_is_never_handed_on(far_side: FarSide, reader: GitHubReader) -> None:
    far_side.on(f"{BASE}/git/blobs/{blob_sha(b'true')}", Reply(body=b"forged"))

    with pytest.raises(Retryable):
        everything(reader, {"a": b"true"})


def test_many_files_come_in_one_archive_without_the_token(
    far_side: FarSide, archived: FarSide, reader: GitHubReader
) -> None:
    serve_archive(archived, archive(FILES | {"README.md": b"not wanted"}))

    assert everything(reader, FILES) == {blob_sha(data): data for data in FILES.values()}
    assert len(far_side.asked) + len(archived.asked) == 3
    assert "authorization" not in archived.asked[0].headers


def test_what_an_archive_leaves_out_or_rewrites_is_fetched_by_itself(
    far_side: FarSide, archived: FarSide, reader: GitHubReader
) -> None:
    ignored, rewritten = "skills/s0/SKILL.md", "skills/s1/SKILL.md"
    kept = {path: data for path, data in FILES.items() if path != ignored}
    serve_archive(archived, archive(kept | {rewritten: b"$Fmt$ 1"}))
    for path in (ignored, rewritten):
        far_side.on(f"{BASE}/git/blobs/{blob_sha(FILES[path])}", Reply(body=FILES[path]))

    assert everything(reader, FILES) == {blob_sha(data): data for data in FILES.values()}


def test_a_symlink_s_content_is_its_target(archived: FarSide, reader: GitHubReader) -> None:
    serve_archive(archived, archive(FILES, links=[("CLAUDE.md", "AGENTS.md")]))
    wanted = [entry(path, data) for path, data in FILES.items()]

    got = dict(reader.blobs(HEAD_SHA, [*wanted, entry("CLAUDE.md", b"AGENTS.md", SYMLINK)]))

    assert got[blob_sha(b"AGENTS.md")] == b"AGENTS.md"


def test_an_archive_that_breaks_off_is_retried_later(archived: FarSide, reader: GitHubReader) -> None:
    whole = archive(FILES)
    serve_archive(archived, whole[: len(whole) // 2], promised=len(whole), cut=True)

    with pytest.raises(Retryable):
        everything(reader, FILES)


@pytest.mark.parametrize("damage", [b"", b"no gzip at all", archive(FILES)[:-40]])
def test_a_damaged_archive_is_retried_later(archived: FarSide, reader: GitHubReader, damage: bytes) -> None:
    serve_archive(archived, damage)

    with pytest.raises(Retryable):
        everything(reader, FILES)


def test_no_error_shows_the_archive_s_signed_address(archived: FarSide, reader: GitHubReader) -> None:
    archived.on("GET /legacy.tar.gz?token=secret", Reply(500))

    with pytest.raises(Retryable) as broken:
        everything(reader, FILES)

    assert "secret" not in f"{broken.value!r} {broken.value.__cause__!r}"
