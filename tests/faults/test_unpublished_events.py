"""A change whose event cannot be published waits in the failure queue, and publishes the same event once redriven."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from local.simulator.accounts import Account
from tests.faults.cloud import Cloud, until

pytestmark = pytest.mark.local_cloud

OUTBOX = "notifications-outbox"


def opt_out(cloud: Cloud) -> Account:
    """Somebody new who wants no more alerts: one change that makes one event, which nobody acts on."""
    account = cloud.account(f"faults-{uuid4()}", "customer")
    answer = cloud.ask(account.token, {"query": "mutation { optOut(channels: [SMS]) { optedOut } }"})
    assert "errors" not in answer
    return account


@contextmanager
def without_bus(cloud: Cloud) -> Iterator[None]:
    """The outbox is set to a bus that is not there, and gives up on a change as soon as it has failed."""
    functions, name = cloud.client("lambda"), f"delivery-{OUTBOX}"
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    broken = variables | {"BUS_NAME": "no-such-bus", "GIVE_UP_AFTER": "0"}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": broken})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def test_what_could_not_be_published_is_parked_and_published_once_redriven(cloud: Cloud) -> None:
    with without_bus(cloud):
        account = opt_out(cloud)
        failures = until(lambda: cloud.failures(OUTBOX), bool)
        assert str(failures[0].reason).startswith("gave up after")
        code, redriven = cloud.redrive(OUTBOX)  # the bus is still missing: nothing is lost, and the reason stays
        assert (code, redriven["redriven"]) == (1, 0)
        assert redriven["left"][0]["reason"].startswith("gave up after")
        assert cloud.published(account.id) == []

    code, redriven = cloud.redrive(OUTBOX)
    assert (code, redriven["left"]) == (0, [])
    (event,) = until(lambda: cloud.published(account.id), bool)
    assert event["type"] == "contact.opted_out"
    assert cloud.failures(OUTBOX) == []


def test_a_change_that_was_published_already_publishes_the_same_event_again(cloud: Cloud) -> None:
    account = opt_out(cloud)
    (event,) = until(lambda: cloud.published(account.id), bool)
    (record,) = [r for r in stream(cloud) if account.id in json.dumps(r["dynamodb"]["Keys"])]
    at = record["dynamodb"]["ApproximateCreationDateTime"].timestamp()
    record["dynamodb"]["ApproximateCreationDateTime"] = at
    cloud.park(OUTBOX, json.dumps(record))
    assert cloud.redrive(OUTBOX)[0] == 0
    assert until(lambda: cloud.published(account.id), lambda found: len(found) == 2) == [event, event]


def test_a_batch_that_the_stream_gave_up_is_read_from_the_stream_and_published(cloud: Cloud) -> None:
    account = opt_out(cloud)
    (event,) = until(lambda: cloud.published(account.id), bool)
    (record,) = [r for r in stream(cloud) if account.id in json.dumps(r["dynamodb"]["Keys"])]
    cloud.park(OUTBOX, json.dumps(pointer(cloud, record)))
    (failure,) = cloud.failures(OUTBOX)
    assert failure.reason == "RetryAttemptsExhausted after 21 attempts"
    assert cloud.redrive(OUTBOX)[0] == 0
    assert until(lambda: cloud.published(account.id), lambda found: len(found) == 2) == [event, event]


def pointer(cloud: Cloud, record: dict[str, Any]) -> dict[str, Any]:
    """What Lambda sends to the failure destination when it gives up the record."""
    arn, shard = place(cloud)
    number = record["dynamodb"]["SequenceNumber"]
    return {
        "requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 21},
        "DDBStreamBatchInfo": {
            "shardId": shard,
            "startSequenceNumber": number,
            "endSequenceNumber": number,
            "batchSize": 1,
            "streamArn": arn,
        },
    }


def place(cloud: Cloud) -> tuple[str, str]:
    """The table's stream and its shard; the local cloud has one."""
    streams = cloud.client("dynamodbstreams")
    (found,) = streams.list_streams(TableName="delivery-notifications")["Streams"]
    description = streams.describe_stream(StreamArn=found["StreamArn"])["StreamDescription"]
    return found["StreamArn"], description["Shards"][0]["ShardId"]


def stream(cloud: Cloud) -> list[dict[str, Any]]:
    """Everything in the stream."""
    streams = cloud.client("dynamodbstreams")
    arn, shard = place(cloud)
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    found: list[dict[str, Any]] = []
    while records := (page := streams.get_records(ShardIterator=iterator["ShardIterator"]))["Records"]:
        found += records
        iterator = {"ShardIterator": page["NextShardIterator"]}
    return found
