"""An order's trace out of the logs."""

import json
from typing import Any, cast

import pytest

from infra import names
from local.aws import Aws
from local.problem import Problem
from local.trace.reading import Trace, trace
from tests.local.trace.told import ORDER, Logs, event, handled

OTHER = "3f2b0000-0000-4000-8000-000000000000"
DRIVER = "11111111-0000-4000-8000-000000000000"


class Cloud:
    def __init__(self, events: list[dict[str, Any]], **functions: list[Any]) -> None:
        groups = {f"/aws/lambda/delivery-{name.replace('_', '-')}": _lines(said) for name, said in functions.items()}
        self._logs = Logs({names.EVENT_LOG: _lines(events)} | groups)

    def client(self, service: str) -> Logs:
        assert service == "logs"
        return self._logs

    def trace(self, order_id: str, since: float = 0) -> Trace:
        return trace(cast(Aws, self), order_id, since=since)


def _lines(contents: list[Any]) -> list[tuple[float, str]]:
    """One line a second, from second 1000 on."""
    return [(1000 + n, c if isinstance(c, str) else json.dumps(c)) for n, c in enumerate(contents)]


PLACED = event("placed", "order.placed", second=0)
ANOTHER = event("another", "order.placed", second=0, order=OTHER)


def test_a_trace_has_the_orders_events_and_what_each_function_said_about_them() -> None:
    cloud = Cloud(
        [PLACED, ANOTHER],
        tracking_inbox=[f"START RequestId: {ORDER}", handled("placed", "tracking-inbox", "applied")],
        orders_outbox=[handled("another", "orders-outbox", "stale", correlation_id=OTHER)],
    )
    found = cloud.trace(ORDER)
    assert [step.type for step in found.steps] == ["order.placed.v1"]
    assert [(r.consumer, r.outcome) for r in found.steps[0].reactions] == [("tracking-inbox", "applied")]


def test_an_event_about_the_order_under_another_correlation_brings_its_reactions() -> None:
    arrived = event("arrived", "driver.arrived", second=5, correlation=DRIVER, source="tracking")
    line = handled("arrived", "dispatch-inbox", "applied", correlation_id=DRIVER)
    found = Cloud([PLACED, arrived], dispatch_inbox=[line]).trace(ORDER)
    assert [len(step.reactions) for step in found.steps] == [0, 1]


def test_the_beginning_of_an_id_will_do_if_it_is_one_orders() -> None:
    elsewhere = event("arrived", "driver.arrived", second=5, correlation="3f2b8fff" + DRIVER[8:])
    assert Cloud([PLACED, ANOTHER, elsewhere]).trace("3f2b8").order_id == ORDER


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("3f2b", f"2 orders begin with 3f2b: {OTHER}, {ORDER}"),
        ("ffff", "No order's id begins with ffff."),
        ("../x", "'../x' is no order id."),
        (DRIVER, f"No event is about an order {DRIVER}."),
    ],
)
def test_an_order_that_cannot_be_found_is_said_to_be_so(asked: str, problem: str) -> None:
    with pytest.raises(Problem) as told:
        Cloud([PLACED, ANOTHER]).trace(asked)
    assert told.value.what == problem


def test_an_event_before_the_given_time_is_left_out() -> None:
    with pytest.raises(Problem):
        Cloud([PLACED]).trace(ORDER, since=1001)


def test_a_platform_that_is_not_deployed_is_named_as_the_reason() -> None:
    cloud = Cloud([])
    cloud._logs = Logs({})
    with pytest.raises(Problem, match="There is no log group /delivery/events"):
        cloud.trace(ORDER)
