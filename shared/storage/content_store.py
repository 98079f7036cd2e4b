"""Content in S3: blobs named by what they hold, and renderings that can be made again.

    orgs/<org>/blobs/<sha256>              a file of a version, or a normalized payload
    orgs/<org>/sealed/<object>/<fingerprint>  an envelope: files with literal secrets, encrypted for their org
    orgs/<org>/archives/<digest>.<format>  a plugin as a client downloads it
    orgs/<org>/packs/<commit>.pack         a git rendering
    orgs/<org>/catalogs/<key>.json         which commit a caller's view renders to

The bucket encrypts everything under the deployment's own key. Renderings carry the tag `kind=rendered`,
which expires them; old digests stay downloadable for 30 days.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Final

from botocore.exceptions import ClientError

from shared.domain.content import sha256_hex
from shared.domain.errors import Retryable
from shared.domain.sealing import Seal

RENDERED_DAYS: Final = 35
"""What was rendered is forgotten so long after it was stored; it can be had for 30 days after it was replaced."""

LINK_SECONDS: Final = 300
"""How long a download may take to start once its link was made."""

_DIGEST: Final = "sha256"
_CONCURRENT: Final = 16
_ABSENT: Final = {"404", "NoSuchKey", "NotFound"}
_EXISTS: Final = {"412", "PreconditionFailed"}
_INTERRUPTED: Final = {"409", "ConditionalRequestConflict"}
_ATTEMPTS: Final = 3


class ContentStore:
    """Opens its client when content is first asked for: most requests never do."""

    def __init__(self, open_client: Callable[[], Any], bucket: str) -> None:
        self._open_client = open_client
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        return self._open_client()

    def put_blob(self, org_id: str, data: bytes) -> str:
        """Store content under its own hash and return that; content that is there is not written again."""
        digest = sha256_hex(data)
        self._put_new(f"orgs/{org_id}/blobs/{digest}", data)
        return digest

    def put_blobs(self, org_id: str, contents: Iterable[bytes]) -> None:
        distinct = {sha256_hex(data): data for data in contents}
        self._side_by_side(lambda data: self.put_blob(org_id, data), distinct.values())

    def get_blob(self, org_id: str, sha256: str) -> bytes:
        data = self._get(f"orgs/{org_id}/blobs/{sha256}")
        if data is None:
            raise Retryable(f"Content {sha256} cannot be read at the moment.")
        return data

    def get_blobs(self, org_id: str, wanted: Iterable[str]) -> Mapping[str, bytes]:
        names = list(dict.fromkeys(wanted))
        return dict(zip(names, self._side_by_side(lambda name: self.get_blob(org_id, name), names), strict=True))

    def put_sealed(self, seal: Seal, data: bytes) -> None:
        self._put_new(_sealed_key(seal), data)

    def get_sealed(self, seal: Seal) -> bytes:
        data = self._get(_sealed_key(seal))
        if data is None:
            raise Retryable("The sealed content cannot be read at the moment.")
        return data

    def put_rendering(self, key: str, data: bytes, content_type: str) -> None:
        """Store something that can be rendered again; of two builders of equal content one wins."""
        digest = {_DIGEST: sha256_hex(data)}
        self._put_new(key, data, ContentType=content_type, Tagging="kind=rendered", Metadata=digest)

    def renew_rendering(self, key: str, data: bytes, content_type: str) -> None:
        """The same, but it is kept for as long as if it had never been there: what names it is kept no longer."""
        digest = {_DIGEST: sha256_hex(data)}
        self._client.put_object(
            Bucket=self._bucket, Key=key, Body=data, ContentType=content_type, Tagging="kind=rendered", Metadata=digest
        )

    def get_rendering(self, key: str) -> bytes | None:
        return self._get(key)

    def find_rendering(self, key: str) -> str | None:
        """The SHA-256, in hex, of a rendering that is there, without reading it."""
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        digest: str | None = found["Metadata"].get(_DIGEST)
        return digest

    def presign(self, key: str, file_name: str) -> str:
        """A URL that downloads one object as `file_name` without further credentials, for LINK_SECONDS."""
        disposition = f'attachment; filename="{file_name}"'
        parameters = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition}
        url: str = self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=LINK_SECONDS)
        return url

    def presign_blob(self, org_id: str, sha256: str, file_name: str) -> str:
        """The same for a blob; callers are let at its content before they are given this."""
        return self.presign(f"orgs/{org_id}/blobs/{sha256}", file_name)

    def check(self) -> None:
        """Raises botocore's errors when the bucket cannot be reached."""
        self._client.head_bucket(Bucket=self._bucket)

    def _put_new(self, key: str, data: bytes, **more: str | dict[str, str]) -> None:
        for _ in range(_ATTEMPTS):
            try:
                self._client.put_object(Bucket=self._bucket, Key=key, Body=data, IfNoneMatch="*", **more)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code in _INTERRUPTED:
                    continue  # a deletion came between; S3 wants the write repeated
                # Whoever was first wrote the same bytes: the name is their hash.
                if code not in _EXISTS:
                    raise
            return
        raise Retryable(f"Content {key} cannot be written at the moment.")

    def _get(self, key: str) -> bytes | None:
        try:
            data: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return data

    def _side_by_side(self, call: Any, items: Iterable[Any]) -> list[Any]:
        wanted = list(items)
        _ = self._client  # opened once, before several threads ask for it
        if len(wanted) <= 1:
            return [call(item) for item in wanted]
        with ThreadPoolExecutor(max_workers=min(_CONCURRENT, len(wanted))) as pool:
            return list(pool.map(call, wanted))


def _sealed_key(seal: Seal) -> str:
    return f"orgs/{seal.org_id}/sealed/{seal.object_id}/{seal.fingerprint}"


def archive_key(org_id: str, digest: str, suffix: str) -> str:
    return f"orgs/{org_id}/archives/{digest.removeprefix('sha256:')}{suffix}"


def pack_key(org_id: str, commit_id: str) -> str:
    return f"orgs/{org_id}/packs/{commit_id}.pack"


def catalog_key(org_id: str, view: str) -> str:
    return f"orgs/{org_id}/catalogs/{view}.json"
