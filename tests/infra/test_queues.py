"""Every asynchronous path ends in a failure queue, every failure queue raises an alarm, and alarms tell operators."""

from datetime import timedelta
from typing import Any

import pytest

from infra import partner_files
from infra.names import OPERATORS
from services.partners.table import GONE_AFTER
from tests.infra.templates import PARTNERS, Platform, Resource, listed, names, points_at
from tests.infra.test_permissions import texts

DAY = 86_400
OPERATORS_ARN = f"arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:{OPERATORS}"


def is_failure_queue(queue: Resource) -> bool:
    return str(queue.properties["QueueName"]).removesuffix(".fifo").endswith("-failures")


def is_for_a_partner(queue: Resource) -> bool:
    """Whether a partner reads it, and no function of ours: see test_partners.py."""
    return str(queue.properties["QueueName"]).endswith("-for-partner.fifo")


def queues(platform: Platform, *, failures: bool) -> list[Resource]:
    ours = [queue for queue in platform.all("AWS::SQS::Queue") if not is_for_a_partner(queue)]
    found = [queue for queue in ours if is_failure_queue(queue) == failures]
    assert found
    return found


def mappings(platform: Platform, source: str) -> list[tuple[Resource, Resource]]:
    """Every event source mapping whose source is of this type, with that source."""
    return [
        (mapping, source_resource)
        for mapping in platform.all("AWS::Lambda::EventSourceMapping")
        if (source_resource := platform.pointed_at(mapping.stack, mapping.properties["EventSourceArn"])).type == source
    ]


def test_every_queue_has_a_failure_queue_of_its_own_kind(platform: Platform) -> None:
    for queue in queues(platform, failures=False):
        redrive = queue.properties["RedrivePolicy"]
        failures = platform.pointed_at(queue.stack, redrive["deadLetterTargetArn"])
        name, fifo, _ = str(queue.properties["QueueName"]).partition(".fifo")
        assert failures.properties["QueueName"] == f"{name}-failures{fifo}"
        assert failures.properties.get("FifoQueue") == queue.properties.get("FifoQueue")
        assert 2 <= redrive["maxReceiveCount"] <= 5


def test_queues_are_encrypted_with_keys_that_aws_services_can_use(platform: Platform) -> None:
    for queue in [*queues(platform, failures=False), *queues(platform, failures=True)]:
        assert queue.properties["SqsManagedSseEnabled"] is True, queue
        assert "KmsMasterKeyId" not in queue.properties, queue  # EventBridge and SNS could not write to it


def test_messages_wait_as_long_as_sqs_keeps_them(platform: Platform) -> None:
    for queue in platform.all("AWS::SQS::Queue"):
        assert queue.properties["MessageRetentionPeriod"] == 14 * DAY, queue
    assert timedelta(days=14) < GONE_AFTER  # when the sweep takes a partner's message for dropped


def test_what_failed_for_good_goes_nowhere_else(platform: Platform) -> None:
    for queue in queues(platform, failures=True):
        assert "RedrivePolicy" not in queue.properties, queue


def alarms(platform: Platform, metric: str) -> dict[str, dict[str, Any]]:
    """The alarms on one metric, by the queue that each watches."""
    watched: dict[str, dict[str, Any]] = {}
    for alarm in platform.all("AWS::CloudWatch::Alarm"):
        [dimension] = alarm.properties["Dimensions"]
        assert dimension["Name"] == "QueueName"
        assert alarm.properties["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm.properties["TreatMissingData"] == "notBreaching"
        if alarm.properties["MetricName"] == metric:
            watched[f"{alarm.stack}/{points_at(dimension['Value'])}"] = alarm.properties
    return watched


def test_every_failure_queue_has_an_alarm_at_its_first_message(platform: Platform) -> None:
    watched = alarms(platform, "ApproximateNumberOfMessagesVisible")
    assert sorted(watched) == names(queues(platform, failures=True))
    assert {each["Threshold"] for each in watched.values()} == {1}


def test_every_partner_s_queue_has_an_alarm_long_before_it_loses_what_the_partner_is_too_slow_for(
    platform: Platform,
) -> None:
    watched = alarms(platform, "ApproximateAgeOfOldestMessage")
    fifo = [queue for queue in queues(platform, failures=False) if queue.properties.get("FifoQueue")]
    assert sorted(watched) == names(queue for queue in fifo if queue.stack == "delivery-partners")
    assert len(watched) == len(partner_files.read(PARTNERS))
    assert {each["Threshold"] for each in watched.values()} == {DAY}


def test_every_alarm_tells_the_operators(platform: Platform) -> None:
    [topic] = [each for each in platform.all("AWS::SNS::Topic") if each.properties["TopicName"] == OPERATORS]
    assert topic.stack == "delivery-platform"
    found = platform.all("AWS::CloudWatch::Alarm")
    assert found
    for alarm in found:
        [action] = alarm.properties["AlarmActions"]
        assert texts(action) == OPERATORS_ARN, alarm
        assert alarm.properties.get("ActionsEnabled", True) is True
        assert alarm.properties["AlarmName"].startswith("delivery-")  # as the topic's policy asks for


def test_alarms_can_publish_to_the_operators_topic_and_nobody_else_can(platform: Platform) -> None:
    """Its policy replaces the one that SNS gives a topic, so what is not in it is refused."""
    [topic] = [each for each in platform.all("AWS::SNS::Topic") if each.properties["TopicName"] == OPERATORS]
    assert "KmsMasterKeyId" not in topic.properties  # AWS's own key lets no alarm in
    [allowed] = [
        statement
        for policy, statement in platform.statements("AWS::SNS::TopicPolicy")
        if topic.id in map(points_at, policy.properties["Topics"]) and policy.stack == topic.stack
        if statement["Effect"] == "Allow"
    ]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    of_alarms = "arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:delivery-*"
    assert texts(allowed["Condition"]["ArnLike"]["aws:SourceArn"]) == of_alarms


def test_a_queue_waits_for_its_consumer_before_it_delivers_again(platform: Platform) -> None:
    """Lambda asks for six times the function's timeout, for its own retries in between."""
    consumed = mappings(platform, "AWS::SQS::Queue")
    assert {str(queue) for _, queue in consumed} == set(names(queues(platform, failures=False)))
    for mapping, queue in consumed:
        function = platform.pointed_at(mapping.stack, mapping.properties["FunctionName"])
        assert queue.properties["VisibilityTimeout"] >= 6 * function.properties["Timeout"], queue
        assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], mapping


def test_a_poison_message_cannot_block_a_fifo_queue_for_long(platform: Platform) -> None:
    fifo = [pair for pair in mappings(platform, "AWS::SQS::Queue") if pair[1].properties.get("FifoQueue")]
    assert fifo
    for mapping, queue in fifo:
        assert mapping.properties["BatchSize"] == 1
        assert queue.properties["RedrivePolicy"]["maxReceiveCount"] <= 3


def test_a_sender_is_given_one_alert_at_a_time(platform: Platform) -> None:
    """A batch of slow ones would outlast the function, and those that were sent would be sent again."""
    sizes = {
        str(queue.properties["QueueName"]): mapping.properties["BatchSize"]
        for mapping, queue in mappings(platform, "AWS::SQS::Queue")
    }
    assert sizes["delivery-notifications-sms"] == sizes["delivery-notifications-push"] == 1


def test_every_stream_consumer_gives_up_in_order_and_tells_where(platform: Platform) -> None:
    streams = mappings(platform, "AWS::DynamoDB::Table")
    assert sorted(table.stack for _, table in streams) == sorted(
        table.stack for table in platform.all("AWS::DynamoDB::Table")
    )
    for mapping, _ in streams:
        properties = mapping.properties
        failures = platform.pointed_at(mapping.stack, properties["DestinationConfig"]["OnFailure"]["Destination"])
        assert is_failure_queue(failures)
        assert properties["BisectBatchOnFunctionError"] is True
        assert 1 <= properties["MaximumRetryAttempts"] <= 100  # -1, the default, blocks the shard for a day
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert properties["StartingPosition"] == "TRIM_HORIZON"  # LATEST loses what is written during a deployment


def test_a_consumer_can_park_what_it_cannot_read(platform: Platform) -> None:
    for mapping in platform.all("AWS::Lambda::EventSourceMapping"):
        function = platform.pointed_at(mapping.stack, mapping.properties["FunctionName"])
        variables = function.properties["Environment"]["Variables"]
        failures = platform.pointed_at(mapping.stack, variables["FAILURE_QUEUE_URL"])
        assert is_failure_queue(failures)
        role = points_at(function.properties["Role"])
        sends_to = {
            points_at(resource)
            for policy, statement in platform.statements("AWS::IAM::Policy")
            if role in map(points_at, policy.properties["Roles"]) and policy.stack == function.stack
            if "sqs:SendMessage" in statement["Action"]
            for resource in listed(statement["Resource"])
        }
        assert failures.id in sends_to


@pytest.mark.parametrize("kind", ["Allow", "Deny"])
def test_queues_take_messages_over_tls_and_from_named_senders_only(prod: Platform, kind: str) -> None:
    for policy, statement in prod.statements("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"):
        if statement["Effect"] != kind or (kind == "Allow" and "AWS" in statement["Principal"]):
            continue  # a partner's account is in test_partners.py
        if kind == "Allow" and statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}:
            continue  # alarms are above
        if kind == "Deny":
            assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}, policy
        else:
            assert statement["Principal"] in ({"Service": "events.amazonaws.com"}, {"Service": "sns.amazonaws.com"})
            sender = prod.pointed_at(policy.stack, statement["Condition"]["ArnEquals"]["aws:SourceArn"])
            assert sender.type in ("AWS::Events::Rule", "AWS::SNS::Topic"), policy


def test_every_queue_and_topic_refuses_plain_http(prod: Platform) -> None:
    refusing = {
        f"{policy.stack}/{points_at(resource)}"
        for policy, statement in prod.statements("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
        if statement["Effect"] == "Deny"
        for resource in listed(statement["Resource"])
    }
    assert refusing == set(names(prod.all("AWS::SQS::Queue", "AWS::SNS::Topic")))


def test_what_the_clock_calls_parks_the_call_it_fails_at(platform: Platform) -> None:
    """EventBridge calls a function without waiting for it: the target's own failure queue has lost calls alone."""
    called = [
        (platform.pointed_at(rule.stack, target["Arn"]), target)
        for rule in platform.all("AWS::Events::Rule")
        for target in rule.properties["Targets"]
        if "ScheduleExpression" in rule.properties
    ]
    assert called
    for function, target in called:
        assert function.type == "AWS::Lambda::Function"
        assert function.properties["DeadLetterConfig"]["TargetArn"] == target["DeadLetterConfig"]["Arn"]
