"""The handlers on moto: what they answer Lambda, and what they leave behind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from delivery_events.envelope import rfc3339

from services.dispatch import domain
from services.dispatch.queues import OfferExpiry, RoundAgain, Rounds
from services.dispatch.stack import WEIGHED
from services.dispatch.table import DispatchTable
from tests.accounts import Account, account
from tests.dispatch.conftest import INDEXES
from tests.dispatch.rows import (
    DELIVERY_ID,
    DRIVER,
    ZONE,
    Row,
    confirmed,
    driver,
    driver_offered,
    off_duty,
    offered,
    put,
    ready,
    searching,
)
from tests.lambdas import Function, delivered

HANDLERS = "services.dispatch.handlers"
WINDOW_S = 10
ROUND = {
    "TIME_SCALE": "1",
    "SPEED_MPS": "5",
    "OFFER_SECONDS": "45",
    "ANSWER_WITHIN_SECONDS": "20",
    "ROUND_EVERY_SECONDS": "30",
    "PLAN_WITHIN_SECONDS": "1",
    "FOUND_WITHIN_SECONDS": "1200",
    "CHOICE_SECONDS": "900",
    "PAY_CURRENCY": "USD",
    "PAY_BASE": "250",
    "PAY_PER_KM": "60",
    "PAY_PER_STOP": "75",
    **WEIGHED,
}


class Dispatch:
    """The service's queues and functions in one account."""

    def __init__(self, aws: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        self.aws = aws
        self.table = DispatchTable(aws.table)
        self.rounds = self._fifo("rounds.fifo")
        self.round_failures = self._fifo("rounds-failures.fifo")
        self.timers = aws.queue("timers")
        self._monkeypatch = monkeypatch

    def function(self, name: str, **environment: str) -> Function:
        given = {
            **self.aws.environment,
            "ROUNDS_QUEUE_URL": self.rounds,
            "TIMERS_QUEUE_URL": self.timers,
            "ROUND_WINDOW_SECONDS": str(WINDOW_S),
            **ROUND,
        }
        return Function(f"{HANDLERS}.{name}", given | environment, self._monkeypatch)

    def round(self, body: str) -> list[str]:
        """Let `rounds` handle the message that it takes out of its queue; the ids it wants again."""
        function = self.function("rounds", FAILURE_QUEUE_URL=self.round_failures)
        self.aws.sqs.send_message(
            QueueUrl=self.rounds, MessageBody=body, MessageGroupId="g", MessageDeduplicationId="d"
        )
        [message] = self.aws.waiting(self.rounds)
        return function.queued(message)

    def delivery(self, delivery_id: str = DELIVERY_ID) -> Row:
        row = self.table.delivery(delivery_id)
        assert row is not None
        return row

    def asked(self) -> list[str]:
        """The zones for which a round is asked."""
        return [message["Body"] for message in self.aws.waiting(self.rounds)]

    def running(self) -> int:
        """How many timers are set."""
        found = self.aws.sqs.get_queue_attributes(
            QueueUrl=self.timers, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
        )
        return int(found["Attributes"]["ApproximateNumberOfMessagesDelayed"])

    def _fifo(self, name: str) -> str:
        return self.aws.sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]


@pytest.fixture
def dispatch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dispatch]:
    with account("dispatch", INDEXES) as aws:
        yield Dispatch(aws, monkeypatch)


def throttled(*_args: Any, **_kwargs: Any) -> Any:
    raise ClientError({"Error": {"Code": "ThrottlingException"}}, "Query")


def ago(seconds: float) -> str:
    return rfc3339(datetime.now(UTC) - timedelta(seconds=seconds))


# -- outbox and inbox --------------------------------------------------------------------------------------------------


def test_a_new_delivery_is_published_and_a_round_is_asked_for(dispatch: Dispatch) -> None:
    assert dispatch.function("outbox").changes((None, searching())) == []
    [published] = dispatch.aws.published()
    assert (published["detail-type"], published["source"]) == ("delivery.requested.v1", "delivery.dispatch")
    assert dispatch.asked() == [f'{{"zone":"{ZONE}"}}']


def test_an_offer_starts_its_clock_and_a_driver_on_duty_gets_a_zone(dispatch: Dispatch) -> None:
    came = driver(zone_key=None, zone=None)
    put(dispatch.aws.table, came)
    expires_at = rfc3339(datetime.now(UTC) + timedelta(seconds=45))
    made = offered(offer=offered()["offer"] | {"expires_at": expires_at})
    assert dispatch.function("outbox").changes((searching(), made), (off_duty(sequence=1), came)) == []
    assert dispatch.running() == 1
    assert [row["driver_id"] for row in dispatch.table.drivers_in(ZONE)] == [DRIVER]


def test_a_driver_is_told_of_an_offer_and_operators_of_the_fleet(dispatch: Dispatch) -> None:
    outbox = dispatch.function("outbox")
    put(dispatch.aws.table, {"pk": "FLEET", "sk": "WATCH", "watched_until": "2999-01-01T00:00:00.000Z"})
    assert outbox.changes((searching(pin="0042"), offered(pin="0042"))) == []
    assert [mutation for mutation, _ in outbox.pushed] == ["publishOffer", "publishFleet"]
    assert "0042" not in str([*outbox.pushed, *dispatch.aws.published()])


def test_a_corrupt_row_is_parked_and_does_not_block_the_others(dispatch: Dispatch) -> None:
    assert dispatch.function("outbox").changes((None, offered()), (None, searching())) == []
    [(_, reason)] = dispatch.aws.parked()
    assert "no transition 'offer'" in reason
    assert [each["detail-type"] for each in dispatch.aws.published()] == ["delivery.requested.v1"]


def test_events_open_and_date_a_delivery_and_what_cannot_be_read_is_parked(dispatch: Dispatch) -> None:
    assert dispatch.function("inbox").messages(delivered(confirmed()), "no JSON", delivered(ready())) == []
    assert dispatch.delivery()["ready_at"] == "2026-01-05T18:48:00.000Z"
    assert [body for body, _ in dispatch.aws.parked()] == ["no JSON"]


# -- rounds ------------------------------------------------------------------------------------------------------------


def test_a_round_offers_what_it_can_and_asks_for_another_for_the_rest(dispatch: Dispatch) -> None:
    put(
        dispatch.aws.table,
        driver(),
        searching(searching_since=ago(5)),
        searching("second", merchant_id="merchant-2", pickup={"lat": 40.43, "lng": -80.0}, searching_since=ago(1)),
    )
    assert dispatch.round(f'{{"zone": "{ZONE}"}}') == []
    assert sorted(dispatch.delivery(each)["state"] for each in (DELIVERY_ID, "second")) == ["OFFERED", "SEARCHING"]
    assert dispatch.running() == 1


def test_a_round_that_leaves_nothing_open_asks_for_no_other(dispatch: Dispatch) -> None:
    put(dispatch.aws.table, driver(), searching(searching_since=ago(5)))
    assert dispatch.round(f'{{"zone": "{ZONE}"}}') == []
    assert dispatch.running() == 0


@pytest.mark.parametrize("body", ["no JSON", '{"area": "x"}'])
def test_a_round_of_no_zone_is_parked_with_the_reason_and_blocks_nothing(dispatch: Dispatch, body: str) -> None:
    assert dispatch.round(body) == []
    [parked] = dispatch.aws.waiting(dispatch.round_failures)
    assert parked["Body"] == body
    assert "validation error" in parked["MessageAttributes"]["reason"]["StringValue"]


def test_a_round_that_failed_is_tried_again_a_window_later(dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch) -> None:
    visible_in: list[str] = []
    monkeypatch.setattr(DispatchTable, "searching_in", throttled)
    monkeypatch.setattr(Rounds, "try_again_soon", lambda self, receipt: visible_in.append(receipt))
    [again] = dispatch.round(f'{{"zone": "{ZONE}"}}')
    assert again
    assert len(visible_in) == 1
    assert dispatch.aws.waiting(dispatch.round_failures) == []


def test_trying_again_soon_is_a_window_later_not_after_the_visibility_timeout(dispatch: Dispatch) -> None:
    sqs = dispatch.aws.sqs
    sqs.set_queue_attributes(QueueUrl=dispatch.rounds, Attributes={"VisibilityTimeout": "3600"})
    rounds = Rounds(sqs, dispatch.rounds, window_s=0)
    sqs.send_message(QueueUrl=rounds.url, MessageBody="x", MessageGroupId="g", MessageDeduplicationId="d")
    [message] = dispatch.aws.waiting(rounds.url)
    assert dispatch.aws.waiting(rounds.url) == []
    rounds.try_again_soon(message["ReceiptHandle"])
    assert [each["Body"] for each in dispatch.aws.waiting(rounds.url)] == ["x"]


# -- timers and sweep --------------------------------------------------------------------------------------------------


def test_timers_take_back_offers_and_ask_for_rounds_and_unreadable_ones_are_parked(dispatch: Dispatch) -> None:
    put(dispatch.aws.table, offered(), driver_offered())
    due = datetime.now(UTC) - timedelta(seconds=1)
    expiry = OfferExpiry(delivery_id=DELIVERY_ID, offer_id="offer-1", due=due)
    again = RoundAgain(zone=ZONE, due=due)
    timers = dispatch.function("timers")
    assert timers.messages('{"kind": "alarm"}', expiry.model_dump_json(), again.model_dump_json()) == []
    assert domain.state_of(dispatch.delivery()) == "SEARCHING"
    assert len(dispatch.asked()) == 1
    assert [body for body, _ in dispatch.aws.parked()] == ['{"kind": "alarm"}']


def test_only_the_timer_that_failed_rings_again(dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DispatchTable, "delivery", throttled)
    due = datetime.now(UTC) - timedelta(seconds=1)
    expiry = OfferExpiry(delivery_id=DELIVERY_ID, offer_id="offer-1", due=due)
    again = RoundAgain(zone=ZONE, due=due)
    assert dispatch.function("timers").messages(expiry.model_dump_json(), again.model_dump_json()) == ["0"]
    assert len(dispatch.asked()) == 1


def test_the_sweep_takes_back_what_lapsed_and_asks_for_rounds_where_there_is_a_search(dispatch: Dispatch) -> None:
    put(dispatch.aws.table, offered(), driver_offered(), searching("second"))
    dispatch.function("sweep").call()
    assert domain.state_of(dispatch.delivery()) == "SEARCHING"
    assert dispatch.asked() == [f'{{"zone":"{ZONE}"}}']
