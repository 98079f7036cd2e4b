"""Every function does all of its work with its own role, and the role allows nothing else."""

from collections.abc import Mapping

import pytest

from local.api import RefusedError
from tests.e2e.catalog_work import CatalogWork
from tests.e2e.client_work import ClientWork
from tests.e2e.rights import Right, Rights, unused
from tests.e2e.running import RunningStack
from tests.e2e.workday import Workday

pytestmark = pytest.mark.e2e

FUNCTIONS = ("admin", "delivery", "webhook", "sync", "sweep", "index", "audit", "operations")

NEVER_SEEN = {
    "logs:CreateLogStream": "Lambda writes a function's logs under its role; the emulator writes them itself",
    "logs:PutLogEvents": "as above",
    "kms:Decrypt": "stores and queue use the key in their caller's name; the emulator's ask for no right",
    "kms:DescribeKey": "as above",
    "kms:Encrypt": "as above",
    "kms:GenerateDataKey": "as above",
    "s3:PutObjectTagging": "asked for by a header of PutObject; the emulator does not ask",
}
_FOLLOWING = {
    "dynamodb:DescribeStream": "Lambda follows the stream under the function's role; the emulator's needs none",
    "dynamodb:GetRecords": "as above",
    "dynamodb:GetShardIterator": "as above",
    "dynamodb:ListStreams": "as above",
    "sqs:SendMessage": "Lambda sets failed records aside under the function's role; here none fails",
}
NEVER_SEEN_OF: Mapping[str, Mapping[str, str]] = {
    "delivery": {
        "s3:ListBucket": "without it S3 answers 403 instead of 404 for what is not rendered yet; the emulator does not",
    },
    "index": _FOLLOWING,
    "audit": _FOLLOWING,
    "sync": {
        "sqs:GetQueueAttributes": "Lambda polls the queue under the function's role; the emulator's poller needs none",
        "sqs:ReceiveMessage": "as above",
        "sqs:DeleteMessage": "as above",
    },
}


@pytest.fixture(scope="module")
def rights(enforced_stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Rights:
    """The rights of a stack after a day's work, all of which succeeded."""
    work = Workday(enforced_stack)
    work.look_around()
    work.author_by_hand()
    work.be_refused()
    work.edit_a_skill()
    work.deliver(tmp_path_factory.mktemp("clones"))
    work.sync()
    work.be_put_off()
    work.run_out_of_time()
    work.sweep()
    work.be_cut_off()
    work.form_a_team()
    work.give_and_revoke_a_token()
    ClientWork(enforced_stack).keep_up_to_date()
    catalog = CatalogWork(enforced_stack)
    catalog.keep_a_shop()
    catalog.discover()
    catalog.install_the_app()
    catalog.suspend_the_app()
    return Rights(enforced_stack.aws)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_uses_every_right_of_its_role(rights: Rights, function: str) -> None:
    granted = {right for each in rights.granted(function).values() for right in each}

    left = unused(granted, rights.used(function))

    assert left == {right for right in granted if _is_never_seen(function, right)}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_was_denied_anything(rights: Rights, function: str) -> None:
    assert [line for line in rights.log(function) if "AccessDenied" in line or "not authorized" in line] == []


def test_a_statement_that_is_taken_away_is_missed(rights: Rights, enforced_stack: RunningStack) -> None:
    with rights.without("admin", "QueryIndexes"), pytest.raises(RefusedError) as refused:
        enforced_stack.owner.get(f"{enforced_stack.org}/plugins")

    assert refused.value.status >= 500


def _is_never_seen(function: str, right: Right) -> bool:
    # The emulator knows no condition on an encryption context, so that nothing can be sealed while it enforces roles.
    if "/sealed/" in right[1]:
        return True
    return right[0] in NEVER_SEEN or right[0] in NEVER_SEEN_OF.get(function, {})
