"""Where an order stands and where its driver is: what events and reported positions mean. No AWS in here.

Two kinds of rows. An order's row follows the events of two producers, orders and dispatch, each by its own sequence. A
driver's row holds the latest report and the next stop of each delivery that the driver carries; its changes make this
service's own events.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from delivery_events import Event, new_event
from delivery_events.dispatch import (
    DeliveryOfferDeclined,
    DeliveryOffered,
    DeliveryOfferExpired,
    DeliveryOfferWithdrawn,
    DeliveryState,
)
from delivery_events.envelope import rfc3339
from delivery_events.orders import OrderData, OrderStatus
from delivery_events.tracking import DriverArrived, DriverMoved
from delivery_events.values import Stop

from services.tracking.movement import Sensing, arrivals, has_moved, moved

Row = Mapping[str, Any]

# -- where an order stands ----------------------------------------------------------------------------------------


class TrackingStatus(StrEnum):
    """What whoever watches an order is shown: the order's status, and on the way the delivery's state."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    READY = "READY"
    ASSIGNED = "ASSIGNED"
    ARRIVED_AT_PICKUP = "ARRIVED_AT_PICKUP"
    PICKED_UP = "PICKED_UP"
    ARRIVED_AT_DROPOFF = "ARRIVED_AT_DROPOFF"
    RETURNING = "RETURNING"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Kept:
    """How long after an order's end its row is kept, and its tracking link works. Seconds."""

    row_s: float
    link_s: float


ENDED = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.FAILED})


@dataclass(frozen=True)
class Phase:
    """What a delivery's state means to whoever watches the order, and where its driver goes next."""

    status: TrackingStatus
    driver: bool = False  # the event's `driver_id` carries it or carried it; otherwise it names someone past or asked
    carried: bool = False  # the driver's position is part of the order's
    stop: Stop | None = None
    arrived: bool = False  # at that stop


# Tracking makes no state of its own: it follows the delivery's, by this table.
PHASES: Mapping[DeliveryState, Phase] = {
    DeliveryState.SEARCHING: Phase(TrackingStatus.CONFIRMED),
    DeliveryState.OFFERED: Phase(TrackingStatus.CONFIRMED),
    DeliveryState.ASSIGNED: Phase(TrackingStatus.ASSIGNED, driver=True, carried=True, stop=Stop.PICKUP),
    DeliveryState.ARRIVED_AT_PICKUP: Phase(
        TrackingStatus.ARRIVED_AT_PICKUP, driver=True, carried=True, stop=Stop.PICKUP, arrived=True
    ),
    DeliveryState.PICKED_UP: Phase(TrackingStatus.PICKED_UP, driver=True, carried=True, stop=Stop.DROPOFF),
    DeliveryState.ARRIVED_AT_DROPOFF: Phase(
        TrackingStatus.ARRIVED_AT_DROPOFF, driver=True, carried=True, stop=Stop.DROPOFF, arrived=True
    ),
    DeliveryState.RETURNING: Phase(TrackingStatus.RETURNING, driver=True, carried=True),
    DeliveryState.DELIVERED: Phase(TrackingStatus.DELIVERED, driver=True),
    DeliveryState.RETURNED: Phase(TrackingStatus.FAILED, driver=True),
    DeliveryState.UNASSIGNED: Phase(TrackingStatus.FAILED),
    DeliveryState.CANCELLED: Phase(TrackingStatus.CANCELLED),
}

# Either producer may be the first to tell these; they are set once and stay.
_FACTS = ("order_id", "customer_id", "merchant_id", "pickup", "dropoff", "placed_at", "expected_ready_at", "ready_at")
# These belong to dispatch and end with what they are about, such as the driver who dropped out.
_DELIVERY_TIMES = ("assigned_at", "picked_up_at", "delivered_at", "expected_pickup_at", "expected_dropoff_at")


def follow(row: Row | None, event: Event[Any], *, now: datetime, kept: Kept) -> dict[str, Any] | None:
    """The order's row after `event`, or None if the row knows this event or a later one of the same producer.

    Each event carries all that its producer knows, so an event that never comes is made up for by the next. What
    resolvers wrote on the row, who watches it and its link, stays.
    """
    known = dict(row or {})
    data = event.data.model_dump(mode="json", exclude_none=True)
    by_order = isinstance(event.data, OrderData)
    producer = "order" if by_order else "delivery"
    if event.metadata.sequence <= known.get(f"{producer}_sequence", 0):
        return None
    own = {"status": data["status"]} if by_order else {"state": data["state"], "driver_id": data.get("driver_id")}
    own |= {"sequence": event.metadata.sequence, "reason": data.get("reason")}
    changed = known | {name: data[name] for name in _FACTS if name in data}
    changed |= {f"{producer}_{name}": value for name, value in own.items()}
    if not by_order:
        changed |= {name: data.get(name) for name in _DELIVERY_TIMES}
        changed["trip_position"] = event.data.trip.position if event.data.trip else None
    changed |= _shown(changed)
    ended = changed["status"] in ENDED
    changed |= {
        "pk": f"ORDER#{data['order_id']}",
        "sk": "TRACKING",
        "sequence": known.get("sequence", 0) + 1,
        "occurred_at": rfc3339(now),
        "caused_by": str(event.metadata.event_id),
        "shared_until": known.get("shared_until", rfc3339(now + timedelta(seconds=kept.link_s))) if ended else None,
        "expires_at": epoch(now, kept.row_s) if ended else None,
    }
    return {name: value for name, value in changed.items() if value is not None}


def _shown(row: Row) -> dict[str, Any]:
    """Status, reason and driver, from what both producers said last."""
    phase = PHASES[DeliveryState(row["delivery_state"])] if "delivery_state" in row else None
    ended = row.get("order_status") in ENDED
    if ended or phase is None:
        status = row["order_status"]
    elif _ready_came_last(row, phase):
        status = TrackingStatus.READY.value
    else:
        status = phase.status.value
    reason = row.get("order_reason") if ended else row.get("delivery_reason")
    return {
        "status": status,
        # An order that goes on may carry a reason, too: why the driver before this one dropped out.
        "reason": reason if status in ENDED or status == TrackingStatus.RETURNING else None,
        "driver_id": row.get("delivery_driver_id") if phase and phase.driver else None,
        "carried": True if phase and phase.carried and not ended else None,
    }


def _ready_came_last(row: Row, phase: Phase) -> bool:
    if phase.status is TrackingStatus.CONFIRMED:
        return "ready_at" in row
    # RFC 3339 texts in UTC sort as the moments they name.
    return phase.status is TrackingStatus.ASSIGNED and row.get("ready_at", "") > (row.get("assigned_at") or "")


@dataclass(frozen=True)
class NextStop:
    """Where a driver goes next on one delivery, or has `arrived`, and since when; when it was planned for; which of its
    trip's drop-offs it is, and when the trip was accepted; until when somebody watches, and whether by a link."""

    driver_id: str
    delivery_id: str
    stop: Stop
    lat: float
    lng: float
    since: str
    arrived: bool = False
    expected_at: str | None = None
    trip_position: int | None = None
    assigned_at: str | None = None
    watched_until: str | None = None
    shared: bool = False

    def is_same(self, other: "NextStop | None") -> bool:
        """Whether both are one stop of one driver."""
        return other is not None and (self.driver_id, self.stop) == (other.driver_id, other.stop)


def next_stop(row: Row | None) -> NextStop | None:
    """The stop that the order's driver is on the way to or waits at, if there is one."""
    if row is None or not row.get("carried") or "driver_id" not in row:
        return None
    phase = PHASES[DeliveryState(row["delivery_state"])]
    if phase.stop is None:
        return None
    to_pickup = phase.stop is Stop.PICKUP
    place = row["pickup" if to_pickup else "dropoff"]
    return NextStop(
        row["driver_id"],
        row["order_id"],
        phase.stop,
        place["lat"],
        place["lng"],
        since=row.get("assigned_at" if to_pickup else "picked_up_at", ""),
        arrived=phase.arrived,
        expected_at=row.get("expected_pickup_at" if to_pickup else "expected_dropoff_at"),
        trip_position=None if to_pickup else row.get("trip_position"),
        assigned_at=None if to_pickup else row.get("assigned_at"),
        watched_until=row.get("watched_until"),
        shared="share_secret" in row,
    )


def newly_watched(old: Row | None, new: Row | None) -> NextStop | None:
    """The next stop of an order whose watchers changed while its driver was on the way to it or there."""
    before, after = next_stop(old), next_stop(new)
    if before is None or after is None or not after.is_same(before):
        return None  # a way that just began carries its watchers from the start
    return after if (before.watched_until, before.shared) != (after.watched_until, after.shared) else None


# Whom a delivery was offered to, and who said no, is not the customer's business.
_OPERATORS_ONLY = (DeliveryOffered, DeliveryOfferDeclined, DeliveryOfferExpired, DeliveryOfferWithdrawn)


def timeline_entry(event: Event[Any], *, keep_s: float) -> dict[str, Any]:
    """What the timeline keeps of an event: no position and no name. The same event is always the same entry."""
    occurred_at = rfc3339(event.metadata.occurred_at)
    entry = {
        "pk": f"ORDER#{event.data.order_id}",
        "sk": f"EVENT#{occurred_at}#{event.metadata.event_id}",
        "event_id": str(event.metadata.event_id),
        "type": event.metadata.type,
        "occurred_at": occurred_at,
        "producer": event.data.SOURCE,
        "causation_id": event.metadata.causation_id,
        "reason": event.data.reason,
        "operators_only": isinstance(event.data, _OPERATORS_ONLY) or None,
        "expires_at": epoch(event.metadata.occurred_at, keep_s),
    }
    return {name: value for name, value in entry.items() if value is not None}


def epoch(moment: datetime, after_s: float) -> int:
    """`after_s` seconds after `moment`, in the whole epoch seconds that DynamoDB's TTL counts in."""
    return int((moment + timedelta(seconds=after_s)).timestamp())


# -- what a driver's movement tells the others --------------------------------------------------------------------


_COUNTED_FROM = datetime(2025, 1, 1, tzinfo=UTC)


def counted_from(now: str) -> int:
    """What the count of a driver's changes begins after, when the first of them makes the row: seconds since 2025.

    Not zero, as the table may be a new one, while others know how far the row before this one had counted: they would
    take what comes for outdated, and event ids would be given a second time. No driver changes once a second for long.
    """
    return int((datetime.fromisoformat(now) - _COUNTED_FROM).total_seconds())


def events_for(old: Row | None, new: Row | None, sensing: Sensing) -> list[Event[Any]]:
    """The events of one change of a driver's row, in order. Other rows and technical changes make none.

    The same images always make the same events, with the same ids.
    """
    before = old or {}
    if new is None or new["sk"] != "DRIVER" or new.get("sequence") == before.get("sequence") or "at" not in new:
        return []
    moves = [_event(moved(new), new, correlation_id=new["driver_id"])] if has_moved(before, new, sensing) else []
    stops = [
        _event(arrival, new, correlation_id=arrival.delivery_id, part=f"{arrival.delivery_id}/{arrival.stop}")
        for arrival in arrivals(before, new, sensing)
    ]
    return [*moves, *stops]


def _event(data: DriverMoved | DriverArrived, row: Row, *, correlation_id: str, part: str | None = None) -> Event[Any]:
    return new_event(
        data,
        aggregate_id=row["driver_id"],
        sequence=row["sequence"],
        occurred_at=datetime.fromisoformat(row["occurred_at"]),
        correlation_id=correlation_id,
        causation_id=row["caused_by"],
        part=part,
    )
