"""What a partner installs: the wheel of the events, with pydantic and nothing else of the platform's."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from delivery_events import parse

from infra.packages.tools import find
from local.contracts import samples
from local.environment.workspace import ROOT
from services.partners.messages import document
from tests.events.test_public import FOR_PARTNERS

pytestmark = pytest.mark.package

_PARTNER = """
import importlib.util, json, sys
from delivery_events import CATALOG, UnknownEventType, UnsupportedVersion, parse, parse_public
from delivery_events.cloudevents import from_cloudevent, to_cloudevent

recorded, messages = json.load(sys.stdin)
for detail_type, details in recorded.items():
    for detail in details:
        event = parse(detail_type, json.dumps(detail))
        assert type(event.data) is CATALOG[detail_type]

for message in messages:
    event = parse_public(message["type"], json.dumps(message))
    again = from_cloudevent(to_cloudevent(event))
    assert (again.metadata, again.data) == (event.metadata, event.data)
    sent = message["metadata"] | message["data"]
    got = json.loads(event.model_dump_json(exclude_none=True))
    assert got["metadata"] | got["data"] == sent

later = recorded["order.ready.v1"][0]
later["data"]["added_later"] = {"bags": 2}
assert parse("order.ready.v1", later).data.added_later == {"bags": 2}
assert json.loads(parse("order.ready.v1", later).model_dump_json())["data"]["added_later"] == {"bags": 2}

said = []
for unknown, kind in (("order.teleported.v1", UnknownEventType), ("order.ready.v2", UnsupportedVersion)):
    try:
        parse(unknown, later)
    except kind as error:
        said.append(str(error))
assert not any(importlib.util.find_spec(name) for name in ("boto3", "botocore", "aws_lambda_powertools"))
read = {"types": len(recorded), "messages": len(messages)}
print(json.dumps(read | {"said": said, "from": sys.modules["delivery_events"].__file__}))
"""


def run(*command: str | Path, cwd: Path, given: str = "") -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pydantic_as_locked() -> str:
    """The lines of the lock that pydantic needs, hashes included: an environment like this one, but empty."""
    lock = (ROOT / "requirements" / "dev.txt").read_text()
    wanted = {"annotated-types", "pydantic", "pydantic-core", "typing-extensions", "typing-inspection"}
    entries = re.split(r"\n(?=\S)", lock)
    found = [entry for entry in entries if entry.partition("==")[0].partition("[")[0].lower() in wanted]
    assert len(found) == len(wanted)
    return "\n".join(found) + "\n"


def test_a_partner_installs_the_wheel_with_pydantic_alone_and_reads_every_event(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=ROOT / "events")
    [wheel] = tmp_path.glob("delivery_events-*.whl")
    python = tmp_path / "venv" / "bin" / "python"
    run(find("uv"), "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)
    (tmp_path / "requirements.txt").write_text(pydantic_as_locked())
    install = (find("uv"), "pip", "install", "--quiet", "--python", python)
    run(*install, "--require-hashes", "-r", tmp_path / "requirements.txt", cwd=tmp_path)
    run(*install, "--no-deps", "--no-index", wheel, cwd=tmp_path)
    run(find("uv"), "pip", "check", "--python", python, cwd=tmp_path)  # what the wheel says it needs is there

    recorded = samples.read(ROOT)
    messages = [document(parse(name, each)) for name in FOR_PARTNERS for each in recorded[name]]
    answer = json.loads(run(python, "-c", _PARTNER, cwd=tmp_path, given=json.dumps([recorded, messages])))
    assert answer["types"] == len(recorded) >= 30
    assert answer["messages"] >= len(FOR_PARTNERS) >= 20
    assert str(tmp_path) in answer["from"]
    unknown, unsupported = answer["said"]
    assert "no event type 'order.teleported.v1'; known are" in unknown
    assert unsupported == "order.ready is known in major version [1], not 2"
