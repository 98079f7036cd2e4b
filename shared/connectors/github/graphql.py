"""Asks GitHub for the text of many blobs in one query.

GitHub gives up to 512,000 bytes of a blob's text, none of a binary one, and may spell what is no UTF-8 anew. So a
text counts only where it hashes to the id that it was asked by; whatever else was asked is simply not answered.

Source: https://docs.github.com/graphql/reference/objects#blob
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from shared.domain.errors import Retryable
from shared.domain.source_tree import blob_sha

LONGEST_TEXT: Final = 512_000
"""Bytes: GitHub cuts what is longer."""

Json = Mapping[str, Any]


def graphql_url_of(api_url: str) -> str:
    """The GraphQL endpoint beside a REST base: github.com, an Enterprise Server, or a site with data residency.

    Source: https://docs.github.com/enterprise-server/graphql/guides/forming-calls-with-graphql#the-graphql-endpoint
    """
    base = api_url.rstrip("/")
    if urlsplit(base).path.endswith("/api/v3"):
        return base.removesuffix("/v3") + "/graphql"
    return f"{base}/graphql"


def query_for(node_id: str, shas: Sequence[str]) -> bytes:
    """The body of one query for blobs of a repository, which GraphQL knows by its node id."""
    blobs = " ".join(f'b{at}: object(oid: "{sha}") {{ ... on Blob {{ text }} }}' for at, sha in enumerate(shas))
    query = f"query($repository: ID!) {{ node(id: $repository) {{ ... on Repository {{ {blobs} }} }} }}"
    return json.dumps({"query": query, "variables": {"repository": node_id}}).encode()


def answered(body: bytes) -> Json:
    """An answer's members: `data` and `errors`. Raises: Retryable for what is no GraphQL answer."""
    try:
        told = json.loads(body)
    except ValueError as error:
        raise Retryable("GitHub's answer is not in its documented form.") from error
    if not isinstance(told, dict):
        raise Retryable("GitHub's answer is not in its documented form.")
    return told


def is_over_limit(told: Json) -> bool:
    """Over its limits GraphQL answers 200, with an error that says so in one of several ways."""
    errors = told.get("errors")
    return any(_tells_of_a_limit(one) for one in errors if isinstance(one, dict)) if isinstance(errors, list) else False


def texts_in(told: Json, shas: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """(id, bytes) of the blobs that the answer to `query_for` brought whole."""
    node = (told.get("data") or {}).get("node") or {}
    for at, sha in enumerate(shas):
        data = _text(node.get(f"b{at}"))
        if data is not None and blob_sha(data) == sha:
            yield sha, data


def _text(blob: Any) -> bytes | None:
    text = blob.get("text") if isinstance(blob, dict) else None
    return text.encode(errors="surrogatepass") if isinstance(text, str) else None


def _tells_of_a_limit(error: Json) -> bool:
    """`RATE_LIMITED` as documented, `RATE_LIMIT` as seen since; secondary limits tell in words alone."""
    kind, message = str(error.get("type", "")), str(error.get("message", ""))
    return kind.startswith("RATE_LIMIT") or "rate limit" in message.lower()
