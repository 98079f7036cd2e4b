import json

import jwt
import pytest

from shared.connectors.github.app_auth import AppIdentity, InstallationTokens
from shared.connectors.github.connector import GitHubConnector
from shared.connectors.github.reader import GitHubReader
from shared.connectors.github.transport import Transport
from shared.domain.errors import Retryable, Unconfigured
from shared.domain.source_errors import SourceForbidden, SourceNotFound
from tests.unit.connectors.github.conftest import TOKENS, Clock, private_key, private_pem, token_reply
from tests.unit.far_side import FarSide, Reply

REPOSITORY = "GET /repositories/7"
HEAD = "GET /repositories/7/commits/refs/heads/main"


@pytest.fixture
def tokens(transport: Transport, clock: Clock) -> InstallationTokens:
    return InstallationTokens(transport, AppIdentity("123", private_pem, clock.now), clock.now)


def test_the_app_proves_itself_within_github_s_ten_minutes(clock: Clock) -> None:
    token = AppIdentity("123", private_pem, clock.now).token()

    claims = jwt.decode(token, private_key().public_key(), ["RS256"], options={"verify_exp": False})
    assert claims == {"iss": "123", "iat": clock.at - 60, "exp": clock.at + 540}


def test_a_key_that_is_none_is_the_deployment_s_fault_and_is_said_so_without_showing_it(clock: Clock) -> None:
    app = AppIdentity("123", lambda: "hunter2 is no key", clock.now)

    with pytest.raises(Unconfigured, match="no RSA private key") as refusal:
        app.token()

    assert "hunter2" not in refusal.value.message


def test_a_token_is_asked_for_one_repository_and_reading_only(
    far_side: FarSide, tokens: InstallationTokens, clock: Clock
) -> None:
    far_side.on(TOKENS, token_reply("ghs_1", clock.at + 3_600))

    assert tokens.token(11, 7) == "ghs_1"
    assert json.loads(far_side.asked[0].body) == {
        "repository_ids": [7],
        "permissions": {"contents": "read", "metadata": "read"},
    }


def test_a_token_is_kept_until_shortly_before_it_expires(
    far_side: FarSide, tokens: InstallationTokens, clock: Clock
) -> None:
    far_side.on(TOKENS, token_reply("ghs_1", clock.at + 3_600), token_reply("ghs_2", clock.at + 7_200))
    first = [tokens.token(11, 7), tokens.token(11, 7)]

    clock.at += 3_301

    assert (*first, tokens.token(11, 7)) == ("ghs_1", "ghs_1", "ghs_2")


def test_another_repository_has_its_own_token(far_side: FarSide, tokens: InstallationTokens, clock: Clock) -> None:
    far_side.on(TOKENS, token_reply("ghs_1", clock.at + 3_600), token_reply("ghs_2", clock.at + 3_600))

    assert tokens.token(11, 7) != tokens.token(11, 8)


@pytest.mark.parametrize(("status", "meaning"), [(403, SourceForbidden), (404, SourceNotFound), (422, SourceNotFound)])
def test_an_installation_that_is_suspended_gone_or_elsewhere_is_permanent(
    far_side: FarSide, tokens: InstallationTokens, status: int, meaning: type[Exception]
) -> None:
    far_side.on(TOKENS, Reply(status))

    with pytest.raises(meaning):
        tokens.token(11, 7)


def test_an_unreadable_token_answer_does_not_show_the_token(far_side: FarSide, tokens: InstallationTokens) -> None:
    far_side.on(TOKENS, Reply(201, b'{"token": "ghs_canary", "expires_at": "ghs_canary"}'))

    with pytest.raises(Retryable) as unreadable:
        tokens.token(11, 7)

    assert "ghs_canary" not in f"{unreadable.value} {unreadable.value.__cause__}"
    assert unreadable.value.__suppress_context__


def test_a_kept_token_does_not_show_in_a_repr(far_side: FarSide, tokens: InstallationTokens, clock: Clock) -> None:
    far_side.on(TOKENS, token_reply("ghs_canary", clock.at + 3_600))
    tokens.token(11, 7)

    assert "ghs_canary" not in repr(vars(tokens))


def test_a_revoked_token_is_replaced_once(far_side: FarSide, reader: GitHubReader, clock: Clock) -> None:
    far_side.on(TOKENS, token_reply("ghs_1", clock.at + 3_600), token_reply("ghs_2", clock.at + 3_600))
    far_side.on(HEAD, Reply(401), Reply(body=b"a" * 40))

    assert reader.head("refs/heads/main") == "a" * 40
    assert far_side.asked[-1].headers["authorization"] == "Bearer ghs_2"


def test_credentials_that_stay_refused_are_permanent(far_side: FarSide, reader: GitHubReader) -> None:
    far_side.on(HEAD, Reply(401))

    with pytest.raises(SourceForbidden):
        reader.head("refs/heads/main")

    assert far_side.paths() == [TOKENS, HEAD, TOKENS, HEAD]


def test_an_installation_is_read_as_the_app(far_side: FarSide, connector: GitHubConnector) -> None:
    answer = {
        "id": 11,
        "account": {"login": "acme", "type": "Organization"},
        "repository_selection": "selected",
        "permissions": {"contents": "read"},
        "suspended_at": "2026-01-01T00:00:00Z",
    }
    far_side.on("GET /app/installations/11", Reply(body=json.dumps(answer).encode()))

    installation = connector.installation(11)

    assert (installation.login, installation.suspended) == ("acme", True)
