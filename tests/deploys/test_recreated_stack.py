"""A service's whole stack is deleted and made anew while the others go on, and it learns from the archive what it
missed. The others get the same events once more, and nothing comes of that."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from infra import names
from local.alerts.provider_record import taken
from local.environment import loopback
from local.environment.status import queue_depths
from local.simulator.city import ORIGIN
from local.simulator.geometry import offset
from local.simulator.phone import Fix
from tests.deployed import Deployed
from tests.deploys.versions import Changed
from tests.flow import test_one_order as flow

pytestmark = pytest.mark.local_cloud

PATIENCE = 90.0  # wall seconds for any step


def until(ask: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not wanted(answer := ask()) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert wanted(answer), answer
    return answer


def rows(deployed: Deployed, service: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Everything in a service's table."""
    resource = boto3.resource(
        "dynamodb",
        endpoint_url=deployed.platform.cloud_url,
        region_name=deployed.platform.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    request: dict[str, Any] = {"ConsistentRead": True}
    while True:
        page = resource.Table(names.of(service)).scan(**request)
        found |= {(str(row["pk"]), str(row["sk"])): row for row in page["Items"]}
        if "LastEvaluatedKey" not in page:
            return found
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def at_rest(deployed: Deployed) -> bool:
    """Whether no message waits for its consumer."""
    queues = queue_depths(deployed.platform.aws.client("sqs"))
    return all(queue.waiting + queue.in_flight == 0 for queue in queues if queue.has_a_consumer)


def settle(deployed: Deployed) -> None:
    """Until nothing is under way: three looks in a row, as what leaves one queue comes to the next."""
    for _ in range(3):
        until(lambda: at_rest(deployed), bool)
        time.sleep(0.7)


def replay(deployed: Deployed, since: datetime) -> None:
    """Everything archived since then once more, to every rule of the bus."""
    events = deployed.platform.aws.client("events")
    bus = events.describe_event_bus(Name=names.BUS)["Arn"]
    name = f"recovery-{uuid4()}"
    events.start_replay(
        ReplayName=name,
        EventSourceArn=events.describe_archive(ArchiveName=names.EVENT_ARCHIVE)["ArchiveArn"],
        EventStartTime=since,
        EventEndTime=datetime.now(UTC) + timedelta(seconds=1),
        Destination={"Arn": bus},
    )
    until(lambda: events.describe_replay(ReplayName=name)["State"], lambda state: state == "COMPLETED")


def timeline(deployed: Deployed, order_id: str) -> list[tuple[str, str]]:
    """What tracking keeps of an order: each event's id and type, in order."""
    found = rows(deployed, "tracking")
    return [
        (str(row["event_id"]), str(row["type"]))
        for (pk, sk), row in sorted(found.items())
        if pk == f"ORDER#{order_id}" and sk.startswith("EVENT#")
    ]


def remove(deployed: Deployed, stack: str) -> None:
    cloudformation = deployed.platform.aws.client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )


def concerning(deployed: Deployed, service: str, orders: set[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows that name one of the orders. Others may change by themselves: other tests leave orders behind."""
    found = rows(deployed, service)
    return {key: row for key, row in found.items() if any(order in f"{key} {row}" for order in orders)}


def sent_without_an_alert(deployed: Deployed) -> set[str]:
    """Messages that no alert knows, as the second of two would be."""
    known = {row.get("message_id") for row in rows(deployed, "notifications").values()}
    return taken(deployed.platform.cloud_url).keys() - known


async def report(deployed: Deployed, metres: float) -> None:
    """The driver goes on duty, and is soon some metres further east; dispatch hears of it by tracking."""
    async with flow.a_street(deployed.platform) as cast:
        await cast.driver.go_on_duty(ORIGIN)
        there = offset(ORIGIN, east=metres, north=0)
        await cast.driver.report([Fix(datetime.now(UTC), there, None, 0.0)])
        await asyncio.to_thread(until, lambda: positions(deployed), lambda found: there.lng in found)
        await cast.driver.go_off_duty()


def positions(deployed: Deployed) -> list[Any]:
    """The longitudes at which dispatch has drivers on duty; positions are rounded to about a metre."""
    found = rows(deployed, "dispatch").values()
    return [pytest.approx(float(row["position"]["lng"]), abs=1e-5) for row in found if row.get("on_duty")]


def test_a_stack_that_was_deleted_and_made_anew_catches_up_and_a_replay_does_nothing_twice(
    deployed: Deployed, tmp_path: Path
) -> None:
    began = datetime.now(UTC).replace(microsecond=0)  # as the bus counts: an event's time is in whole seconds
    gateway = int(deployed.platform.graphql_url.rpartition(":")[2].partition("/")[0])
    version = Changed(deployed, tmp_path, deployed.platform.time_scale)
    known, missed, fresh = (str(uuid4()) for _ in range(3))
    asyncio.run(flow.live(known, deployed.platform))
    asyncio.run(report(deployed, 300))
    settle(deployed)
    whole = timeline(deployed, known)
    assert whole

    try:
        remove(deployed, names.of("tracking"))
        # An order lives its whole life meanwhile, by the other services.
        asyncio.run(flow.live_untracked(missed, deployed.platform))
    finally:
        version.deploy(version.present, "tracking")
        assert loopback.ask(gateway, "POST", "/reload", timeout_s=30) is None
    # What happens from now on comes through its new queue, and dispatch believes what it says of drivers.
    asyncio.run(flow.live(fresh, deployed.platform))
    asyncio.run(report(deployed, 600))
    settle(deployed)
    assert timeline(deployed, known) == timeline(deployed, missed) == []  # its table is a new one

    orders = {known, missed, fresh}
    others = {service: concerning(deployed, service, orders) for service in ("orders", "dispatch", "notifications")}
    up_to_date, stray = concerning(deployed, "tracking", {fresh}), sent_without_an_alert(deployed)
    replay(deployed, began)
    settle(deployed)
    assert timeline(deployed, known) == whole
    assert {kind for _, kind in timeline(deployed, missed)} == {kind for _, kind in whole}
    assert rows(deployed, "tracking")[f"ORDER#{missed}", "TRACKING"]["status"] == "DELIVERED"
    assert concerning(deployed, "tracking", {fresh}) == up_to_date
    for service, before in others.items():
        assert concerning(deployed, service, orders) == before, service
    assert sent_without_an_alert(deployed) == stray
