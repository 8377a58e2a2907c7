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
    return all(queue.waiting + queue.in_flight == 0 for queue in queues if not queue.holds_failures)


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


def test_a_stack_that_was_deleted_and_made_anew_catches_up_and_a_replay_does_nothing_twice(
    deployed: Deployed, tmp_path: Path
) -> None:
    began = datetime.now(UTC)
    gateway = int(deployed.platform.graphql_url.rpartition(":")[2].partition("/")[0])
    version = Changed(deployed, tmp_path, deployed.platform.time_scale)
    known, missed = str(uuid4()), str(uuid4())
    asyncio.run(flow.live(known, deployed.platform))
    settle(deployed)
    whole = timeline(deployed, known)
    assert whole

    try:
        remove(deployed, names.of("tracking"))
        # An order lives its whole life meanwhile, by the other three services.
        asyncio.run(flow.live_untracked(missed, deployed.platform))
    finally:
        version.deploy("tracking", version.present)
        assert loopback.ask(gateway, "POST", "/reload", timeout_s=30) is None
    settle(deployed)
    assert timeline(deployed, known) == timeline(deployed, missed) == []  # its table is a new one

    others = {service: rows(deployed, service) for service in ("orders", "dispatch", "notifications")}
    messages = sorted(taken(deployed.platform.cloud_url))
    replay(deployed, began)
    settle(deployed)
    assert timeline(deployed, known) == whole
    assert {kind for _, kind in timeline(deployed, missed)} == {kind for _, kind in whole}
    assert rows(deployed, "tracking")[f"ORDER#{missed}", "TRACKING"]["status"] == "DELIVERED"
    for service, before in others.items():
        assert rows(deployed, service) == before, service
    assert sorted(taken(deployed.platform.cloud_url)) == messages

    again = rows(deployed, "tracking")
    replay(deployed, began)  # and once more, to one that has caught up
    settle(deployed)
    assert rows(deployed, "tracking") == again
