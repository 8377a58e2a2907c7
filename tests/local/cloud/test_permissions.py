"""IAM: what a role may do, where MiniStack alone would decide otherwise."""

import json

import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from tests.local.cloud.process import Cloud
from tests.local.cloud.resources import ACCOUNT_ARN, Queue, policy, role, session

pytestmark = pytest.mark.local_cloud

SOMEBODY = {"AWS": "*"}


def test_a_role_may_be_confined_to_one_event_source(aws: Aws, cloud: Cloud, name: str) -> None:
    """AWS: `events:source` is a condition key of PutEvents; a call with another source among its own is denied."""
    bus = aws.client("events").create_event_bus(Name=name)["EventBusArn"]
    arn = role(aws, name, {}, SOMEBODY)
    own_source = {"StringEquals": {"events:source": "delivery.orders"}}
    confined = policy({"Action": "events:PutEvents", "Resource": bus, "Condition": own_source})
    aws.client("iam").put_role_policy(RoleName=name, PolicyName="events", PolicyDocument=confined)
    events = session(aws, arn).client("events", endpoint_url=cloud.url)
    own = {"EventBusName": name, "Source": "delivery.orders", "DetailType": "x", "Detail": json.dumps({})}

    assert events.put_events(Entries=[own])["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="AccessDenied"):
        events.put_events(Entries=[own, own | {"Source": "delivery.dispatch"}])


def test_a_batch_needs_the_permission_of_a_single_message(aws: Aws, cloud: Cloud, name: str) -> None:
    """AWS: SendMessageBatch is allowed by sqs:SendMessage, and there is no other permission for it."""
    queue, other = Queue(aws, name), Queue(aws, f"{name}-other", allow={"Principal": {"Service": "sns.amazonaws.com"}})
    arn = role(aws, name, {"sqs:SendMessage": [queue.arn]}, SOMEBODY)
    sqs = session(aws, arn).client("sqs", endpoint_url=cloud.url)
    entries = [{"Id": "1", "MessageBody": "hello"}]

    assert sqs.send_message_batch(QueueUrl=queue.url, Entries=entries)["Successful"]
    with pytest.raises(ClientError, match="AccessDenied"):
        sqs.send_message_batch(QueueUrl=other.url, Entries=entries)


def test_a_policy_names_a_log_group_with_all_that_is_in_it(aws: Aws, cloud: Cloud, name: str) -> None:
    """AWS: the ARN of a log group ends with `:*` in policies."""
    for group in (name, f"{name}-other"):
        aws.client("logs").create_log_group(logGroupName=group)
    arn = role(aws, name, {"logs:FilterLogEvents": [f"arn:aws:logs:{ACCOUNT_ARN}:log-group:{name}:*"]}, SOMEBODY)
    logs = session(aws, arn).client("logs", endpoint_url=cloud.url)

    assert logs.filter_log_events(logGroupName=name)["events"] == []
    for denied in (lambda: logs.filter_log_events(logGroupName=f"{name}-other"), logs.describe_log_groups):
        with pytest.raises(ClientError, match="AccessDenied"):
            denied()
