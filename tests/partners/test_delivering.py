"""What becomes of each event for a partner, whatever its receiver does. Time is virtual."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from services.partners.courier import LAST_START_S
from services.partners.domain import Answer, Result, Row, Schedule
from services.partners.messages import Turn
from tests.partners.fakes import GONE, REFUSED, TAKEN, World
from tests.partners.made import INDEXES, after, event, row
from tests.tables import moto_table

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def world() -> "Iterator[World]":
    with moto_table("delivery-partners", INDEXES) as table:
        yield World(table)


def ids(*sequences: int, order_id: str = "order-1") -> list[str]:
    return [str(event(sequence, order_id).metadata.event_id) for sequence in sequences]


def test_an_event_is_delivered_once_however_often_it_comes(world: World) -> None:
    for _ in range(3):
        world.intake.take("acme", event())
    world.work()
    world.intake.take("acme", event())  # out of the archive, say
    world.run(3600)
    assert world.receiver.event_ids == ids(1)
    assert (world.state(), world.row()["attempts"]) == ("DELIVERED", 1)


def test_a_turn_that_was_lost_is_queued_again_when_the_event_comes_again(world: World) -> None:
    world.intake.take("acme", event())
    world.queues.turns.clear()
    world.clock.pass_(301)
    world.intake.take("acme", event())
    world.work()
    assert world.receiver.event_ids == ids(1)


def test_what_waited_for_so_long_that_sqs_dropped_it_is_queued_once_more(world: World) -> None:
    for sequence in (1, 2):
        world.intake.take("acme", event(sequence))
    world.queues.turns.clear()  # after 14 days
    world.clock.pass_(14 * 86_400)
    assert world.sweep() == 0
    world.clock.pass_(86_400)
    assert world.sweep() == 2
    assert world.sweep() == 0
    world.work()
    assert world.receiver.event_ids == ids(1, 2)
    world.clock.pass_(16 * 86_400)
    assert world.sweep() == 0


def test_events_of_an_order_go_out_in_their_order_even_if_they_come_in_another(world: World) -> None:
    for sequence in (3, 1, 2):
        world.intake.take("acme", event(sequence))
    world.work()
    assert world.receiver.event_ids == ids(1, 2, 3)


def test_an_event_that_comes_after_a_later_one_was_delivered_is_still_delivered(world: World) -> None:
    world.intake.take("acme", event(2))
    world.work()
    world.intake.take("acme", event(1))
    world.work()
    assert world.receiver.event_ids == ids(2, 1)


def test_what_is_not_taken_is_tried_again_over_days_and_then_given_up_with_an_alarm(world: World) -> None:
    world.receiver.answer = lambda row: REFUSED if row["event_sequence"] == 1 else TAKEN
    world.intake.take("acme", event(1))
    world.work()
    # Another order's events are taken in between, so that the receiver is not taken for dead.
    for number in range(60):
        world.intake.take("acme", event(2, f"order-{number + 2}"))
        world.run(60)
    moments = [moment for moment, sent in world.receiver.got if sent["event_sequence"] == 1]
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert len(moments) == 4  # the first, and one for each wait of the schedule
    assert all(due <= wait < due + 61 for due, wait in zip((60, 300, 1800), waits, strict=True)), waits
    assert world.state() == "FAILED"
    [(body, reason)] = world.failures.parked
    assert (Turn.model_validate_json(body).event_id, reason) == (ids(1)[0], "answered 500")


@pytest.mark.parametrize("answer", [TAKEN, REFUSED])
def test_a_replay_that_marks_an_event_while_it_is_being_sent_sends_it_once_more(world: World, answer: Result) -> None:
    def marked_meanwhile(sent: Row) -> Result:
        world.table.mark_for_replay(sent, "replay-1", world.clock.now())
        return answer

    world.intake.take("acme", event())
    world.receiver.answer = marked_meanwhile
    world.work()
    assert world.state() == "QUEUED"
    world.receiver.answer = lambda _: TAKEN
    queues: Any = world.queues
    queues.queue("acme", world.row(), once="replay-1")  # as the replay does after it has marked it
    world.work()
    assert [sent.get("replay_id") for _, sent in world.receiver.got] == [None, "replay-1"]
    assert (world.state(), world.row()["attempts"]) == ("DELIVERED", 1)
    world.receiver.answer = lambda _: REFUSED
    world.table.mark_for_replay(world.row(), "replay-2", world.clock.now())
    queues.queue("acme", world.row(), once="replay-2")
    world.work()
    assert world.state() == "WAITING"


def test_a_redriven_event_is_tried_at_once(world: World) -> None:
    world.receiver.answer = lambda _: REFUSED
    world.intake.take("acme", event())
    for _ in range(4):
        world.work()
        world.clock.pass_(3600)
        world.sweep()
    [(body, _)] = world.failures.parked
    world.receiver.answer = lambda _: TAKEN
    world.courier.take_turn(Turn.model_validate_json(body))
    assert world.state() == "DELIVERED"


def test_an_event_that_failed_does_not_hold_up_the_next_of_its_order(world: World) -> None:
    world.receiver.answer = lambda row: REFUSED if row["event_sequence"] == 1 else TAKEN
    for sequence in (1, 2):
        world.intake.take("acme", event(sequence))
    world.work()
    assert (world.state(1), world.state(2)) == ("WAITING", "DELIVERED")
    assert world.receiver.event_ids == ids(1, 2)


def test_500_for_an_hour_costs_few_attempts_and_everything_is_delivered_in_order_after_it(world: World) -> None:
    until = after(3600)
    world.receiver.answer = lambda _: REFUSED if world.clock.now() < until else TAKEN
    for number in range(20):  # a new order every three minutes, with two events each
        for sequence in (1, 2):
            world.intake.take("acme", event(sequence, f"order-{number}"))
        world.run(180, every=180)
    refused = len(world.receiver.got)
    assert refused < 30  # of 40 events, tried again and again
    world.run(3 * 3600, every=600)
    taken = [sent for moment, sent in world.receiver.got if moment >= until]
    assert len(taken) == len({sent["event_id"] for sent in taken}) == 40
    tried = {sent["aggregate_id"] for _, sent in world.receiver.got[:refused]}
    never_tried = {f"order-{number}" for number in range(20)} - tried
    assert len(never_tried) > 10
    for order in never_tried:
        assert [sent["event_sequence"] for sent in taken if sent["aggregate_id"] == order] == [1, 2]


def test_a_receiver_that_takes_nothing_for_days_is_disabled_and_the_rest_is_kept_for_it(world: World) -> None:
    world.receiver.answer = lambda _: REFUSED
    for number in range(5):
        world.intake.take("acme", event(1, f"order-{number}"))
    for number in range(5, 14):  # another one every nine hours
        assert not world.table.standing("acme").disabled
        world.run(9 * 3600, every=3600)
        world.intake.take("acme", event(1, f"order-{number}"))
    world.work()
    assert world.table.standing("acme").disabled
    assert any("the partner is disabled: FAILING" in reason for _, reason in world.failures.parked)
    world.intake.take("acme", event(1, "order-later"))
    world.work()
    assert world.state(1, "order-later") == "HELD"


def test_410_disables_at_once(world: World) -> None:
    world.receiver.answer = lambda _: GONE
    for sequence in (1, 2):
        world.intake.take("acme", event(sequence))
    world.work()
    assert world.table.standing("acme").disabled
    assert (world.state(1), world.state(2)) == ("FAILED", "HELD")
    [(_, reason)] = world.failures.parked
    assert reason == "answered 410: it wants nothing any more; the partner is disabled: GONE"


def test_nobody_is_disabled_without_the_operators_being_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure queue's alarm tells them: until what ended it lies there, the partner is not disabled."""

    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionError

    world.receiver.answer = lambda _: GONE
    world.intake.take("acme", event())
    with monkeypatch.context() as patch:
        patch.setattr(world.failures, "park", unreachable)
        with pytest.raises(ConnectionError):
            world.courier.take_turn(world.queues.turns[0][1])
    assert not world.table.standing("acme").disabled
    world.work()  # SQS delivers the turn again
    assert world.table.standing("acme").disabled
    assert len(world.failures.parked) == 1


def test_one_success_ends_a_pause(world: World) -> None:
    answers = iter([REFUSED] * 6)
    world.receiver.answer = lambda _: next(answers, TAKEN)
    for number in range(20):
        world.intake.take("acme", event(1, f"order-{number}"))
    world.work()
    assert world.table.standing("acme").paused(world.clock.now())
    assert len(world.receiver.got) == 5
    world.run(1800)
    assert [world.state(1, f"order-{number}") for number in range(20)] == ["DELIVERED"] * 20
    assert world.table.standing("acme").failures == 0


def put_off(world: World, *sequences: int) -> None:
    """These events of an order are put off, as five orders before were refused and the partner is left alone."""
    world.receiver.answer = lambda _: REFUSED
    for number in range(5):
        world.intake.take("acme", event(1, f"refused-{number}"))
    for sequence in sequences:
        world.intake.take("acme", event(sequence))
    world.work()
    assert world.table.standing("acme").paused(world.clock.now())
    assert {world.state(sequence) for sequence in sequences} == {"WAITING"}
    world.receiver.answer = lambda _: TAKEN
    world.receiver.got.clear()


def test_what_was_put_off_goes_before_a_later_event_as_soon_as_a_pause_ends(world: World) -> None:
    put_off(world, 1, 2)
    world.table.recovered("acme")  # another connection's delivery was taken
    world.intake.take("acme", event(3))
    world.work()
    assert world.receiver.event_ids == ids(1, 2, 3)


def test_what_was_put_off_goes_at_once_when_a_pause_ends(world: World) -> None:
    put_off(world, 1, 2)
    world.clock.pass_(5)  # of a minute
    assert world.sweep() == 0
    world.table.recovered("acme")
    assert world.sweep() == 2
    world.work()
    assert world.receiver.event_ids == ids(1, 2)


def test_what_was_put_off_waits_with_the_later_event_while_the_pause_lasts(world: World) -> None:
    put_off(world, 1, 2)
    due = [world.row(sequence)["due"] for sequence in (1, 2)]
    world.intake.take("acme", event(3))
    world.work()
    assert world.receiver.got == []
    assert [world.row(sequence)["due"] for sequence in (1, 2, 3)] == [*due, due[0]]  # as the partner is told
    world.run(120)
    assert [each for each in world.receiver.event_ids if each in ids(1, 2, 3)] == ids(1, 2, 3)


def test_an_event_of_another_s_merchant_is_never_sent(world: World) -> None:
    """The partner's rule does not send it; should it come all the same, it ends here."""
    world.intake.take("acme", event(merchant_id="merchant-9"))
    world.work()
    assert world.receiver.got == []
    [(_, reason)] = world.failures.parked
    assert reason == "an event of a merchant that is not the partner's"


def test_deliveries_take_as_long_as_the_partner_s_rate_asks_for() -> None:
    with moto_table("delivery-partners", INDEXES) as table:
        world = World(table, pace_s=0.5)
        world.receiver.takes = 0.2
        for number in range(4):
            world.intake.take("acme", event(1, f"order-{number}"))
        world.work()
        moments = [moment for moment, _ in world.receiver.got]
        assert [(moment - moments[0]).total_seconds() for moment in moments] == [0, 0.5, 1.0, 1.5]


def test_a_turn_starts_nothing_that_would_outlast_the_function(world: World) -> None:
    world.receiver.takes = 14
    for sequence in (4, 3, 2, 1):
        world.intake.take("acme", event(sequence))
    world.courier.take_turn(world.queues.turns[0][1])
    assert world.receiver.event_ids == ids(1, 2, 3)
    assert LAST_START_S < 14 * 3
    assert world.state(4) == "WAITING"


def test_what_cannot_be_read_is_parked_and_what_aws_fails_at_comes_again(world: World) -> None:
    good = Turn.of(row()).model_dump_json(by_alias=True)

    def broken(_: Row) -> Result:
        raise ConnectionError

    world.intake.take("acme", event())
    world.receiver.answer = broken
    batch = {"Records": [{"messageId": "1", "body": "{}"}, {"messageId": "2", "body": good}]}
    assert world.courier.handle(batch) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    [(_, reason)] = world.failures.parked
    assert reason.startswith("no turn of a delivery: [('detail-type',)")


def test_waits_grow_and_are_spread() -> None:
    from services.partners.domain import pause_until, retry_at

    schedule = Schedule(retry_after=(100,), pause=60, longest_pause=900, disable_after=1)
    spread = [retry_at(1, after(0), schedule, chance) for chance in (0, 0.5, 1)]
    assert spread == [after(80), after(100), after(120)]
    assert retry_at(2, after(0), schedule, 0) is None
    pauses = [pause_until(failures, after(0), schedule) for failures in (4, 5, 6, 9, 500)]
    assert pauses == [None, after(60), after(120), after(900), after(900)]


def test_an_answer_says_what_became_of_the_attempt() -> None:
    assert {each.answer for each in (TAKEN, REFUSED, GONE)} == set(Answer)
