"""A partner's queue: each message is one event's turn. The table says what is to be done, and is told what was done.

A turn never fails because of the receiver: what is not taken waits in the table for its next attempt, and the queue
goes on. So one aggregate waits for another one never, and for itself no longer than one attempt takes.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from delivery_events.partners import DisabledReason
from pydantic import ValidationError

from services.partners.domain import (
    Answer,
    Result,
    Row,
    Schedule,
    Standing,
    Status,
    goes_first,
    is_due,
    is_lost,
    pause_until,
    retry_at,
)
from services.partners.messages import DeliveryFailures, Turn
from services.partners.table import PartnersTable

logger = Logger(child=True)

# A turn may have earlier events to deliver first. After this long it starts no more, so that an attempt, which can take
# 15 s and the time in which a resolver gives up, always ends before the function does (COURIER_TIMEOUT_SECONDS).
LAST_START_S = 30.0


class Receiver(Protocol):
    def send(self, row: Row) -> Result: ...


@dataclass(frozen=True)
class Courier:
    """One partner's. merchants: whose events it may see. pace_s: how long a delivery takes at least."""

    partner_id: str
    merchants: frozenset[str]
    table: PartnersTable
    receiver: Receiver
    schedule: Schedule
    failures: DeliveryFailures
    pace_s: float
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def handle(self, batch: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
        """Lambda's answer to an SQS batch of one. What AWS itself fails at is delivered again."""
        failed = [record["messageId"] for record in batch["Records"] if not self._handled(record)]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    def _handled(self, record: dict[str, Any]) -> bool:
        try:
            turn = Turn.model_validate_json(record["body"])
        except ValidationError as error:
            reason = f"no turn of a delivery: {[problem['loc'] for problem in error.errors(include_input=False)]}"
            logger.error("turn parked", extra={"message_id": record["messageId"], "reason": reason})
            self.failures.park(record["body"], reason, once=record["messageId"])
            return True
        try:
            self.take_turn(turn)
        except Exception as error:
            known = {"event_id": turn.event_id, "outcome": "failed", "reason": repr(error)}
            logger.exception("turn failed", extra=known)
            return False
        return True

    def take_turn(self, turn: Turn) -> None:
        """Deliver the event, and before it those of the same aggregate that came in later than they happened."""
        began = self.clock()
        standing = self.table.standing(self.partner_id)
        rows = self.table.up_to(self.partner_id, turn.aggregate_id, turn.event_sequence, turn.event_id)
        for row in rows:
            now = self.now()
            own = row["event_id"] == turn.event_id
            if not is_due(row, now) or not (own or goes_first(row, paused=standing.paused(now))):
                continue
            if self.clock() - began > LAST_START_S:
                self.table.put_off(row, now=now, expected=now)
                continue
            standing = self._deliver(row, standing)

    def _deliver(self, row: Row, standing: Standing) -> Standing:
        """Make one attempt, if one may be made; how the partner stands after it."""
        now = self.now()
        if json.loads(row["document"])["data"].get("merchant_id") not in self.merchants:
            self._give_up(row, Result(Answer.REFUSED, problem="an event of a merchant that is not the partner's"), now)
            return standing
        if standing.disabled:
            self.table.hold(row)
            return standing
        if standing.paused(now) and standing.paused_until:
            self.table.put_off(row, now=now, expected=standing.paused_until)
            return standing
        began = self.clock()
        result = self.receiver.send(row)
        took = self.clock() - began
        self._log(row, result, took)
        standing = self._follow(row, result, standing)
        self.sleep(max(0.0, self.pace_s - took))
        return standing

    def _follow(self, row: Row, result: Result, standing: Standing) -> Standing:
        now = self.now()
        match result.answer:
            case Answer.TAKEN:
                self.table.delivered(row, now=now, code=result.code)
                if standing.failures:
                    self.table.recovered(self.partner_id)
                return Standing()
            case Answer.GONE:
                return self._disable(row, result, DisabledReason.GONE, now)
            case Answer.REFUSED:
                return self._refused(row, result, now)

    def _refused(self, row: Row, result: Result, now: datetime) -> Standing:
        standing = self.table.count_failure(self.partner_id, now)
        if is_lost(standing, now, self.schedule):
            return self._disable(row, result, DisabledReason.FAILING, now)
        due = retry_at(row["attempts"] + 1, now, self.schedule, self.chance())
        if due is None:
            self._give_up(row, result, now)
        else:
            self.table.wait(row, due, now=now, code=result.code, problem=result.problem or "")
        if until := pause_until(standing.failures, now, self.schedule):
            self.table.pause(self.partner_id, until)
            return replace(standing, paused_until=until)
        return standing

    def _disable(self, row: Row, result: Result, reason: DisabledReason, now: datetime) -> Standing:
        """The event that ended it goes to the failure queue, whose alarm tells the operators: first, as nothing is
        attempted again of a partner that is disabled."""
        self._give_up(row, replace(result, problem=f"{result.problem}; the partner is disabled: {reason}"), now)
        self.table.disable(self.partner_id, reason, now=now, caused_by=row["event_id"])
        return Standing(status=Status.DISABLED)

    def _give_up(self, row: Row, result: Result, now: datetime) -> None:
        reason = result.problem or "not taken"
        once = f"{row['event_id']}:{row['attempts']}:{row.get('replay_id', 'live')}"
        self.failures.park(Turn.of(row).model_dump_json(by_alias=True), reason, once=once)
        self.table.failed(row, now=now, code=result.code, problem=reason)

    def _log(self, row: Row, result: Result, took: float) -> None:
        known = {
            "event_type": row["type"],
            "event_id": row["event_id"],
            "correlation_id": row["correlation_id"],
            "outcome": result.answer.lower(),
            "attempt": row["attempts"] + 1,
            "took_ms": round(took * 1000),
        }
        more = {"reason": result.problem} if result.problem else {}
        logger.info("delivery attempted", extra={**known, **more})
