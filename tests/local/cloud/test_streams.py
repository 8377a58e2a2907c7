"""DynamoDB streams as a function's event source: what AWS does when the function fails."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from local.aws import Aws
from tests.local.cloud.resources import Queue, Table, eventually, function, noted

pytestmark = pytest.mark.local_cloud

# Notes the ids of each batch. Fails for ids that begin with "bad", in the way that the test asks for.
HANDLER = """
import json, os

def handler(event, context):
    ids = [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]
    before = open(os.environ["NOTES"]).read().count("bad") if os.path.exists(os.environ["NOTES"]) else 0
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(json.dumps(ids) + "\\n")
    bad = [record for record in event["Records"] if record["dynamodb"]["Keys"]["id"]["S"].startswith("bad")]
    if bad and before < FAILURES:
        FAIL
"""
RAISE = "raise RuntimeError('bad')"
REPORT = 'return {"batchItemFailures": [{"itemIdentifier": bad[0]["dynamodb"]["SequenceNumber"]}]}'
ALWAYS = 1_000


def handler(fail: str, failures: int) -> str:
    return HANDLER.replace("FAILURES", str(failures)).replace("FAIL", fail)


def connect(aws: Aws, table: Table, name: str, source: str, notes: Path, **settings: Any) -> None:
    """Feeds the whole stream to a function: what is in the table by now comes as one batch."""
    function(aws, name, source, notes)
    aws.client("lambda").create_event_source_mapping(
        FunctionName=name, EventSourceArn=table.stream_arn, StartingPosition="TRIM_HORIZON", **settings
    )


def on_failure(queue: Queue) -> dict[str, Any]:
    return {"OnFailure": {"Destination": queue.arn}}


def test_a_failed_batch_is_retried_before_later_records(aws: Aws, name: str, notes: Path) -> None:
    """AWS: "Lambda retries the entire batch", and the shard waits until it succeeds or is discarded."""
    table = Table(aws, name)
    table.put(["a", "bad", "c", "d"])
    connect(aws, table, name, handler(RAISE, failures=2), notes, BatchSize=2)

    eventually(lambda: noted(notes)[-1:] == [["c", "d"]])
    assert noted(notes) == [["a", "bad"], ["a", "bad"], ["a", "bad"], ["c", "d"]]


def test_after_its_retries_a_batch_goes_to_the_failure_destination(aws: Aws, name: str, notes: Path) -> None:
    """AWS: MaximumRetryAttempts retries, then a pointer to the records goes to OnFailure, and the shard goes on."""
    table, failures = Table(aws, name), Queue(aws, name)
    table.put(["bad", "b"])
    source = handler(RAISE, failures=ALWAYS)
    connect(
        aws, table, name, source, notes, BatchSize=1, MaximumRetryAttempts=2, DestinationConfig=on_failure(failures)
    )

    pointer = json.loads(failures.receive()["Body"])
    eventually(lambda: noted(notes)[-1:] == [["b"]])
    assert noted(notes) == [["bad"], ["bad"], ["bad"], ["b"]]
    assert pointer["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert pointer["requestContext"]["approximateInvokeCount"] == 3
    assert pointer["DDBStreamBatchInfo"]["streamArn"] == table.stream_arn
    assert pointer["DDBStreamBatchInfo"]["batchSize"] == 1
    assert read(aws, pointer["DDBStreamBatchInfo"]) == ["bad"]


def read(aws: Aws, batch: dict[str, Any]) -> list[str]:
    """The ids of the records a pointer points at, as somebody who redrives them would read them."""
    start = {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": batch["startSequenceNumber"]}
    found = records(aws, batch["streamArn"], batch["shardId"], start)[: batch["batchSize"]]
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in found]


def records(aws: Aws, stream_arn: str, shard: str, start: dict[str, str]) -> list[dict[str, Any]]:
    streams = aws.client("dynamodbstreams")
    iterator = streams.get_shard_iterator(StreamArn=stream_arn, ShardId=shard, **start)["ShardIterator"]
    found: list[dict[str, Any]] = streams.get_records(ShardIterator=iterator)["Records"]
    return found


def test_a_bisected_batch_isolates_its_bad_record(aws: Aws, name: str, notes: Path) -> None:
    """AWS: BisectBatchOnFunctionError splits a failed batch in two; splitting does not use up the retries."""
    table, failures = Table(aws, name), Queue(aws, name)
    table.put(["a", "b", "bad", "d"])
    settings = {"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 0}
    source = handler(RAISE, failures=ALWAYS)
    connect(aws, table, name, source, notes, BatchSize=4, DestinationConfig=on_failure(failures), **settings)

    assert read(aws, json.loads(failures.receive()["Body"])["DDBStreamBatchInfo"]) == ["bad"]
    eventually(lambda: noted(notes)[-1:] == [["d"]])
    assert noted(notes) == [["a", "b", "bad", "d"], ["a", "b"], ["bad", "d"], ["bad"], ["d"]]


def test_a_reported_failure_is_resumed_at_the_failed_record(aws: Aws, name: str, notes: Path) -> None:
    """AWS: with ReportBatchItemFailures the lowest reported sequence number is the checkpoint to retry from."""
    table = Table(aws, name)
    table.put(["a", "b", "bad", "d"])
    source = handler(REPORT, failures=1)
    connect(aws, table, name, source, notes, BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"])

    eventually(lambda: len(noted(notes)) > 1)
    assert noted(notes) == [["a", "b", "bad", "d"], ["bad", "d"]]


def test_a_reported_failure_uses_up_the_retries_of_its_record(aws: Aws, name: str, notes: Path) -> None:
    """AWS: a record that keeps being reported is discarded like one that keeps raising."""
    table, failures = Table(aws, name), Queue(aws, name)
    table.put(["a", "bad"])
    settings = {"FunctionResponseTypes": ["ReportBatchItemFailures"], "MaximumRetryAttempts": 1}
    source = handler(REPORT, failures=ALWAYS)
    connect(aws, table, name, source, notes, BatchSize=10, DestinationConfig=on_failure(failures), **settings)

    assert read(aws, json.loads(failures.receive()["Body"])["DDBStreamBatchInfo"]) == ["bad"]
    assert noted(notes) == [["a", "bad"], ["bad"]]


ORDERED = """
import json, os

def handler(event, context):
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        with open(os.environ["NOTES"], "a") as notes:
            notes.write(json.dumps([image["id"]["S"], int(image["n"]["N"])]) + "\\n")
        flag = os.environ["NOTES"] + image["id"]["S"]
        if image["n"]["N"] == "2" and not os.path.exists(flag):
            open(flag, "w").close()
            raise RuntimeError("once for each item")
"""


def test_parallel_batches_keep_the_order_of_each_item(aws: Aws, name: str, notes: Path) -> None:
    """AWS: with a ParallelizationFactor records are still processed in order at the item level."""
    table = Table(aws, name)
    items = [f"item-{n}" for n in range(6)]
    for n in range(5):
        table.put(items, n=n)
    connect(aws, table, name, ORDERED, notes, BatchSize=3, ParallelizationFactor=4)

    eventually(lambda: {id_ for id_, n in noted(notes) if n == 4} == set(items))
    for item in items:
        first_seen = dict.fromkeys(n for id_, n in noted(notes) if id_ == item)
        assert list(first_seen) == [0, 1, 2, 3, 4]


def test_expired_items_leave_a_record_of_the_service(aws: Aws, name: str, notes: Path) -> None:
    """AWS: an item past its TTL is deleted, and its REMOVE record names the service as the one who did it."""
    table = Table(aws, name)
    table.expire_by("expires_at")
    now = int(time.time())
    table.put(["past"], expires_at=now - 10)
    table.put(["future"], expires_at=now + 3600)
    table.put(["ancient"], expires_at=now - 6 * 365 * 86_400)  # AWS leaves what expired more than five years ago
    note_removals = """
import json, os

def handler(event, context):
    with open(os.environ["NOTES"], "a") as notes:
        for record in event["Records"]:
            if record["eventName"] == "REMOVE":
                notes.write(json.dumps([record["dynamodb"]["OldImage"]["id"]["S"], record["userIdentity"]]) + "\\n")
"""
    connect(aws, table, name, note_removals, notes)

    removed = eventually(lambda: noted(notes))
    assert removed == [["past", {"type": "Service", "principalId": "dynamodb.amazonaws.com"}]]
    assert table.ids() == {"future", "ancient"}
    (shard,) = aws.client("dynamodbstreams").describe_stream(StreamArn=table.stream_arn)["StreamDescription"]["Shards"]
    read = records(aws, table.stream_arn, shard["ShardId"], {"ShardIteratorType": "TRIM_HORIZON"})
    (removal,) = (record for record in read if record["eventName"] == "REMOVE")  # perhaps before the later puts
    assert removal["userIdentity"] == {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
