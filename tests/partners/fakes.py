"""A partner's table, queues and receiver in memory, and time that passes only when a test says so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from services.partners.courier import Courier
from services.partners.domain import Answer, Result, Row, Schedule
from services.partners.due import sweep
from services.partners.intake import Intake
from services.partners.messages import Turn
from services.partners.table import PartnersTable
from tests.partners.made import NOW, SCHEDULE

TAKEN, REFUSED = Result(Answer.TAKEN, 200), Result(Answer.REFUSED, 500, "answered 500")
GONE = Result(Answer.GONE, 410, "answered 410: it wants nothing any more")


class Clock:
    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        return self.moment.timestamp()

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Receiver:
    """Answers what `answer` says, after `takes` seconds; `got` is what was sent, with the moment."""

    def __init__(self, clock: Clock, answer: Callable[[Row], Result] = lambda _: TAKEN, takes: float = 0) -> None:
        self.answer = answer
        self.takes = takes
        self.got: list[tuple[datetime, Row]] = []
        self._clock = clock

    def send(self, row: Row) -> Result:
        self.got.append((self._clock.now(), row))
        self._clock.pass_(self.takes)
        return self.answer(row)

    @property
    def event_ids(self) -> list[str]:
        return [row["event_id"] for _, row in self.got]


class Queues:
    """The partners' FIFO queues: a second message with the same deduplication id within five minutes is dropped."""

    def __init__(self, clock: Clock) -> None:
        self.turns: list[tuple[str, Turn]] = []
        self._clock = clock
        self._seen: dict[tuple[str, str], datetime] = {}

    def queue(self, partner_id: str, row: Row, *, once: str) -> None:
        seen = self._seen.get((partner_id, once))
        if seen is None or self._clock.now() - seen >= timedelta(minutes=5):
            self._seen[partner_id, once] = self._clock.now()
            self.turns.append((partner_id, Turn.of(row)))


class Failures:
    def __init__(self) -> None:
        self.parked: list[tuple[str, str]] = []

    def park(self, body: str, reason: str, *, once: str = "") -> None:
        self.parked.append((body, reason))


class World:
    """One partner, `acme`, from its inbox to its receiver."""

    def __init__(self, table: Any, *, schedule: Schedule = SCHEDULE, pace_s: float = 0) -> None:
        self.clock = Clock()
        self.table = PartnersTable(table)
        self.receiver = Receiver(self.clock)
        self.queues = Queues(self.clock)
        self.failures = Failures()
        queues: Any = self.queues
        failures: Any = self.failures
        self.intake = Intake(self.table, queues, failures, self.clock.now)
        self.courier = Courier(
            partner_id="acme",
            merchants=frozenset({"merchant-1"}),
            table=self.table,
            receiver=self.receiver,
            schedule=schedule,
            failures=failures,
            pace_s=pace_s,
            now=self.clock.now,
            chance=lambda: 0.5,
            clock=self.clock.seconds,
            sleep=self.clock.pass_,
        )

    def work(self) -> None:
        """Every turn that waits in the queue, one after the other."""
        while self.queues.turns:
            self.courier.take_turn(self.queues.turns.pop(0)[1])

    def sweep(self) -> int:
        queues: Any = self.queues
        return sum(sweep(self.table, queues, ["acme"], self.clock.now(), clock=self.clock.seconds).values())

    def run(self, seconds: float, *, every: float = 60) -> None:
        """Let time pass, with a sweep a minute."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < end:
            self.work()
            self.clock.pass_(every)
            self.sweep()
        self.work()

    def state(self, sequence: int = 1, order_id: str = "order-1") -> str:
        return str(self.row(sequence, order_id)["state"])

    def row(self, sequence: int = 1, order_id: str = "order-1") -> Row:
        from tests.partners.made import event

        found = self.table.delivery("acme", str(event(sequence, order_id).metadata.event_id))
        assert found
        return found
