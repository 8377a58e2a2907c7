"""What tests of the local cloud make in it, with the fewest settings that work."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import boto3

from local.aws import Aws

T = TypeVar("T")

ACCOUNT_ARN = "us-east-1:000000000000"


def eventually(ask: Callable[[], T | None], within_seconds: float = 30.0) -> T:
    """The first answer of `ask` that is not empty. Fails after `within_seconds`."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"nothing within {within_seconds} s")


class Queue:
    """A queue that anybody may send to, or only those whom `allow` names: a statement's Principal and Condition.
    `dead`: its dead-letter queue, for what was received once."""

    def __init__(
        self, aws: Aws, name: str, *, allow: dict[str, Any] | None = None, dead: "Queue | None" = None
    ) -> None:
        self._sqs = aws.client("sqs")
        self.arn = f"arn:aws:sqs:{ACCOUNT_ARN}:{name}"
        document = policy({"Action": "sqs:SendMessage", "Resource": self.arn, **(allow or {"Principal": "*"})})
        redrive = json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1}) if dead else ""
        attributes = {"Policy": document} | ({"RedrivePolicy": redrive} if dead else {})
        self.url: str = self._sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def send(self, body: str) -> None:
        kind = {"kind": {"DataType": "String", "StringValue": "test"}}
        self._sqs.send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=kind)

    def count(self) -> int:
        """Of the messages that may be received now."""
        name = "ApproximateNumberOfMessages"
        return int(self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=[name])["Attributes"][name])

    def receive(self, within_seconds: int = 10) -> dict[str, Any]:
        """The next message, removed from the queue."""
        answer = self._sqs.receive_message(
            QueueUrl=self.url, WaitTimeSeconds=within_seconds, MessageAttributeNames=["All"]
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        assert messages, f"no message within {within_seconds} s"
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=messages[0]["ReceiptHandle"])
        return messages[0]


class Table:
    """A table with a stream: key `id`, and `expires_at` for expiry."""

    def __init__(self, aws: Aws, name: str) -> None:
        self._dynamodb = aws.client("dynamodb")
        self.name = name
        made = self._dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        self.stream_arn: str = made["TableDescription"]["LatestStreamArn"]

    def put(self, ids: Iterable[str], **numbers: int) -> None:
        for id_ in ids:
            item = {"id": {"S": id_}} | {key: {"N": str(value)} for key, value in numbers.items()}
            self._dynamodb.put_item(TableName=self.name, Item=item)

    def expire_by(self, attribute: str) -> None:
        self._dynamodb.update_time_to_live(
            TableName=self.name, TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute}
        )

    def ids(self) -> set[str]:
        return {item["id"]["S"] for item in self._dynamodb.scan(TableName=self.name)["Items"]}


def role(aws: Aws, name: str, allowed: dict[str, list[str]], principal: dict[str, str]) -> str:
    """The ARN of a role that `principal` may take on, with the actions `allowed` on the resources beside them."""
    iam = aws.client("iam")
    trust = policy({"Principal": principal, "Action": "sts:AssumeRole"})
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    if allowed:
        document = policy(*[{"Action": action, "Resource": resources} for action, resources in allowed.items()])
        iam.put_role_policy(RoleName=name, PolicyName="allowed", PolicyDocument=document)
    return arn


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def session(aws: Aws, role_arn: str) -> Any:
    """A boto3 session of someone who has taken on the role."""
    taken = aws.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"]
    return boto3.Session(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"], "us-east-1")


def function(aws: Aws, name: str, source: str, notes: Path, **settings: Any) -> str:
    """The ARN of a Python function with `handler` in `source`, which may write to the file NOTES."""
    made = aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role(aws, name, {"*": ["*"]}, {"Service": "lambda.amazonaws.com"}),
        Handler="function.handler",
        Code={"ZipFile": package(source)},
        Timeout=30,
        Environment={"Variables": {"NOTES": str(notes)}},
        **settings,
    )
    arn: str = made["FunctionArn"]
    return arn


def package(source: str) -> bytes:
    """A function's code. It is of no date, so that equal sources make equal packages."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo("function.py"), source)
    return content.getvalue()


def noted(notes: Path) -> list[Any]:
    """What the function wrote so far."""
    return [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []


def deploy(aws: Aws, name: str, resources: dict[str, Any]) -> None:
    """Creates or updates the stack and waits until it is complete."""
    cloudformation = aws.client("cloudformation")
    exists = any(stack["StackName"] == name for stack in cloudformation.describe_stacks()["Stacks"])
    change = cloudformation.update_stack if exists else cloudformation.create_stack
    change(StackName=name, TemplateBody=json.dumps({"Resources": resources}), Capabilities=["CAPABILITY_IAM"])
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if not status.endswith("IN_PROGRESS"):
            assert status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
            return
        time.sleep(0.05)
    raise AssertionError(f"{name} is not complete")
