"""What the commands that look into a platform print, and how they end."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from typer.testing import CliRunner

from local.alerts import reading as alerts
from local.cli import app, main
from local.console import out
from local.environment import running
from local.failures import listing, queues
from local.failures import redrive as redriving
from local.failures.listing import Listed
from local.failures.reasons import Failure
from local.failures.redrive import Redriven
from local.trace import chain, reading
from tests.local.trace.told import ORDER, event, handled

FAILURE = Failure("orders-inbox", "0a1b2c3d-4e5f", "order.placed.v2", "newer [version]", "orders-inbox", 7_300)
SENT = alerts.Alert(
    at="2026-01-05T18:30:00.123Z",
    order_id=ORDER,
    event_id="event-1",
    recipient_id="customer-1",
    audience="CUSTOMER",
    channel="SMS",
    template="order_cancelled",
    state="SENT",
    message_id="message-1",
    to="+1••••••••23",
    text="Your order was cancelled.",
)
UNWANTED = alerts.Alert(**vars(SENT) | {"state": "SUPPRESSED", "reason": "OPTED_OUT", "text": None, "to": None})


class Anything:
    """A cloud that is asked nothing: what asks it is replaced."""

    def client(self, _service: str) -> None:
        return None


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on a platform that is up; its exit code and what it printed."""
    clouds: list[bool] = []

    def cloud(*, on_aws: bool) -> Anything:
        clouds.append(on_aws)
        return Anything()

    monkeypatch.setattr(running, "cloud", cloud)
    monkeypatch.setattr(out, "width", 200)

    def command(*arguments: str) -> tuple[int, str]:
        ended = CliRunner().invoke(app, list(arguments))
        if clouds:
            assert clouds.pop() is ("--aws" in arguments)
        return ended.exit_code, ended.output

    return command


def the_trace(*_: Any, since: float) -> reading.Trace:
    caused = event("confirmed", "order.confirmed", second=3, cause="placed")
    lines = [chain.LogLine(0, handled("placed", "tracking-inbox", "failed", reason="ValueError('[red]')"))]
    return reading.Trace(ORDER, tuple(chain.chain([event("placed", "order.placed", second=1), caused], lines)))


@pytest.mark.parametrize("where", [[], ["--aws"]])
def test_a_trace_is_a_tree_with_what_each_consumer_did(
    run: Run, monkeypatch: pytest.MonkeyPatch, where: list[str]
) -> None:
    monkeypatch.setattr(reading, "trace", the_trace)
    code, text = run("trace", ORDER, *where)
    assert code == 0
    lines = [line.lstrip(" │├└─") for line in text.splitlines()]
    assert lines[0] == f"order {ORDER}  2 events in 2.0 s"
    assert lines[1] == "request 1"
    assert lines[2].startswith("18:30:01.000    +0.000 s  order.placed.v1  orders #1")
    assert lines[3].startswith("→ tracking-inbox failed (ValueError('[red]'))")
    assert lines[4].startswith("18:30:03.000    +2.000 s  order.confirmed.v1  orders #1")


def test_a_trace_as_json_names_each_events_cause(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "trace", the_trace)
    code, text = run("trace", ORDER, "--json")
    steps = json.loads(text)["steps"]
    assert code == 0
    assert [step["depth"] for step in steps] == [0, 1]
    assert steps[1]["caused_by"] == steps[0]["event_id"]
    assert steps[0]["reactions"][0]["outcome"] == "failed"


def test_alerts_are_those_that_went_out_and_all_if_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "of_order", lambda _aws, order_id: [SENT, UNWANTED] if order_id == ORDER else [])
    code, text = run("alerts", ORDER)
    assert code == 0
    assert "+1••••••••23" in text
    assert "Your order was cancelled." in text
    assert "1 sent, 1 not: see --all" in text
    assert [each["state"] for each in json.loads(run("alerts", ORDER, "--json")[1])] == ["SENT"]
    assert "OPTED_OUT" in run("alerts", ORDER, "--all")[1]


def test_the_latest_alerts_of_all_orders(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "latest", lambda _aws, count, *, days, now: [SENT] * count)
    assert "3 sent" in run("alerts", "--last", "3", "--aws")[1]


def test_failures_are_counted_by_queue_and_explained(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Listed("orders-inbox", 1, (FAILURE,)), Listed("orders-outbox", 0, ())]
    monkeypatch.setattr(listing, "list_failures", lambda _aws, wanted: found[: len(wanted) or 2])
    code, text = run("failures", "list", "--aws")
    assert code == 0
    assert "newer [version]" in text
    assert "2 h" in text
    listed = json.loads(run("failures", "list", "--json")[1])
    assert [(each["queue"], each["count"]) for each in listed] == [("orders-inbox", 1), ("orders-outbox", 0)]
    assert listed[0]["failures"][0]["reason"] == "newer [version]"
    assert len(json.loads(run("failures", "list", "orders-inbox", "--json")[1])) == 1


@pytest.mark.parametrize(("left", "code"), [((), 0), ((FAILURE,), 1)])
def test_a_redrive_fails_if_something_is_left(
    run: Run, monkeypatch: pytest.MonkeyPatch, left: tuple[Failure, ...], code: int
) -> None:
    there = [queues.FailureQueue(f"delivery-{name}-failures", "url") for name in ("orders-inbox", "orders-outbox")]
    asked: list[list[str]] = []

    def redrive(_aws: Any, chosen: list[queues.FailureQueue], *, wait_s: float, progress: Any) -> list[Redriven]:
        asked.append([queue.consumer for queue in chosen])
        progress("orders-inbox", 1, 1)
        return [Redriven("orders-inbox", 1, left)]

    monkeypatch.setattr(queues, "find", lambda _sqs: there)
    monkeypatch.setattr(redriving, "redrive", redrive)
    assert run("failures", "redrive", "orders-inbox", "--json")[0] == code
    assert run("failures", "redrive", "--all")[0] == code
    assert asked == [["orders-inbox"], ["orders-inbox", "orders-outbox"]]


@pytest.mark.parametrize("arguments", [[], ["orders-inbox", "--all"]])
def test_a_redrive_wants_to_be_told_of_what(run: Run, arguments: list[str]) -> None:
    code, text = run("failures", "redrive", *arguments)
    assert code == 2
    assert "Name queues, or give --all." in text


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (NoCredentialsError(), "Unable to locate credentials"),
        (ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "ListQueues"), "not you"),
    ],
)
def test_what_aws_refuses_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], refusal: Exception, text: str
) -> None:
    def refused(*, on_aws: bool) -> None:
        raise refusal

    monkeypatch.setattr(running, "cloud", refused)
    with pytest.raises(SystemExit) as ended:
        main(["failures", "list", "--aws"])
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert text in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_any_other_error_is_one_of_the_program_and_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*, on_aws: bool) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(running, "cloud", broken)
    with pytest.raises(ZeroDivisionError):
        main(["failures", "list"])
