"""Delivers one batch of stream records to its function: invoke, retry, split, discard to the failure destination.

The decisions are in `stream_retry`; the fill they belong to is `streams`.
"""

import json
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from ministack.services import lambda_svc

from local.cloud import api
from local.cloud.api import JsonObject
from local.cloud.stream_retry import (
    TOO_OLD,
    Batch,
    Discarded,
    Policy,
    Record,
    after_failure,
    first_failure,
    sequence_number,
    too_old,
)

_log = logging.getLogger(__name__)

SHARD = "shardId-00000000000000000000-00000000"  # MiniStack's streams have this one shard.

# AWS backs off for up to a minute; nobody should wait that long on a laptop to see a failure arrive.
_FIRST_RETRY_SECONDS = 0.1
_LAST_RETRY_SECONDS = 5.0


def deliver(mapping: JsonObject, records: Sequence[Record], live: Callable[[], bool]) -> bool:
    """Invokes the mapping's function until every record succeeded or was discarded.

    False if `live` said before that the mapping was disabled or deleted.
    """
    policy = Policy.of(mapping)
    todo = deque([Batch(records)])
    while todo:
        if not live():
            return False
        batch = todo.popleft()
        if old := too_old(batch, policy, time.time()):
            _discard(mapping, Discarded(Batch(batch.records[:old], batch.failures), TOO_OLD))
            if batch.records[old:]:
                todo.appendleft(Batch(batch.records[old:]))
            continue
        result = _invoke(mapping, batch)
        if result.get("throttle"):
            todo.appendleft(batch)
            time.sleep(_FIRST_RETRY_SECONDS)
            continue
        failed_at = first_failure(batch, result, policy)
        if failed_at is None:
            mapping["LastProcessingResult"] = "OK"
            continue
        mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
        following = after_failure(batch, failed_at, policy)
        if isinstance(following, Discarded):
            _discard(mapping, following)
            continue
        todo.extendleft(reversed(following))
        time.sleep(min(_FIRST_RETRY_SECONDS * 2**batch.failures, _LAST_RETRY_SECONDS))
    return True


def _invoke(mapping: JsonObject, batch: Batch) -> JsonObject:
    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None:
        return {"throttle": True}  # "unable to invoke the function": retried without using up the quota
    result: JsonObject = lambda_svc._execute_function(function, {"Records": list(batch.records)})
    return result


def _discard(mapping: JsonObject, discarded: Discarded) -> None:
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    _log.warning("%s: %s records for %s", discarded.condition, len(discarded.batch.records), mapping["FunctionName"])
    if not destination:
        return
    try:
        api.send(destination, json.dumps(_pointer(mapping, discarded)))
    except api.CallError as error:
        _log.error("failure destination %s: %s", destination, error)


def _pointer(mapping: JsonObject, discarded: Discarded) -> JsonObject:
    """What AWS sends to a failure destination: where the records are, not the records."""
    records = discarded.batch.records
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping["FunctionArn"],
            "condition": discarded.condition,
            "approximateInvokeCount": discarded.batch.failures,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "DDBStreamBatchInfo": {
            "shardId": SHARD,
            "startSequenceNumber": sequence_number(records[0]),
            "endSequenceNumber": sequence_number(records[-1]),
            "approximateArrivalOfFirstRecord": _arrival(records[0]),
            "approximateArrivalOfLastRecord": _arrival(records[-1]),
            "batchSize": len(records),
            "streamArn": mapping["EventSourceArn"],
        },
    }


def _arrival(record: Record) -> str:
    seconds = float(record["dynamodb"]["ApproximateCreationDateTime"])
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
