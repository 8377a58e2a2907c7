"""Which stream records are too old to be tried again. Time is given, not waited for."""

from typing import Any

from local.cloud.stream_retry import Batch, Policy, too_old


def records(*created_at: float) -> list[dict[str, Any]]:
    return [{"dynamodb": {"ApproximateCreationDateTime": at, "SequenceNumber": str(at)}} for at in created_at]


def test_the_records_at_the_front_that_are_older_than_the_limit_are_given_up() -> None:
    """AWS: MaximumRecordAgeInSeconds is the maximum age of a record that Lambda sends to a function."""
    policy = Policy.of({"MaximumRecordAgeInSeconds": 60})
    assert too_old(Batch(records(39, 39.5, 40, 90)), policy, now=100) == 2
    assert too_old(Batch(records(41, 39)), policy, now=100) == 0


def test_without_a_limit_none_is_too_old() -> None:
    """AWS: -1, the default, never discards old records."""
    for mapping in ({}, {"MaximumRecordAgeInSeconds": -1}):
        assert too_old(Batch(records(0)), Policy.of(mapping), now=1e9) == 0
