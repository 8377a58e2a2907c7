"""Functions see what they see on AWS, and nothing of the machine that runs the local cloud."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from tests.local.cloud.resources import Queue, deploy, eventually, function, noted, package, role

pytestmark = pytest.mark.local_cloud

LOOK_AROUND = """
import importlib.util, os, sys

def handler(event, context):
    return {
        "found": [name for name in event["modules"] if importlib.util.find_spec(name)],
        "environment": dict(os.environ),
        "task": os.path.basename(__file__),
        "code": os.path.realpath(__file__),
    }
"""


@pytest.fixture
def seen(aws: Aws, name: str, notes: Path) -> dict[str, Any]:
    function(aws, name, LOOK_AROUND, notes)
    modules = ["json", "function", "boto3", "pydantic", "ministack", "local", "infra"]
    answer = aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"modules": modules}))
    content: dict[str, Any] = json.load(answer["Payload"])
    return content


def test_only_the_package_and_the_standard_library_can_be_imported(seen: dict[str, Any]) -> None:
    """AWS: a function finds its package and its runtime; what a package forgot is missing when it runs."""
    assert seen["found"] == ["json", "function"]


def test_the_environment_is_the_function_s_own(seen: dict[str, Any], notes: Path) -> None:
    """AWS: reserved variables, the function's own, and nothing of whoever deployed it."""
    environment = seen["environment"]
    assert environment["NOTES"] == str(notes)
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert environment["TZ"] == ":UTC"
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert not {"STATE_DIR", "PERSIST_STATE", "VIRTUAL_ENV", "PYTHONPATH", "HOME"} & environment.keys()


def test_functions_of_one_package_run_from_one_unpacked_copy(aws: Aws, name: str, notes: Path) -> None:
    """AWS: code is unpacked once and read-only; another package is another copy."""
    places = []
    for number, source in enumerate([LOOK_AROUND, LOOK_AROUND, LOOK_AROUND + "# changed"]):
        function(aws, f"{name}-{number}", source, notes)
        answer = aws.client("lambda").invoke(FunctionName=f"{name}-{number}", Payload=json.dumps({"modules": []}))
        places.append(json.load(answer["Payload"])["code"])
    assert places[0] == places[1] != places[2]


def test_a_copy_is_started_before_the_first_request_and_anew_when_the_code_changes(
    aws: Aws, name: str, notes: Path
) -> None:
    """AWS: Lambda may initialise an execution environment ahead of requests."""
    starting = "import os\nwith open(os.environ['NOTES'], 'a') as notes: print({!r}, file=notes)\ndef handler(*_): ..."
    function(aws, name, starting.format("first"), notes)
    eventually(lambda: (notes.exists() and notes.read_text() == "first\n") or None)
    aws.client("lambda").update_function_code(FunctionName=name, ZipFile=package(starting.format("second")))
    eventually(lambda: notes.read_text() == "first\nsecond\n" or None)


SLOW = """
import json, os, time

def handler(event, context):
    with open(os.environ["NOTES"], "a") as notes:
        print(json.dumps("begun"), file=notes)
    time.sleep(3)
    return {version}
"""


def test_a_copy_at_work_finishes_while_the_function_is_changed_and_the_next_request_meets_the_new_code(
    aws: Aws, name: str, notes: Path
) -> None:
    """AWS: until the update is complete, invocations are served with the earlier code; none is cut off."""
    function(aws, name, SLOW.replace("{version}", "1"), notes)
    with ThreadPoolExecutor() as pool:
        under_way = pool.submit(aws.client("lambda").invoke, FunctionName=name)
        eventually(lambda: noted(notes) == ["begun"] or None)
        changed = SLOW.replace("{version}", "2").replace("sleep(3)", "sleep(0)")
        aws.client("lambda").update_function_code(FunctionName=name, ZipFile=package(changed))
        assert json.load(aws.client("lambda").invoke(FunctionName=name)["Payload"]) == 2
        assert not under_way.done()
        answer = under_way.result()
    assert "FunctionError" not in answer
    assert json.load(answer["Payload"]) == 1


FAILING = """
def handler(event, context):
    raise RuntimeError("not today" + "!" * 2000)
"""


def test_an_event_that_a_function_fails_at_becomes_a_dead_letter_as_it_was(aws: Aws, name: str, notes: Path) -> None:
    """AWS: the dead-letter queue gets the event itself; attributes say what the error was, its first 1 KB."""
    dead = Queue(aws, name)
    function(aws, name, FAILING, notes, DeadLetterConfig={"TargetArn": dead.arn})

    aws.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps({"n": 1}))

    letter = dead.receive(within_seconds=20)
    assert json.loads(letter["Body"]) == {"n": 1}
    attributes = letter["MessageAttributes"]
    assert (attributes["ErrorCode"]["DataType"], attributes["ErrorCode"]["StringValue"]) == ("Number", "200")
    assert attributes["ErrorMessage"]["StringValue"] == "not today" + "!" * (1024 - len("not today"))
    assert str(UUID(attributes["RequestID"]["StringValue"])) == attributes["RequestID"]["StringValue"]


def test_a_template_says_where_dead_letters_go_and_may_take_it_back(aws: Aws, name: str) -> None:
    """AWS: DeadLetterConfig is updated without interruption."""
    dead = Queue(aws, name)
    properties = {
        "FunctionName": name,
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": role(aws, name, {"*": ["*"]}, {"Service": "lambda.amazonaws.com"}),
        "Code": {"ZipFile": FAILING},
    }
    to_queue = properties | {"DeadLetterConfig": {"TargetArn": dead.arn}}
    deploy(aws, name, {"Function": {"Type": "AWS::Lambda::Function", "Properties": to_queue}})
    aws.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps({"n": 2}))
    assert json.loads(dead.receive(within_seconds=20)["Body"]) == {"n": 2}

    deploy(aws, name, {"Function": {"Type": "AWS::Lambda::Function", "Properties": properties}})
    assert not aws.client("lambda").get_function_configuration(FunctionName=name).get("DeadLetterConfig")


def test_a_topic_as_dead_letter_target_is_refused(aws: Aws, name: str, notes: Path) -> None:
    """AWS sends to topics, too; the local cloud says that it does not."""
    topic = aws.client("sns").create_topic(Name=name)["TopicArn"]
    with pytest.raises(ClientError, match="sends dead letters to queues"):
        function(aws, name, FAILING, notes, DeadLetterConfig={"TargetArn": topic})
