"""Stream records as Lambda hands them to functions, read from the stream that a failure points into."""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

_INVOKED_WITH = 100  # records, as the functions' event source mappings have it
_MOST_EMPTY = 20  # reads of a shard that give nothing although there is more, before that is taken for its end


class Gone(Exception):  # noqa: N818 - it says what is the matter
    """The records are not in the stream any more; the text says why."""


def records_at(streams: Any, pointer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The records of a batch that Lambda gave up, oldest first; `pointer` is the DDBStreamBatchInfo it left.

    A shard that several invocations read at once has records of others in between. These come along: publishing them
    again makes the same events, and whoever has seen those ignores them. Raises Gone.
    """
    last = int(pointer["endSequenceNumber"])
    try:
        for record in _shard(streams, pointer):
            yield _for_lambda(record, pointer["streamArn"])
            if int(record["dynamodb"]["SequenceNumber"]) >= last:
                return
    except streams.exceptions.TrimmedDataAccessException:
        raise Gone("the stream keeps its records for 24 hours, and these are older") from None
    except streams.exceptions.ResourceNotFoundException:
        raise Gone("the table has another stream by now") from None
    raise Gone("the stream ends before the last of them")


def batches(records: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The records as they fit into an invocation each."""
    batch: list[dict[str, Any]] = []
    for record in records:
        batch.append(record)
        if len(batch) == _INVOKED_WITH:
            yield batch
            batch = []
    if batch:
        yield batch


def _shard(streams: Any, pointer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A shard's records from the pointer's first on."""
    iterator = streams.get_shard_iterator(
        StreamArn=pointer["streamArn"],
        ShardId=pointer["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=pointer["startSequenceNumber"],
    )["ShardIterator"]
    empty = 0
    while iterator and empty < _MOST_EMPTY:
        page = streams.get_records(ShardIterator=iterator)
        yield from page["Records"]
        empty = 0 if page["Records"] else empty + 1
        iterator = page.get("NextShardIterator")


def _for_lambda(record: Mapping[str, Any], stream_arn: str) -> dict[str, Any]:
    content: dict[str, Any] = _plain(record) | {"eventSourceARN": stream_arn}
    if identity := content.get("userIdentity"):  # who deleted it, if that was DynamoDB itself: written in another case
        content["userIdentity"] = {"principalId": identity["PrincipalId"], "type": identity["Type"]}
    return content


def _plain(value: Any) -> Any:
    """JSON has neither the times nor the bytes that boto3 makes of an answer."""
    match value:
        case datetime():
            return value.timestamp()
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
    return value
