"""What the bus sends where, and what becomes of it if that fails."""

from importlib import import_module

import pytest
from delivery_events import CATALOG, EventData

from infra import names
from infra.app import SERVICES
from tests.infra.templates import Json, Platform, Resource, listed, points_at


def targets(platform: Platform) -> list[tuple[Resource, Json]]:
    """Every target of every rule."""
    return [(rule, target) for rule in platform.all("AWS::Events::Rule") for target in rule.properties["Targets"]]


def consumes(service: str) -> set[str]:
    """The detail types in CONSUMES of the module that the service's stack takes it from."""
    models: tuple[type[EventData], ...] = import_module(f"services.{service}.stack").CONSUMES
    return {model.detail_type() for model in models}


def allowed_senders(platform: Platform, queue: Resource) -> set[str]:
    """The logical ids of the rules that the queue's own policy lets in."""
    return {
        points_at(statement["Condition"]["ArnEquals"]["aws:SourceArn"])
        for policy, statement in platform.statements("AWS::SQS::QueuePolicy")
        if policy.stack == queue.stack and queue.id in map(points_at, policy.properties["Queues"])
        if statement["Effect"] == "Allow" and statement["Principal"] == {"Service": "events.amazonaws.com"}
        if "sqs:SendMessage" in listed(statement["Action"])
    }


def test_a_target_that_fails_is_tried_again_and_then_parked(platform: Platform) -> None:
    assert targets(platform)
    for rule, target in targets(platform):
        failures = platform.pointed_at(rule.stack, target["DeadLetterConfig"]["Arn"])
        assert str(failures.properties["QueueName"]).endswith("-failures"), rule
        assert target["RetryPolicy"]["MaximumRetryAttempts"] >= 1, rule
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] >= 60, rule


def test_a_rule_may_send_to_its_queues_and_no_other_rule_may(platform: Platform) -> None:
    meant: dict[str, set[str]] = {}
    for rule, target in targets(platform):
        for arn in (target["Arn"], target["DeadLetterConfig"]["Arn"]):
            if "Fn::Join" in arn:
                continue  # the event log, whose ARN is written out
            queue = platform.pointed_at(rule.stack, arn)
            if queue.type == "AWS::SQS::Queue":
                meant.setdefault(str(queue), set()).add(rule.id)
    for queue in platform.all("AWS::SQS::Queue"):
        assert allowed_senders(platform, queue) == meant.get(str(queue), set()), queue


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_sent_exactly_the_events_that_it_consumes(prod: Platform, service: str) -> None:
    rules = [
        rule
        for rule in prod.all("AWS::Events::Rule")
        if rule.stack == names.of(service) and "EventPattern" in rule.properties
    ]
    sent: set[str] = set()
    for rule in rules:
        assert rule.properties["EventBusName"] == names.BUS
        types = rule.properties["EventPattern"]["detail-type"]
        assert {CATALOG[each].SOURCE for each in types} == set(rule.properties["EventPattern"]["source"]), rule
        inbox = prod.pointed_at(rule.stack, rule.properties["Targets"][0]["Arn"])
        assert inbox.properties["QueueName"] == names.of(service, "inbox")
        sent |= set(types)
    if service == "partners":  # can be sent more than its partners of today ask for
        assert sent < consumes(service)
    else:
        assert sent == consumes(service)


def test_no_service_is_sent_its_own_events(prod: Platform) -> None:
    for rule in prod.all("AWS::Events::Rule"):
        pattern = rule.properties.get("EventPattern", {})
        own = rule.stack.replace(names.PREFIX, "delivery.")
        assert own not in pattern.get("source", []), rule


def test_every_event_is_archived_and_logged(prod: Platform) -> None:
    [archive] = prod.all("AWS::Events::Archive")
    log = prod.one("delivery-platform", "LogEvents")
    every_source = {"source": [{"prefix": "delivery."}]}
    assert archive.properties["EventPattern"] == log.properties["EventPattern"] == every_source
    assert all(model.SOURCE.startswith("delivery.") for model in CATALOG.values())
    assert archive.properties["RetentionDays"] >= 30


def test_topics_filter_by_channel_and_park_what_a_queue_refuses(platform: Platform) -> None:
    subscriptions = platform.all("AWS::SNS::Subscription")
    assert len(subscriptions) == 4  # both audiences by both channels
    for each in subscriptions:
        queue = platform.pointed_at(each.stack, each.properties["Endpoint"])
        [channel] = each.properties["FilterPolicy"]["channel"]
        assert queue.properties["QueueName"] == names.of("notifications", channel.lower())
        failures = platform.pointed_at(each.stack, each.properties["RedrivePolicy"]["deadLetterTargetArn"])
        assert failures.properties["QueueName"] == f"{queue.properties['QueueName']}-failures"
        assert each.properties["RawMessageDelivery"] is True
