"""StartMessageMoveTask, as Amazon SQS's API reference and its guide to dead-letter queue redrive have it."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from tests.local.cloud.process import Cloud
from tests.local.cloud.resources import ACCOUNT_ARN, Queue, eventually, role, session

pytestmark = pytest.mark.local_cloud

SOMEBODY = {"AWS": "*"}
OF_SOURCE = ("sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


@pytest.fixture
def dead(aws: Aws, name: str) -> Queue:
    return Queue(aws, f"{name}-dead")


@pytest.fixture
def origin(aws: Aws, name: str, dead: Queue) -> Queue:
    return Queue(aws, name, dead=dead)


def fail(aws: Aws, queue: Queue, dead: Queue) -> None:
    """Let the queue's one message be received and not handled, so that SQS moves it."""
    sqs = aws.client("sqs")
    sqs.receive_message(QueueUrl=queue.url, VisibilityTimeout=0)
    sqs.receive_message(QueueUrl=queue.url)
    assert dead.count() == 1


def test_what_failed_goes_back_to_where_it_failed(aws: Aws, origin: Queue, dead: Queue) -> None:
    origin.send("hello")
    fail(aws, origin, dead)
    assert aws.client("sqs").start_message_move_task(SourceArn=dead.arn)["TaskHandle"]
    message = origin.receive()
    assert message["Body"] == "hello"
    assert message["MessageAttributes"]["kind"]["StringValue"] == "test"
    assert dead.count() == 0


def test_a_message_that_was_sent_there_by_itself_needs_to_be_told_where_to(
    aws: Aws, origin: Queue, dead: Queue
) -> None:
    """AWS: CouldNotDetermineMessageSource; a custom destination is the way out."""
    sqs = aws.client("sqs")
    dead.send("parked")
    sqs.start_message_move_task(SourceArn=dead.arn)
    assert (dead.count(), origin.count()) == (1, 0)
    sqs.start_message_move_task(SourceArn=dead.arn, DestinationArn=origin.arn)
    assert origin.receive()["Body"] == "parked"
    assert dead.count() == 0


def test_all_that_lies_there_is_moved_but_for_what_somebody_looks_at(aws: Aws, origin: Queue, dead: Queue) -> None:
    sqs = aws.client("sqs")
    for number in range(26):
        dead.send(str(number))
    sqs.receive_message(QueueUrl=dead.url, VisibilityTimeout=30)
    sqs.start_message_move_task(SourceArn=dead.arn, DestinationArn=origin.arn)
    eventually(lambda: origin.count() == 25)
    assert dead.count() == 0


def refused(aws: Aws, **request: str) -> str:
    with pytest.raises(ClientError) as error:
        aws.client("sqs").start_message_move_task(**request)
    return str(error.value.response["Error"]["Code"])


def test_only_a_dead_letter_queue_is_a_source(aws: Aws, origin: Queue, dead: Queue) -> None:
    assert refused(aws, SourceArn=origin.arn) == "InvalidParameterValue"
    assert refused(aws, SourceArn=f"arn:aws:sqs:{ACCOUNT_ARN}:gone") == "ResourceNotFoundException"
    gone = f"arn:aws:sqs:{ACCOUNT_ARN}:gone"
    assert refused(aws, SourceArn=dead.arn, DestinationArn=gone) == "ResourceNotFoundException"


def test_queues_of_two_kinds_do_not_go_together(aws: Aws, origin: Queue, dead: Queue, name: str) -> None:
    del origin
    fifo = aws.client("sqs").create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = f"arn:aws:sqs:{ACCOUNT_ARN}:{fifo.rpartition('/')[2]}"
    assert refused(aws, SourceArn=dead.arn, DestinationArn=arn) == "InvalidParameterValue"


def test_one_task_at_a_time_is_enough_for_a_source(
    aws: Aws, origin: Queue, dead: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, where a task can be held up."""
    del aws, origin, dead
    from ministack.services import sqs

    from local.cloud import message_moves

    held = asyncio.Event()

    async def waiting(*_: Any) -> None:
        await held.wait()

    monkeypatch.setattr(message_moves, "_move", waiting)
    ends = [{"QueueName": "a-dead"}, {"QueueName": "a", "Attributes": {"RedrivePolicy": policy("a-dead")}}]

    async def twice() -> None:
        for each in ends:
            sqs._act_create_queue(each, "")
        request = {"SourceArn": f"arn:aws:sqs:{ACCOUNT_ARN}:a-dead"}
        message_moves._start(request, "")
        with pytest.raises(sqs._Err, match="already a task running"):
            message_moves._start(request, "")
        held.set()
        await asyncio.gather(*message_moves._running.values())
        await asyncio.sleep(0)
        message_moves._start(request, "")

    asyncio.run(twice())


def policy(dead: str) -> str:
    return f'{{"deadLetterTargetArn": "arn:aws:sqs:{ACCOUNT_ARN}:{dead}", "maxReceiveCount": 3}}'


@pytest.mark.parametrize("missing", [*OF_SOURCE, "sqs:SendMessage"])
def test_a_role_needs_every_permission(aws: Aws, cloud: Cloud, dead: Queue, name: str, missing: str) -> None:
    origin = Queue(aws, name, allow={"Principal": {"Service": "events.amazonaws.com"}}, dead=dead)
    dead.send("parked")
    wanted = {**{action: [dead.arn] for action in OF_SOURCE}, "sqs:SendMessage": [origin.arn]}
    start = asking(aws, cloud, f"{name}-some", {action: on for action, on in wanted.items() if action != missing})
    with pytest.raises(ClientError, match="AccessDenied"):
        start(SourceArn=dead.arn, DestinationArn=origin.arn)
    start = asking(aws, cloud, f"{name}-all", wanted)
    start(SourceArn=dead.arn, DestinationArn=origin.arn)
    assert origin.receive()["Body"] == "parked"


def asking(aws: Aws, cloud: Cloud, name: str, allowed: dict[str, list[str]]) -> Callable[..., Any]:
    taken = session(aws, role(aws, name[-60:], allowed, SOMEBODY))
    start: Callable[..., Any] = taken.client("sqs", endpoint_url=cloud.url).start_message_move_task
    return start
