"""How the refusal of a write is told from its failure."""

from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.dispatch.writes import CONFLICT_ATTEMPTS, conditional, unless_refused


class Call:
    """Fails with these errors, one at a time, and then succeeds."""

    def __init__(self, *errors: ClientError) -> None:
        self.errors = list(errors)
        self.made = 0

    def __call__(self) -> None:
        self.made += 1
        if self.errors:
            raise self.errors.pop(0)


def error(code: str, *reasons: str) -> ClientError:
    """`reasons`: for a cancelled transaction, the code of each of its writes."""
    response: Any = {"Error": {"Code": code}}
    if reasons:
        response["CancellationReasons"] = [{"Code": each} for each in reasons]
    return ClientError(response, "TransactWriteItems")


def cancelled(*reasons: str) -> ClientError:
    return error("TransactionCanceledException", *reasons)


def made(call: Call) -> bool:
    return unless_refused(call, sleep=lambda seconds: None)


@pytest.mark.parametrize(
    "refusal",
    [
        error("ConditionalCheckFailedException"),
        cancelled("None", "ConditionalCheckFailed"),
        cancelled("TransactionConflict", "ConditionalCheckFailed"),
    ],
)
def test_a_condition_that_does_not_hold_is_an_answer_and_is_not_asked_again(refusal: ClientError) -> None:
    call = Call(refusal)
    assert made(call) is False
    assert call.made == 1


@pytest.mark.parametrize("conflict", [error("TransactionConflictException"), cancelled("TransactionConflict", "None")])
def test_a_write_that_met_another_transaction_is_made_again(conflict: ClientError) -> None:
    call = Call(conflict, conflict)
    assert made(call) is True
    assert call.made == 3


def test_a_row_that_stays_busy_is_an_error() -> None:
    call = Call(*[cancelled("TransactionConflict")] * CONFLICT_ATTEMPTS)
    with pytest.raises(ClientError):
        made(call)
    assert call.made == CONFLICT_ATTEMPTS


def test_any_other_failure_is_raised_at_once() -> None:
    call = Call(error("ProvisionedThroughputExceededException"))
    with pytest.raises(ClientError):
        made(call)
    assert call.made == 1


def test_only_the_names_that_are_used_are_given() -> None:
    """DynamoDB refuses a write that explains a name nobody uses."""
    write = conditional("table", {}, "SET #state = :new", "#sequence = :old", {":new": "x", ":old": 1.5})
    assert write["ExpressionAttributeNames"] == {"#state": "state", "#sequence": "sequence"}
    assert str(write["ExpressionAttributeValues"][":old"]) == "1.5"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (0.1, Decimal("0.1")),
        ({"lat": 1.5, "name": "x"}, {"lat": Decimal("1.5"), "name": "x"}),
        ([1.5, 2, None], [Decimal("1.5"), 2, None]),
        ((1.5, 2, None), [Decimal("1.5"), 2, None]),
        ({"times": [({"s": 1.5}, 2.5)]}, {"times": [[{"s": Decimal("1.5")}, Decimal("2.5")]]}),
    ],
)
def test_fractions_are_written_as_decimals_wherever_they_are(value: Any, stored: Any) -> None:
    write = conditional("table", {}, "SET a = :new", "a = :old", {":new": value, ":old": 1})
    assert write["ExpressionAttributeValues"] == {":new": stored, ":old": 1}
