"""Uploads the files of a CDK asset manifest to the emulator's buckets, each once."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.aws import Aws
from local.emulator import REGION
from local.errors import LocalStackError


def publish(aws: Aws, manifest: Path, template: Path) -> str:
    """Upload what the emulator lacks; return the URL of the uploaded template."""
    url = None
    for entry in json.loads(manifest.read_text())["files"].values():
        source = manifest.parent / entry["source"]["path"]
        bucket, key = _destination(aws, entry)
        _upload(aws, bucket, key, source, packed=entry["source"]["packaging"] == "zip")
        if source == template:
            url = f"{aws.endpoint}/{bucket}/{key}"
    if url is None:
        raise LocalStackError(f"{manifest.name} does not list {template.name}: synthesize the app again.")
    return url


def _destination(aws: Aws, entry: dict[str, Any]) -> tuple[str, str]:
    destination = next(iter(entry["destinations"].values()))
    bucket = destination["bucketName"].replace("${AWS::AccountId}", aws.account_id)
    return bucket.replace("${AWS::Region}", REGION), destination["objectKey"]


def _upload(aws: Aws, bucket: str, key: str, source: Path, *, packed: bool) -> None:
    """A key is the hash of its content, so a key that is there needs no upload."""
    s3 = aws.client("s3")
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as missing:
        if missing.response["Error"]["Code"] not in ("404", "NoSuchBucket", "NoSuchKey"):
            raise
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=_zipped(source) if packed else source.read_bytes())


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return packed.getvalue()
