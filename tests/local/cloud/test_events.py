"""EventBridge: what PutEvents takes, where events go, and what becomes of those that cannot be delivered."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from tests.local.cloud.resources import ACCOUNT_ARN, Queue, deploy, eventually, function, noted

pytestmark = pytest.mark.local_cloud


class Bus:
    """A bus with one rule, which matches every event of the source `test`."""

    def __init__(self, aws: Aws, name: str) -> None:
        self._events = aws.client("events")
        self.name = name
        self.arn = self._events.create_event_bus(Name=name)["EventBusArn"]
        self.rule_arn: str = self._events.put_rule(Name=name, EventBusName=name, EventPattern='{"source": ["test"]}')[
            "RuleArn"
        ]

    def deliver_to(self, arn: str, **settings: Any) -> None:
        self._events.put_targets(Rule=self.name, EventBusName=self.name, Targets=[{"Id": "1", "Arn": arn, **settings}])

    def entry(self, **changes: Any) -> dict[str, Any]:
        return {"EventBusName": self.name, "Source": "test", "DetailType": "tested", "Detail": '{"n": 1}', **changes}

    def put(self, *entries: dict[str, Any]) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = self._events.put_events(Entries=list(entries))["Entries"]
        return results


@pytest.fixture
def bus(aws: Aws, name: str) -> Bus:
    return Bus(aws, name)


def test_a_bad_entry_fails_alone(aws: Aws, bus: Bus, name: str) -> None:
    """AWS: "if an individual entry fails, EventBridge continues processing the rest"; each result is in its place."""
    queue = Queue(aws, name)
    bus.deliver_to(queue.arn)

    results = bus.put(bus.entry(Detail="[]"), bus.entry(Detail="{"), bus.entry(DetailType=""), bus.entry())

    assert [result.get("ErrorCode") for result in results] == [
        "MalformedDetail",
        "MalformedDetail",
        "InvalidArgument",
        None,
    ]
    assert json.loads(queue.receive()["Body"])["id"] == results[3]["EventId"]


def test_a_request_without_one_whole_entry_fails(bus: Bus) -> None:
    """AWS: "If none of the entries have each of these properties, EventBridge fails the entire request"."""
    with pytest.raises(ClientError, match="ValidationException"):
        bus.put(bus.entry(Source=""))


def test_a_request_may_have_less_than_a_megabyte(bus: Bus) -> None:
    """AWS: "the total entry size must be less than 1 MB", of all entries together."""
    half = json.dumps({"text": "x" * 500_000})
    assert "EventId" in bus.put(bus.entry(Detail=half), bus.entry(Detail=half))[1]
    with pytest.raises(ClientError, match="Total size of the entries"):
        bus.put(*[bus.entry(Detail=half)] * 3)


def test_an_event_has_the_time_of_its_entry(aws: Aws, bus: Bus, name: str) -> None:
    """AWS: Time is the time stamp of the event, and only without it that of the call."""
    queue = Queue(aws, name)
    bus.deliver_to(queue.arn)

    bus.put(bus.entry(Time=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)))

    assert json.loads(queue.receive()["Body"])["time"] == "2024-05-06T07:08:09Z"


def test_a_log_group_gets_the_event_as_json(aws: Aws, bus: Bus, name: str) -> None:
    """AWS: a log group is a target; each event becomes one log event, which FilterLogEvents finds by its text."""
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=f"/{name}")
    bus.deliver_to(f"arn:aws:logs:{ACCOUNT_ARN}:log-group:/{name}")

    (result,) = bus.put(bus.entry())

    pattern = f'"{result["EventId"]}"'
    (found,) = logs.filter_log_events(logGroupName=f"/{name}", filterPattern=pattern)["events"]
    event = json.loads(found["message"])
    assert (event["detail-type"], event["detail"]) == ("tested", {"n": 1})


@pytest.mark.parametrize(
    ("settings", "received"),
    [
        ({"Input": '{"always": true}'}, {"always": True}),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"kind": "$.detail-type", "number": "$.detail.n", "all": "$.detail"},
                    "InputTemplate": '{"kind": <kind>, "number": <number>, "all": <all>}',
                }
            },
            {"kind": "tested", "number": 1, "all": {"n": 1}},
        ),
    ],
    ids=["a constant", "a transformer"],
)
def test_a_target_gets_what_its_input_says_and_its_dead_letter_queue_the_event(
    aws: Aws, bus: Bus, name: str, settings: dict[str, Any], received: dict[str, Any]
) -> None:
    """AWS: Input is sent in place of the event; a transformer's values keep their types; dead letters are events."""
    queue, dead = Queue(aws, name), Queue(aws, f"{name}-dead")
    bus.deliver_to(queue.arn, **settings)
    bus.put(bus.entry())
    assert json.loads(queue.receive()["Body"]) == received

    bus.deliver_to(f"arn:aws:sqs:{ACCOUNT_ARN}:gone", DeadLetterConfig={"Arn": dead.arn}, **settings)
    bus.put(bus.entry())
    assert json.loads(dead.receive()["Body"])["detail-type"] == "tested"


def test_an_event_for_a_missing_queue_becomes_a_dead_letter(aws: Aws, bus: Bus, name: str) -> None:
    """AWS: a target that is gone is not retried: the event goes to the dead-letter queue with the reason."""
    dead = Queue(aws, name)
    gone = f"arn:aws:sqs:{ACCOUNT_ARN}:gone"
    bus.deliver_to(gone, DeadLetterConfig={"Arn": dead.arn})

    (result,) = bus.put(bus.entry())

    letter = dead.receive()
    assert json.loads(letter["Body"])["id"] == result["EventId"]
    attributes = {key: value["StringValue"] for key, value in letter["MessageAttributes"].items()}
    assert attributes.pop("ERROR_MESSAGE")
    assert attributes == {"RULE_ARN": bus.rule_arn, "TARGET_ARN": gone, "ERROR_CODE": "NO_RESOURCE"}


def test_an_event_for_a_queue_that_does_not_allow_it_becomes_a_dead_letter(aws: Aws, bus: Bus, name: str) -> None:
    """AWS: the queue's policy must let events.amazonaws.com send for this rule; without it there is no delivery."""
    other_rule = {"ArnEquals": {"aws:SourceArn": f"{bus.rule_arn}-other"}}
    allow = {"Principal": {"Service": "events.amazonaws.com"}, "Condition": other_rule}
    closed, dead = Queue(aws, f"{name}-closed", allow=allow), Queue(aws, name)
    bus.deliver_to(closed.arn, DeadLetterConfig={"Arn": dead.arn})

    bus.put(bus.entry())

    assert dead.receive()["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"


def test_a_function_that_fails_is_invoked_again(aws: Aws, bus: Bus, name: str, notes: Path) -> None:
    """AWS: EventBridge invokes asynchronously, and Lambda retries a failed asynchronous invocation up to twice."""
    source = """
import json, os

def handler(event, context):
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(json.dumps(event["id"]) + "\\n")
    if len(open(os.environ["NOTES"]).readlines()) < 2:
        raise RuntimeError("once")
"""
    bus.deliver_to(function(aws, name, source, notes))

    (result,) = bus.put(bus.entry())

    eventually(lambda: len(noted(notes)) == 2)
    assert noted(notes) == [result["EventId"]] * 2


def test_targets_that_would_get_nothing_are_refused(bus: Bus) -> None:
    """Not AWS, which delivers to them: better an error at deployment than events that vanish."""
    with pytest.raises(ClientError, match="delivers no events to kinesis"):
        bus.deliver_to(f"arn:aws:kinesis:{ACCOUNT_ARN}:stream/{bus.name}")


def test_templates_make_archives_whose_events_can_be_replayed(aws: Aws, bus: Bus, name: str) -> None:
    """AWS: AWS::Events::Archive keeps what matches its pattern; a replay sends it again, marked with `replay-name`."""
    queue = Queue(aws, name)
    archive = {"ArchiveName": name, "SourceArn": bus.arn, "EventPattern": {"source": ["test"]}, "RetentionDays": 1}
    deploy(aws, name, {"Archive": {"Type": "AWS::Events::Archive", "Properties": archive}})
    kept, _ = bus.put(bus.entry(), bus.entry(Source="another"))
    bus.deliver_to(queue.arn)

    now = datetime.now(UTC)
    aws.client("events").start_replay(
        ReplayName=name,
        EventSourceArn=f"arn:aws:events:{ACCOUNT_ARN}:archive/{name}",
        EventStartTime=now - timedelta(minutes=1),
        EventEndTime=now + timedelta(minutes=1),
        Destination={"Arn": bus.arn},
    )

    replayed = json.loads(queue.receive()["Body"])
    assert (replayed["id"], replayed["replay-name"]) == (kept["EventId"], name)


def test_a_template_changes_and_removes_its_archive(aws: Aws, bus: Bus, name: str) -> None:
    """AWS: a description changes without interruption, a property taken out of the template returns to its default."""
    events = aws.client("events")
    archive = {"ArchiveName": name, "SourceArn": bus.arn}
    before = {"Type": "AWS::Events::Archive", "Properties": archive | {"Description": "before", "RetentionDays": 9}}
    after = {"Type": "AWS::Events::Archive", "Properties": archive | {"Description": "after"}}

    deploy(aws, name, {"Archive": before})
    deploy(aws, name, {"Archive": after})
    changed = events.describe_archive(ArchiveName=name)
    aws.client("cloudformation").delete_stack(StackName=name)

    assert (changed["Description"], changed["RetentionDays"]) == ("after", 0)
    eventually(lambda: not events.list_archives(NamePrefix=name)["Archives"])


def test_unknown_resource_types_are_refused_before_anything_is_made(aws: Aws, name: str) -> None:
    """AWS: "Unrecognized resource types", and no stack."""
    resources = {"Queue": {"Type": "AWS::SQS::Queue"}, "Other": {"Type": "AWS::Events::Nothing"}}
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        deploy(aws, name, resources)
