"""When EventBridge tries again. Time is counted, not waited for."""

from collections.abc import Callable

import pytest

from local.cloud.target_retry import DeliveryError, GivenUp, RetryPolicy, retry

UNAVAILABLE = DeliveryError("THROTTLING", "later", retriable=True)
GONE = DeliveryError("NO_RESOURCE", "no such queue")


class Time:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)

    def clock(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def answers(*outcomes: DeliveryError | None) -> Callable[[], DeliveryError | None]:
    left = iter(outcomes)
    return lambda: next(left)


def test_retries_until_an_attempt_succeeds(time: Time) -> None:
    attempt = answers(UNAVAILABLE, UNAVAILABLE, None)

    assert retry(attempt, UNAVAILABLE, RetryPolicy(), sleep=time.sleep, clock=time.clock) is None
    assert len(time.slept) == 3


def test_waits_longer_before_each_retry(time: Time) -> None:
    retry(answers(*[UNAVAILABLE] * 5), UNAVAILABLE, RetryPolicy(retries=5), sleep=time.sleep, clock=time.clock)

    assert time.slept == sorted(time.slept)
    assert time.slept[-1] > 4 * time.slept[0]


def test_gives_up_after_the_maximum_of_retries(time: Time) -> None:
    attempt = answers(UNAVAILABLE, UNAVAILABLE)

    given_up = retry(attempt, UNAVAILABLE, RetryPolicy(retries=2), sleep=time.sleep, clock=time.clock)

    assert given_up == GivenUp(UNAVAILABLE, 2, "MaximumRetryAttempts")


def test_gives_up_at_the_maximum_age(time: Time) -> None:
    given_up = retry(lambda: UNAVAILABLE, UNAVAILABLE, RetryPolicy(age_seconds=60), sleep=time.sleep, clock=time.clock)

    assert given_up
    assert given_up.exhausted == "MaximumEventAgeInSeconds"
    assert time.now >= 60


def test_does_not_retry_what_cannot_succeed(time: Time) -> None:
    assert retry(answers(), GONE, RetryPolicy(), sleep=time.sleep, clock=time.clock) == GivenUp(GONE, 0)


def test_stops_retrying_when_the_target_disappears(time: Time) -> None:
    given_up = retry(answers(GONE), UNAVAILABLE, RetryPolicy(), sleep=time.sleep, clock=time.clock)

    assert given_up == GivenUp(GONE, 1)


def test_reads_the_policy_of_a_target() -> None:
    target = {"RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}}

    assert RetryPolicy.of(target) == RetryPolicy(0, 60)
    assert RetryPolicy.of({}) == RetryPolicy(185, 86_400)
