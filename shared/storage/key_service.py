"""Data keys from AWS KMS: made and unwrapped under the deployment's key, for one org and one purpose each."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from botocore.exceptions import ClientError

from shared.domain.errors import Damaged, Unconfigured

_FOREIGN: Final = {"InvalidCiphertextException", "IncorrectKeyException"}


class KeyService:
    """`key_id` is the ARN of the deployment's key. Opens its client when a key is first asked for."""

    def __init__(self, open_client: Callable[[], Any], key_id: str) -> None:
        self._open_client = open_client
        self._key_id = key_id

    @cached_property
    def _client(self) -> Any:
        if not self._key_id:
            raise Unconfigured("This deployment names no key to seal secrets with.")
        return self._open_client()

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        """A new data key of 256 bits, in the clear and wrapped; `context` is needed again to unwrap it."""
        made = self._client.generate_data_key(KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=dict(context))
        return made["Plaintext"], made["CiphertextBlob"]

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Raises: Damaged for what this key did not wrap in this context."""
        try:
            opened = self._client.decrypt(KeyId=self._key_id, CiphertextBlob=wrapped, EncryptionContext=dict(context))
        except ClientError as error:
            if error.response["Error"]["Code"] in _FOREIGN:
                raise Damaged("The org's data key does not open: it was changed or belongs to another org.") from error
            raise
        secret: bytes = opened["Plaintext"]
        return secret
