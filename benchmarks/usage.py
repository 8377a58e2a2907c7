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
# Who writes rows together: several that one cause changed at one moment. A transaction's writes of a table cost double,
# those of its indexes do not.
IN_TRANSACTIONS = {"dispatch", "tracking"}
BY_THE_CLOCK = "sweep"  # functions that run every minute whether or not there are orders
_REPORT = re.compile(r"^REPORT .*Billed Duration: (?P<ms>\d+) ms\tMemory Size: (?P<mb>\d+) MB")
_LINE_OVERHEAD = 26  # bytes that CloudWatch Logs adds to each line
# What stage prod does not write: Lambda's own lines, and those for measuring (Stage.logging).
_NOT_IN_PROD = re.compile(r'^(START|END|REPORT) RequestId: |^\{"level":"DEBUG"')
_UNIT = 1024  # bytes of an item that a write unit is for
_Item = Mapping[str, Mapping[str, Any]]


@dataclass
class Usage:
    """writes, write_units: by table. pushes: by mutation. events: by type. messages: by queue. invocations: by
    function. gb_seconds: of memory while functions ran. log_bytes: of all log groups, as stage prod writes them."""

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


@dataclass(frozen=True)
class Index:
    """key: the attributes that say where an entry is. whole: it holds all of a row, not the keys alone."""

    key: tuple[str, ...]
    whole: bool = True

    def entry(self, item: _Item | None) -> _Item | None:
        """What it holds of an item; None if it does not have it."""
        if item is None or not all(name in item for name in self.key):
            return None
        return item if self.whole else {name: item[name] for name in ("pk", "sk", *self.key) if name in item}

    def units(self, old: _Item | None, new: _Item | None) -> int:
        """An entry that is the same as before is not written; one under another key is put there, and deleted here."""
        before, after = self.entry(old), self.entry(new)
        if before and after and all(before[name] == after[name] for name in self.key):
            return 0 if before == after else max(_units(before), _units(after))
        return sum(_units(each) for each in (before, after) if each)


def _count_writes(found: Usage, platform: Platform, service: str, since: datetime) -> None:
    description = platform.aws.client("dynamodb").describe_table(TableName=names.of(service))["Table"]
    indexes = [
        Index(
            tuple(key["AttributeName"] for key in index["KeySchema"]),
            whole=index["Projection"]["ProjectionType"] == "ALL",
        )
        for index in description.get("GlobalSecondaryIndexes", ())
    ]
    records = _records(platform.aws.client("dynamodbstreams"), description["LatestStreamArn"])
    changes = [
        (record.get("OldImage"), record.get("NewImage"))
        for record in records
        if record["ApproximateCreationDateTime"] >= since
    ]
    together = Counter(map(_step, changes)) if service in IN_TRANSACTIONS else Counter()
    found.writes[service] += len(changes)
    found.write_units[service] += sum(
        write_units(*change, indexes, together=_step(change) is not None and together[_step(change)] > 1)
        for change in changes
    )


def _step(change: tuple[_Item | None, _Item | None]) -> tuple[str, str] | None:
    """Cause and moment of a change of state; None of any other change."""
    old, new = change
    if new is None or "caused_by" not in new or (old or {}).get("sequence") == new.get("sequence"):
        return None
    return new["caused_by"]["S"], new["occurred_at"]["S"]


def write_units(old: _Item | None, new: _Item | None, indexes: Iterable[Index], *, together: bool = False) -> int:
    """What one write takes, of the table and of its indexes. together: it is part of a transaction."""
    size = max(_units(each) for each in (old, new) if each)
    return size * (1 + together) + sum(index.units(old, new) for index in indexes)


def _units(item: _Item) -> int:
    return math.ceil(item_bytes(item) / _UNIT)


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
            if not _NOT_IN_PROD.match(line["message"]):
                found.log_bytes += len(line["message"].encode()) + _LINE_OVERHEAD
            if report := _REPORT.match(line["message"]):
                found.invocations[name] += 1
                found.gb_seconds += int(report["ms"]) / 1000 * int(report["mb"]) / 1024
            elif '"message":"pushed"' in line["message"]:
                found.pushes[json.loads(line["message"])["mutation"]] += 1


def _count_events(found: Usage, platform: Platform, since: datetime) -> None:
    """And the queues that they went to; a message of any other queue is an invocation of its function."""
    events = platform.aws.client("events")
    queues = [
        (rule["EventPattern"], [each["Arn"].rpartition(":")[2].removeprefix(names.PREFIX) for each in targets])
        for rule in events.list_rules(EventBusName=names.BUS)["Rules"]
        if "detail-type" in rule.get("EventPattern", "")
        for targets in [events.list_targets_by_rule(Rule=rule["Name"], EventBusName=names.BUS)["Targets"]]
    ]
    for _, event in log_lines.read(platform.aws.client("logs"), names.EVENT_LOG, "", since.timestamp()):
        found.events[event["detail-type"]] += 1
        for pattern, targets in queues:
            if event["detail-type"] in pattern and _matches(events, pattern, event):
                found.messages.update(targets)
    for function, count in found.invocations.items():
        if function.endswith(("-rounds", "-timers", "-sms", "-push")):
            found.messages[function] += count


def _matches(events: Any, pattern: str, event: dict[str, Any]) -> bool:
    """Whether a rule sends the event on, by all that its pattern asks for."""
    return bool(events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"])
