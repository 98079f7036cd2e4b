"""How a credential is read from the Authorization header."""

import base64

import pytest

from shared.domain.errors import Unauthenticated
from shared.http.actor import ADMIN, DELIVERY, credential


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("header", ["Bearer secret", "bearer secret", "  BEARER   secret "])
def test_a_bearer_token_is_read(header: str) -> None:
    assert credential({"authorization": header}) == "secret"


@pytest.mark.parametrize("text", ["anybody:secret", ":secret", "secret:", "secret"])
def test_where_basic_is_taken_its_password_is_the_token(text: str) -> None:
    assert credential({"authorization": _basic(text)}, basic=True) == "secret"


@pytest.mark.parametrize(
    "header", ["", "secret", "Bearer", "Bearer ", "Digest secret", _basic("a:secret"), "Bearer " + "x" * 20_000]
)
def test_what_is_no_bearer_token_is_refused(header: str) -> None:
    with pytest.raises(Unauthenticated):
        credential({"authorization": header})


@pytest.mark.parametrize("header", ["Basic %%%", "Basic /w==", _basic(":"), "Basic "])
def test_what_is_no_basic_credential_is_refused(header: str) -> None:
    with pytest.raises(Unauthenticated):
        credential({"authorization": header}, basic=True)


def test_git_is_challenged_with_basic_and_scripts_with_bearer() -> None:
    assert DELIVERY.challenge.startswith("Basic realm=")
    assert ADMIN.challenge.startswith("Bearer realm=")
