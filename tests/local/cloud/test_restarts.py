"""What survives the end of the local cloud's process, orderly or not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.cloud.settings import bare_python
from tests.local.cloud.process import Cloud
from tests.local.cloud.resources import Queue, Table, eventually, function, noted

pytestmark = pytest.mark.local_cloud

NOTE_IDS = """
import json, os

def handler(event, context):
    with open(os.environ["NOTES"], "a") as notes:
        for record in event["Records"]:
            notes.write(json.dumps(record["dynamodb"]["Keys"]["id"]["S"]) + "\\n")
"""


@pytest.fixture
def cloud(cloud: Cloud, tmp_path: Path) -> Iterator[Cloud]:
    """One that the test may end. It starts sooner with the functions' interpreter of the other one."""
    own = Cloud(tmp_path / "state", bare_python(cloud.state_dir))
    own.start()
    yield own
    own.stop()


def saved(cloud: Cloud, service: str) -> str:
    """What is on disk of a service's state."""
    file = cloud.state_dir / "services" / f"{service}.json"
    return file.read_text() if file.exists() else ""


def test_state_and_streams_survive_kill_9(cloud: Cloud, name: str, notes: Path) -> None:
    """AWS: what was acknowledged stays, and an event source mapping goes on where it was."""
    table, queue = Table(cloud.aws, name), Queue(cloud.aws, name)
    function(cloud.aws, name, NOTE_IDS, notes)
    mapping = {"FunctionName": name, "EventSourceArn": table.stream_arn, "StartingPosition": "TRIM_HORIZON"}
    cloud.aws.client("lambda").create_event_source_mapping(**mapping)
    sqs = cloud.aws.client("sqs")
    table.put(["before"])
    eventually(lambda: noted(notes))
    sqs.send_message(QueueUrl=queue.url, MessageBody="still here")
    eventually(lambda: "still here" in saved(cloud, "sqs") and "before" in saved(cloud, "dynamodb"))

    cloud.kill()
    cloud.start()

    assert queue.receive()["Body"] == "still here"
    table.put(["after"])
    eventually(lambda: "after" in noted(notes))
    assert table.ids() == {"before", "after"}


def test_an_orderly_stop_saves_the_last_moment(cloud: Cloud, name: str) -> None:
    """AWS: what was acknowledged stays. The messages that devices received stay, too."""
    table = Table(cloud.aws, name)
    sns = cloud.aws.client("sns")
    application = sns.create_platform_application(Name=name, Platform="GCM", Attributes={"PlatformCredential": "none"})[
        "PlatformApplicationArn"
    ]
    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="one")["EndpointArn"]
    sns.publish(TargetArn=endpoint, Message="hello")
    table.put(["last"])

    assert cloud.stop() == 0
    cloud.start()

    assert table.ids() == {"last"}
    records: dict[str, Any] = httpx.get(f"{cloud.url}/_ministack/sns/push-messages").json()["push_messages"]
    assert [record["Message"] for record in records[endpoint]] == ["hello"]


def test_a_record_that_keeps_failing_is_retried_after_a_restart(cloud: Cloud, name: str, notes: Path) -> None:
    """AWS: a shard's position moves past a batch only when it succeeded or was discarded."""
    source = (
        NOTE_IDS + "    if not os.path.exists(os.environ['NOTES'] + '.ok'):\n        raise RuntimeError('not yet')\n"
    )
    table = Table(cloud.aws, name)
    function(cloud.aws, name, source, notes)
    mapping = {"FunctionName": name, "EventSourceArn": table.stream_arn, "StartingPosition": "TRIM_HORIZON"}
    cloud.aws.client("lambda").create_event_source_mapping(**mapping)
    table.put(["first", "second"])
    eventually(lambda: noted(notes))

    cloud.stop()
    tried = len(noted(notes))
    Path(f"{notes}.ok").touch()
    cloud.start()

    eventually(lambda: "second" in noted(notes)[tried:])
    assert "first" in noted(notes)[tried:]
    assert json.loads(saved(cloud, "dynamodb"))
