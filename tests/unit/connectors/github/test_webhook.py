import hashlib
import hmac
import json
import subprocess
import sys
from typing import Any

import pytest

from shared.connectors.github import webhook
from shared.domain.errors import Invalid, TooLarge, Unauthenticated, UnsupportedMedia
from shared.domain.webhook import Envelope

SECRET = "It's a Secret to Everybody"
PUSH: dict[str, Any] = {
    "ref": "refs/heads/main",
    "before": "a" * 40,
    "after": "b" * 40,
    "created": False,
    "deleted": False,
    "forced": True,
    "repository": {"id": 7, "full_name": "acme/skills"},
    "installation": {"id": 11},
}


def headers(event: str = "push", **more: str) -> dict[str, str]:
    return {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        **more,
    }


def normalize(payload: object, event: str = "push") -> Envelope:
    return webhook.normalize(headers(event), json.dumps(payload).encode())


def signed(body: bytes, secret: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


def test_github_s_own_test_vector_is_accepted() -> None:
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    webhook.verify({"x-hub-signature-256": signature}, b"Hello, World!", [SECRET])


@pytest.mark.parametrize("secrets", [["new", "old"], ["old", "new"]])
def test_while_a_secret_is_rotated_both_are_accepted(secrets: list[str]) -> None:
    webhook.verify(signed(b"{}", "old"), b"{}", secrets)


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=00", "sha1=" + "0" * 40, "sha256=" + "é" * 64, "sha256=\ud800"],
)
def test_a_missing_or_odd_signature_is_refused(signature: str) -> None:
    with pytest.raises(Unauthenticated):
        webhook.verify({"x-hub-signature-256": signature}, b"{}", [SECRET])


def test_one_changed_byte_is_refused() -> None:
    given = signed(b"Hello, World!", SECRET)

    with pytest.raises(Unauthenticated, match="webhook_signature_wrong"):
        webhook.verify(given, b"Hello, World?", [SECRET])


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(Unauthenticated):
        webhook.verify(signed(b"{}", ""), b"{}", ["", SECRET])


def test_a_body_beyond_github_s_limit_is_refused_before_it_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "MAX_BODY_BYTES", 3)

    with pytest.raises(TooLarge):
        webhook.verify(signed(b"four", SECRET), b"four", [SECRET])


def test_a_push_is_reduced_to_its_ids() -> None:
    assert normalize(PUSH) == Envelope(
        delivery_id="72d3162e-cc78-11e3-81ab-4c9367dc0958",
        event="push",
        installation_id=11,
        repository_id=7,
        repository_full_name="acme/skills",
        ref="refs/heads/main",
        before_sha="a" * 40,
        head_sha="b" * 40,
        forced=True,
    )


def test_a_deleted_branch_is_told_apart() -> None:
    envelope = normalize(PUSH | {"after": "0" * 40, "deleted": True})

    assert envelope.deleted
    assert envelope.head_sha == "0" * 40


def test_a_deleted_branch_is_told_apart_by_its_head_alone() -> None:
    assert normalize(PUSH | {"after": "0" * 40}).deleted


def test_a_ping_needs_no_repository() -> None:
    envelope = normalize({"zen": "Keep it logically awesome.", "hook_id": 1}, "ping")

    assert (envelope.event, envelope.repository_id) == ("ping", None)


def test_an_installation_event_keeps_its_action_and_ids() -> None:
    envelope = normalize({"action": "suspend", "installation": {"id": 11}, "sender": {}}, "installation")

    assert (envelope.event, envelope.action, envelope.installation_id) == ("installation", "suspend", 11)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ref": None}, "ref"),
        ({"ref": "main"}, "ref"),
        ({"ref": "refs/heads/\ud800"}, "ref"),
        ({"ref": "refs/heads/" + "x" * 2_000}, "ref"),
        ({"after": "b" * 39}, "after"),
        ({"before": 1}, "before"),
        ({"repository": None}, "repository"),
        ({"repository": []}, "repository"),
        ({"repository": {"id": True}}, "repository.id"),
        ({"repository": {"id": 2**70}}, "repository.id"),
        ({"repository": {"id": 7, "full_name": "a\nb"}}, "repository.full_name"),
        ({"installation": "11"}, "installation"),
        ({"installation": {"id": -1}}, "installation.id"),
        ({"deleted": "no"}, "deleted"),
    ],
)
def test_a_wrong_shape_is_invalid_and_names_the_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalize(PUSH | change)

    assert [error.path for error in refused.value.errors] == [field]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"1" * 5_000])
def test_a_body_that_is_no_json_object_is_invalid(body: bytes) -> None:
    with pytest.raises(Invalid):
        webhook.normalize(headers(), body)


@pytest.mark.parametrize(
    "wrong", [{"x-github-event": "Push!"}, {"x-github-delivery": "a b"}, {"x-github-delivery": ""}]
)
def test_headers_that_github_never_sends_are_invalid(wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        webhook.normalize(headers() | wrong, b"{}")


def test_a_form_encoded_webhook_is_told_which_type_to_set() -> None:
    form = headers() | {"content-type": "application/x-www-form-urlencoded"}

    with pytest.raises(UnsupportedMedia, match="application/json"):
        webhook.normalize(form, b"payload=%7B%7D")


def test_the_ingress_loads_nothing_beyond_the_standard_library() -> None:
    heavy = ("pydantic", "botocore", "jwt", "urllib3", "cryptography", "aws_lambda_powertools", "asyncio")
    program = "import sys, shared.connectors.github.webhook; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert not {name for name in loaded.stdout.split() if name.partition(".")[0] in heavy}
