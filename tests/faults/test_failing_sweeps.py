"""A call by the clock that a function fails at waits in its failure queue, and is made up for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.cloud import Cloud, until

pytestmark = pytest.mark.local_cloud

FUNCTION, SCHEDULE = "delivery-orders-sweep", "orders-sweep-schedule"
TICK = {"source": "test", "detail-type": "Scheduled Event", "detail": {}}


@contextmanager
def without_its_table(cloud: Cloud) -> Iterator[None]:
    functions = cloud.client("lambda")
    was = functions.get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=FUNCTION, Environment={"Variables": was | {"TABLE_NAME": "delivery-gone"}}
    )
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=FUNCTION, Environment={"Variables": was})


def test_a_sweep_that_fails_at_every_attempt_is_made_up_for_once_it_works(cloud: Cloud) -> None:
    with without_its_table(cloud):
        cloud.client("lambda").invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=json.dumps(TICK))
        failures = until(lambda: cloud.failures(SCHEDULE), bool)
        code, redriven = cloud.redrive(SCHEDULE)  # it fails again
        assert (code, redriven["redriven"]) == (1, 0)
    assert {failure.type for failure in failures} == {"Scheduled Event"}
    assert all("ResourceNotFoundException" in str(failure.reason) for failure in failures), failures
    assert cloud.redrive(SCHEDULE)[0] == 0
