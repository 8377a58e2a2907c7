"""What a partner's file makes: a rule, a queue and a function of its own, and no more rights than it takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra import names, partner_files
from tests.infra.templates import PARTNERS, Json, Platform, Resource, listed, points_at, synthesise
from tests.infra.test_permissions import texts

ALL = {partner.name: partner for partner in partner_files.read(PARTNERS)}
every_partner = pytest.mark.parametrize("name", ALL)


def one(platform: Platform, type_: str, property_: str, value: str) -> Resource:
    [found] = [each for each in platform.all(type_) if each.properties.get(property_) == value]
    return found


def courier(platform: Platform, name: str) -> Resource:
    return one(platform, "AWS::Lambda::Function", "FunctionName", names.of("partners", name))


def granted(platform: Platform, function: Resource) -> dict[str, list[str]]:
    """The resources of each action that a function's role may do, as texts."""
    role = points_at(function.properties["Role"])
    found: dict[str, list[str]] = {}
    for policy, statement in platform.statements("AWS::IAM::Policy"):
        if policy.stack == function.stack and role in map(points_at, policy.properties["Roles"]):
            for action in listed(statement["Action"]):
                found.setdefault(action, []).extend(map(texts, listed(statement["Resource"])))
    return found


@every_partner
def test_a_partner_is_sent_events_of_its_own_merchants_and_of_no_others(prod: Platform, name: str) -> None:
    rule = one(prod, "AWS::Events::Rule", "Name", names.of("partners", name))
    assert rule.properties["EventPattern"] == ALL[name].pattern
    assert rule.properties["EventPattern"]["detail"]["data"]["merchant_id"] == ALL[name].declared.merchants
    [target] = rule.properties["Targets"]
    said = target["InputTransformer"]
    assert said["InputTemplate"].startswith(f'{{"partner":"{name}"')
    assert set(said["InputPathsMap"].values()) == {"$.detail-type", "$.detail"}


@every_partner
def test_a_partner_has_a_queue_and_a_function_of_its_own(platform: Platform, name: str) -> None:
    queue = one(platform, "AWS::SQS::Queue", "QueueName", f"{names.of('partners', name)}.fifo")
    function = courier(platform, name)
    mappings = platform.all("AWS::Lambda::EventSourceMapping")
    fed = [each for each in mappings if points_at(each.properties["FunctionName"]) == function.id]
    assert [points_at(each.properties["EventSourceArn"]) for each in fed] == [queue.id]
    assert fed[0].properties["ScalingConfig"]["MaximumConcurrency"] >= 2


@every_partner
def test_no_more_is_sent_in_a_second_than_the_partner_wants(platform: Platform, name: str) -> None:
    function = courier(platform, name)
    [mapping] = [
        each
        for each in platform.all("AWS::Lambda::EventSourceMapping")
        if points_at(each.properties["FunctionName"]) == function.id
    ]
    connections = mapping.properties["ScalingConfig"]["MaximumConcurrency"]
    pace = float(function.properties["Environment"]["Variables"]["PACE_SECONDS"])
    assert connections / pace == pytest.approx(ALL[name].declared.max_per_second, rel=0.01)


def test_a_webhook_courier_reads_the_keys_of_its_partner_alone(prod: Platform) -> None:
    function = courier(prod, "acme")
    rights = granted(prod, function)
    assert [each.rpartition(":")[2] for each in rights["ssm:GetParameter"]] == ["parameter/delivery/partners/acme/keys"]
    variables = function.properties["Environment"]["Variables"]
    assert variables["ALLOW_PRIVATE"] == "false"
    assert variables["WEBHOOK_URL"] == "https://acme.example/deliveries?from=us"
    assert "whsec" not in json.dumps(prod.templates["delivery-partners"])
    assert not any("ssm:GetParameter" in granted(prod, courier(prod, other)) for other in ALL if other != "acme")


def test_private_receivers_are_allowed_on_a_laptop_alone(local: Platform) -> None:
    assert courier(local, "acme").properties["Environment"]["Variables"]["ALLOW_PRIVATE"] == "true"


def test_a_bus_courier_puts_events_on_its_partner_s_bus_alone(prod: Platform) -> None:
    rights = granted(prod, courier(prod, "fleet"))
    assert rights["events:PutEvents"] == [ALL["fleet"].declared.eventbridge]
    assert not any(action.startswith(("ssm:", "kms:")) for action in rights)


def test_a_partner_is_told_what_its_bus_must_allow_to_take_our_events(prod: Platform) -> None:
    """In another account, a role's right to put events counts only if the bus's own policy grants it, too. It names our
    account, so that it still holds when a deployment makes the role anew."""
    outputs = prod.templates["delivery-partners"]["Outputs"].items()
    [statement] = [json.loads(texts(output["Value"])) for name, output in outputs if name.endswith("BusPolicy")]
    assert statement == {
        "Sid": "DeliveryEvents",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:<AWS::Partition>:iam::<AWS::AccountId>:root"},
        "Action": "events:PutEvents",
        "Resource": ALL["fleet"].declared.eventbridge,
        "Condition": {"StringEquals": {"events:source": ["delivery.orders"]}},
    }


def test_what_is_not_taken_is_tried_less_and_less_often_over_three_days(prod: Platform) -> None:
    variables = courier(prod, "acme").properties["Environment"]["Variables"]
    waits = [float(each) for each in variables["RETRY_AFTER_SECONDS"].split(",")]
    assert waits == sorted(waits)
    assert 2.9 * 86_400 < sum(waits) < 3.1 * 86_400
    assert float(variables["DISABLE_AFTER_SECONDS"]) == 3 * 86_400


def test_a_queue_is_read_by_its_partner_s_account_alone_and_encrypted_with_a_key_that_it_may_use(
    prod: Platform,
) -> None:
    queue = one(prod, "AWS::SQS::Queue", "QueueName", "delivery-partners-acme-queue-for-partner.fifo")
    key = prod.pointed_at(queue.stack, queue.properties["KmsMasterKeyId"])
    assert key.properties["EnableKeyRotation"] is True
    allowed = [
        statement
        for policy, statement in prod.statements("AWS::SQS::QueuePolicy")
        if queue.id in map(points_at, policy.properties["Queues"]) and statement["Effect"] == "Allow"
    ]
    [reading] = allowed
    assert ":111122223333:root" in accounts(reading)
    assert "sqs:SendMessage" not in reading["Action"]
    foreign = [each for each in key.properties["KeyPolicy"]["Statement"] if ":111122223333:" in accounts(each)]
    assert [each["Action"] for each in foreign] == ["kms:Decrypt"]
    rights = granted(prod, courier(prod, "acme-queue"))
    assert rights["kms:GenerateDataKey"] == [f"<{key.id}>"]
    assert f"<{queue.id}>" in rights["sqs:SendMessage"]


def test_a_partner_is_told_where_its_queue_is_and_which_key_it_is_encrypted_with(prod: Platform) -> None:
    queue = one(prod, "AWS::SQS::Queue", "QueueName", "delivery-partners-acme-queue-for-partner.fifo")
    told = {name: points_at(each["Value"]) for name, each in prod.templates["delivery-partners"]["Outputs"].items()}
    assert told["AcmeQueueQueueUrl"] == told["AcmeQueueQueueArn"] == queue.id
    assert told["AcmeQueueKeyArn"] == points_at(queue.properties["KmsMasterKeyId"])


def accounts(statement: Json) -> str:
    principal: Any = statement["Principal"].get("AWS", "")
    return texts(principal)


@pytest.mark.usefixtures("_no_packages")
def test_nobody_is_sent_anything_on_aws_unless_a_file_says_so(tmp_path: Path) -> None:
    made = synthesise(tmp_path, stage="prod", service="partners", partners=str(partner_files.FOLDER))
    handlers = {each.properties["Handler"].split(".")[-2] for each in made.all("AWS::Lambda::Function")}
    assert handlers == {"inbox", "outbox", "replay", "sweep"}
    assert [each for each in made.all("AWS::Events::Rule") if "EventPattern" in each.properties] == []


@pytest.mark.usefixtures("_no_packages")
def test_a_bad_file_ends_the_synthesis_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(
        "merchants: [m]\nevents:\n  order.lost.v1: all\nwebhook: https://acme.example\n"
    )
    with pytest.raises(partner_files.PartnerFileError, match=r"acme.yaml:3: 'order.lost.v1' is no event for partners"):
        synthesise(tmp_path / "out", stage="prod", service="partners", partners=str(tmp_path))
