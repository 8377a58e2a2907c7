"""What a report is counted from: what the simulator knows of its run, and what the platform holds after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from delivery_events import Event

from local.simulator.expected import Alert, Contact


@dataclass(frozen=True)
class Run:
    """What only the simulator knows: which orders were its own, how fast time ran, and what its callers saw.

    order_ids: of every order that was meant to be placed, whether or not the API let it. to_confirm: those that their
    merchants meant to take. floors: simulated seconds from ready to handed over that no dispatcher can avoid, by order;
    of a real day only."""

    order_ids: frozenset[str]
    driver_ids: frozenset[str]
    began: datetime
    ended: datetime
    speed: float
    seed: int
    wall_s: float
    to_confirm: frozenset[str] = frozenset()
    floors: Mapping[str, float] = field(default_factory=dict)
    earlier_messages: frozenset[str] = frozenset()
    api_errors: Mapping[str, int] = field(default_factory=dict)
    api_latency_ms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class SentAlert:
    """An alert as its row has it. order_id: what it is about. outcome: SENT, SUPPRESSED, FAILED, or what it is before
    that."""

    alert: Alert
    order_id: str
    outcome: str
    reason: str | None
    message_id: str | None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Records:
    """What the platform holds. orders, deliveries: state by id. messages: ids in the provider's record of what was
    sent. failures: number of messages by failure queue. unhandled: number of messages that wait for their consumer
    or are with it, by queue; what a queue holds back for later, as a timer, is none of them."""

    orders: Mapping[str, str]
    deliveries: Mapping[str, str]
    alerts: Sequence[SentAlert]
    contacts: Mapping[str, Contact]
    events: Sequence[Event[Any]]
    messages: Sequence[str]
    failures: Mapping[str, int]
    unhandled: Mapping[str, int] = field(default_factory=dict)
