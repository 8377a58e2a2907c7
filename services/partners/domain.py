"""A partner and its deliveries: what becomes of one that fails, and when a partner is left alone. No AWS in here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from delivery_events import Event, EventData, new_event
from delivery_events.partners import DisabledReason, PartnerDisabled, PartnerEnabled

Row = Mapping[str, Any]


class State(StrEnum):
    """Of one event for one partner."""

    QUEUED = "QUEUED"  # on its way
    WAITING = "WAITING"  # failed, and due again at `due`; or put off before its first attempt, until it may be made
    HELD = "HELD"  # the partner is disabled; a replay sends it
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"  # given up; a redrive or a replay sends it


class Status(StrEnum):
    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


class Answer(StrEnum):
    TAKEN = "TAKEN"
    REFUSED = "REFUSED"  # or not reached: may be taken later
    GONE = "GONE"  # never send anything again


@dataclass(frozen=True)
class Result:
    """What a partner's receiver answered. code: an HTTP status, if there was one. problem: why it was not taken; never
    the receiver's own words, which may hold anything."""

    answer: Answer
    code: int | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Schedule:
    """Seconds of the wall clock. retry_after: from one attempt at a delivery to the next. pause, longest_pause: for how
    long a receiver that takes nothing is left alone. disable_after: for how long it may take nothing at all."""

    retry_after: Sequence[float]
    pause: float
    longest_pause: float
    disable_after: float


FAILURES_BEFORE_PAUSE = 5  # in a row: one delivery that is always refused does not stop the others
_JITTER = 0.2


@dataclass(frozen=True)
class Standing:
    """How it stands with a partner. failures: attempts in a row that failed, since `failing_since`."""

    status: Status = Status.ENABLED
    failures: int = 0
    failing_since: datetime | None = None
    paused_until: datetime | None = None

    @property
    def disabled(self) -> bool:
        return self.status is Status.DISABLED

    @property
    def suspect(self) -> bool:
        """Whether it takes nothing, as far as is known: then a few deliveries at a time find out whether it does."""
        return self.failures >= FAILURES_BEFORE_PAUSE

    def paused(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until


def retry_at(attempts: int, now: datetime, schedule: Schedule, chance: float) -> datetime | None:
    """When a delivery that failed for the `attempts`th time is tried again; None: no more.

    `chance` from 0 to 1 spreads what failed together.
    """
    if attempts > len(schedule.retry_after):
        return None
    wait = schedule.retry_after[attempts - 1] * (1 - _JITTER + 2 * _JITTER * chance)
    return now + timedelta(seconds=wait)


def pause_until(failures: int, now: datetime, schedule: Schedule) -> datetime | None:
    """Until when a receiver with this many failures in a row is left alone, if it is."""
    if failures < FAILURES_BEFORE_PAUSE:
        return None
    doublings = min(failures - FAILURES_BEFORE_PAUSE, 20)
    return now + timedelta(seconds=min(schedule.pause * 2**doublings, schedule.longest_pause))


def is_lost(standing: Standing, now: datetime, schedule: Schedule) -> bool:
    """Whether the receiver has taken nothing for so long that nobody is there any more."""
    since = standing.failing_since
    return standing.suspect and since is not None and now - since >= timedelta(seconds=schedule.disable_after)


def is_due(row: Row, now: datetime) -> bool:
    """Whether a delivery is to be attempted now. One that ended is not; it is QUEUED again by a replay.

    One that was never attempted waits for a pause alone, which may end before the `due` that was foreseen.
    """
    match State(row["state"]):
        case State.DELIVERED:
            return False
        case State.WAITING:
            return row["attempts"] == 0 or datetime.fromisoformat(row["due"]) <= now
        case State.QUEUED | State.HELD | State.FAILED:
            return True


def goes_first(row: Row, *, paused: bool) -> bool:
    """Whether a delivery goes before a later event of the same aggregate: not after it failed once, as the later one
    does not wait for days. One that was put off waits on where the partner is still `paused`."""
    match State(row["state"]):
        case State.QUEUED:
            return bool(row["attempts"] == 0)
        case State.WAITING:
            return row["attempts"] == 0 and not paused
        case State.DELIVERED | State.HELD | State.FAILED:
            return False


def events_for(old: Row | None, new: Row | None) -> list[Event[Any]]:
    """The events of one change: a partner was disabled, or enabled again."""
    if new is None or new["sk"] != "STANDING":
        return []
    before = old["status"] if old and "status" in old else Status.ENABLED
    if new.get("status", Status.ENABLED) == before:
        return []
    data: EventData = (
        PartnerDisabled(partner_id=new["partner_id"], reason=DisabledReason(new["reason"]))
        if new["status"] == Status.DISABLED
        else PartnerEnabled(partner_id=new["partner_id"])
    )
    return [
        new_event(
            data,
            aggregate_id=new["partner_id"],
            sequence=new["sequence"],
            occurred_at=datetime.fromisoformat(new["occurred_at"]),
            correlation_id=new["partner_id"],
            causation_id=new["caused_by"],
        )
    ]
