"""What a running platform did since a moment, by its own traces: functions' logs, tables' streams, the event log."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra import names
from local.platform import Platform
from local.trace import log_lines

SERVICES = ("orders", "dispatch", "tracking", "notifications", "partners")
# Whose changes of state are parts of transactions, which makes them cost double; its drivers' positions are not.
IN_TRANSACTIONS = {"dispatch"}
BY_THE_CLOCK = "sweep"  # functions that run every minute whether or not there are orders
_REPORT = re.compile(r"^REPORT .*Billed Duration: (?P<ms>\d+) ms\tMemory Size: (?P<mb>\d+) MB")
_LINE_OVERHEAD = 26  # bytes that CloudWatch Logs adds to each line
_UNIT = 1024  # bytes of an item that a write unit is for
_Item = Mapping[str, Mapping[str, Any]]


@dataclass
class Usage:
    """writes, write_units: by table. pushes: by mutation. events: by type. messages: by queue. invocations: by
    function. gb_seconds: of memory while functions ran. log_bytes: of all log groups."""

    writes: Counter[str] = field(default_factory=Counter)
    write_units: Counter[str] = field(default_factory=Counter)
    pushes: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    invocations: Counter[str] = field(default_factory=Counter)
    gb_seconds: float = 0.0
    log_bytes: int = 0


def usage(platform: Platform, since: datetime) -> Usage:
    """From that moment until now."""
    found = Usage()
    for service in SERVICES:
        _count_writes(found, platform, service, since)
    _count_functions(found, platform.aws.client("logs"), since)
    _count_events(found, platform, since)
    return found


def _count_writes(found: Usage, platform: Platform, service: str, since: datetime) -> None:
    description = platform.aws.client("dynamodb").describe_table(TableName=names.of(service))["Table"]
    indexes = [
        tuple(key["AttributeName"] for key in index["KeySchema"])
        for index in description.get("GlobalSecondaryIndexes", ())
    ]
    for record in _records(platform.aws.client("dynamodbstreams"), description["LatestStreamArn"]):
        if record["ApproximateCreationDateTime"] >= since:
            found.writes[service] += 1
            old, new = record.get("OldImage"), record.get("NewImage")
            double = service in IN_TRANSACTIONS and (old or {}).get("sequence") != (new or {}).get("sequence")
            found.write_units[service] += write_units(old, new, indexes) * (1 + double)


def write_units(old: _Item | None, new: _Item | None, indexes: Iterable[tuple[str, ...]]) -> int:
    """What one write takes, its indexes' copies of the whole item included."""
    size = max(math.ceil(item_bytes(each) / _UNIT) for each in (old, new) if each)
    return size * (1 + sum(_moves(_key(old, index), _key(new, index)) for index in indexes))


def _key(item: _Item | None, index: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Where an index has an item; None if it has not."""
    return tuple(item[name] for name in index) if item and all(name in item for name in index) else None


def _moves(old: tuple[Any, ...] | None, new: tuple[Any, ...] | None) -> int:
    """How many writes an index needs: an entry under another key is put there, and deleted here."""
    return 1 if old == new and old else sum(each is not None for each in (old, new))


def item_bytes(item: _Item) -> int:
    """As DynamoDB counts: names and values, with a few bytes for each number and level."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "M":
            return 3 + item_bytes(content) + len(content)
        case "L":
            return 3 + sum(1 + _value_bytes(each) for each in content)
        case "SS":
            return sum(len(each.encode()) for each in content)
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 1
        case _:
            return 1


def _records(streams: Any, arn: str) -> Iterator[dict[str, Any]]:
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            yield from (record["dynamodb"] for record in page["Records"])
            iterator = page.get("NextShardIterator") if page["Records"] else None


def _count_functions(found: Usage, logs: Any, since: datetime) -> None:
    for group in logs.get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName"):
        name = group.rpartition("/")[2].removeprefix(names.PREFIX)
        if name.endswith(BY_THE_CLOCK):
            continue
        for line in log_lines.lines(logs, group, "", since.timestamp()):
            found.log_bytes += len(line["message"].encode()) + _LINE_OVERHEAD
            if report := _REPORT.match(line["message"]):
                found.invocations[name] += 1
                found.gb_seconds += int(report["ms"]) / 1000 * int(report["mb"]) / 1024
            elif '"message":"pushed"' in line["message"]:
                found.pushes[json.loads(line["message"])["mutation"]] += 1


def _count_events(found: Usage, platform: Platform, since: datetime) -> None:
    """And the queues that they went to; a message of any other queue is an invocation of its function."""
    queues: dict[str, list[str]] = {}
    events = platform.aws.client("events")
    for rule in events.list_rules(EventBusName=names.BUS)["Rules"]:
        wanted = json.loads(rule.get("EventPattern", "{}")).get("detail-type", [])
        targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=names.BUS)["Targets"]
        for kind in wanted:
            if isinstance(kind, str):
                queues.setdefault(kind, []).extend(each["Arn"].rpartition(":")[2] for each in targets)
    for _, event in log_lines.read(platform.aws.client("logs"), names.EVENT_LOG, "", since.timestamp()):
        kind = event["detail-type"]
        found.events[kind] += 1
        found.messages.update(queue.removeprefix(names.PREFIX) for queue in queues.get(kind, ()))
    for function, count in found.invocations.items():
        if function.endswith(("-rounds", "-timers", "-sms", "-push")):
            found.messages[function] += count
