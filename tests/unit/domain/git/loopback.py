"""A git server on loopback made of nothing but the pure functions, for real clients to talk to."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shared.domain.git import advertisement, upload_pack
from shared.domain.git.objects import GitObject, Snapshot, build_commit
from shared.domain.git.pack import write_pack
from shared.domain.git.refs import MAIN, Refs
from shared.domain.git.request_body import decode_body
from shared.domain.rendering.tree import FileTree, TreeFile

HELLO: FileTree = {"README.md": TreeFile(b"hello\n"), "bin/run": TreeFile(b"#!/bin/sh\n", 0o100755)}


@dataclass
class Repository:
    """What is published now, and what clients made the server do."""

    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    packed: list[tuple[str, ...]] = field(default_factory=list)
    posts: list[bytes] = field(default_factory=list)
    encodings: set[str | None] = field(default_factory=set)

    def publish(self, files: FileTree, tags: Mapping[str, FileTree] | None = None) -> str:
        self.snapshots = {MAIN: build_commit(files)}
        self.snapshots |= {f"refs/tags/{tag}": build_commit(tree) for tag, tree in (tags or {}).items()}
        return self.snapshots[MAIN].commit_id

    @property
    def refs(self) -> Refs:
        return Refs({name: snapshot.commit_id for name, snapshot in self.snapshots.items()})

    def pack_for(self, commit_ids: tuple[str, ...]) -> bytes:
        self.packed.append(commit_ids)
        return write_pack(self._objects(commit_ids))

    def advertise(self, protocol: int) -> bytes:
        return advertisement.advertise_capabilities() if protocol == 2 else advertisement.advertise_refs(self.refs)

    def answer(self, body: bytes, protocol: int) -> bytes:
        self.posts.append(body)
        return upload_pack.answer_upload_pack(self.refs, body, protocol, self.pack_for)

    def _objects(self, commit_ids: tuple[str, ...]) -> Iterator[GitObject]:
        for snapshot in self.snapshots.values():
            if snapshot.commit_id in commit_ids:
                yield from snapshot.objects


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, repository: Repository, *args: object) -> None:
        self.repository = repository
        super().__init__(*args)  # type: ignore[arg-type]  # the server passes socket, address and itself

    def do_GET(self) -> None:
        self._send(advertisement.CONTENT_TYPE, self.repository.advertise(self._protocol()))

    def do_POST(self) -> None:
        self.repository.encodings |= {self.headers["Content-Encoding"], self.headers["Transfer-Encoding"]}
        body = decode_body(self._body(), self.headers["Content-Encoding"])
        self._send(upload_pack.CONTENT_TYPE, self.repository.answer(body, self._protocol()))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it
        pass

    def _protocol(self) -> int:
        return advertisement.protocol_version(self.headers["Git-Protocol"])

    def _body(self) -> bytes:
        if self.headers["Transfer-Encoding"] != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send(self, content_type: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(repository: Repository) -> Iterator[str]:
    """The repository's URL, for as long as it is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, repository)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/acme/all.git"
        finally:
            server.shutdown()
            thread.join()
