"""The order: its states, the rules it must meet, and the events its changes make. No AWS in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

from delivery_events import Event, EventData, new_event
from delivery_events.dispatch import DeliveryData, DeliveryReason, DeliveryState
from delivery_events.orders import (
    OrderCancelled,
    OrderCancelRequested,
    OrderCompleted,
    OrderConfirmed,
    OrderData,
    OrderFailed,
    OrderPlaced,
    OrderReady,
    OrderReason,
    OrderRejected,
    OrderStatus,
)

Row = Mapping[str, Any]

PENDING, CONFIRMED, READY, ASSIGNED = (
    OrderStatus.PENDING,
    OrderStatus.CONFIRMED,
    OrderStatus.READY,
    OrderStatus.ASSIGNED,
)
PICKED_UP, DELIVERED = OrderStatus.PICKED_UP, OrderStatus.DELIVERED
CANCELLED, REJECTED, FAILED = OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.FAILED

# A confirmed order is in one of these until it is picked up; which one is only the milestone that came last.
IN_PREPARATION = frozenset({CONFIRMED, READY, ASSIGNED})
TERMINAL = frozenset({DELIVERED, CANCELLED, REJECTED, FAILED})


@dataclass(frozen=True)
class Transition:
    """What may happen to an order in one of the states `sources` (empty: it does not exist yet).

    `tells` is who is sent an alert of its event; a driver, if there is one.
    """

    sources: frozenset[OrderStatus]
    trigger: str
    targets: frozenset[OrderStatus]  # one of them, by which milestone came last; empty: the status stays
    written_by: str
    event: type[EventData] | None = None
    tells: str = ""


def _in(*sources: OrderStatus) -> frozenset[OrderStatus]:
    return frozenset(sources)


# The whole life of an order. Resolvers, inbox and docs/tables/orders.md are held against this table by the tests.
TRANSITIONS = (
    Transition(_in(), "createOrder", _in(PENDING), "resolver", OrderPlaced),
    Transition(_in(PENDING), "rules do not hold", _in(REJECTED), "outbox", OrderRejected, "customer"),
    Transition(_in(PENDING), "confirmOrder", _in(CONFIRMED), "resolver", OrderConfirmed, "customer"),
    Transition(_in(PENDING), "rejectOrder", _in(REJECTED), "resolver", OrderRejected, "customer"),
    Transition(_in(PENDING), "merchant silent", _in(CANCELLED), "timer, sweep", OrderCancelled, "customer"),
    Transition(_in(PENDING), "cancelOrder", _in(CANCELLED), "resolver", OrderCancelled, "customer"),
    Transition(IN_PREPARATION, "cancelOrder", _in(), "resolver", OrderCancelRequested),
    Transition(_in(CONFIRMED, ASSIGNED), "markOrderReady", _in(READY), "resolver", OrderReady, "driver"),
    Transition(IN_PREPARATION, "delivery.assigned", _in(ASSIGNED, READY), "inbox"),
    Transition(IN_PREPARATION, "delivery.driver_dropped", _in(CONFIRMED, READY), "inbox"),
    Transition(IN_PREPARATION, "delivery.cancelled", _in(CANCELLED), "inbox", OrderCancelled, "customer"),
    Transition(IN_PREPARATION, "delivery.unassigned", _in(FAILED), "inbox", OrderFailed, "customer"),
    Transition(IN_PREPARATION, "delivery.picked_up", _in(PICKED_UP), "inbox"),
    Transition(IN_PREPARATION | {PICKED_UP}, "delivery.cancellation_refused", _in(PICKED_UP), "inbox"),
    Transition(IN_PREPARATION | {PICKED_UP}, "delivery.delivered", _in(DELIVERED), "inbox", OrderCompleted, "customer"),
    Transition(IN_PREPARATION | {PICKED_UP}, "delivery.returned", _in(FAILED), "inbox", OrderFailed, "customer"),
)


# -- the rules an order must meet ---------------------------------------------------------------------------------


def broken_rule(order: Row, merchant: Row | None) -> OrderReason | None:
    """Which rule a newly placed order breaks, or None: by the merchant's profile as it is now, and for the moment the
    order was placed, however long ago that is."""
    if merchant is None:
        return OrderReason.UNKNOWN_MERCHANT
    if not is_open(merchant, datetime.fromisoformat(order["placed_at"])):
        return OrderReason.MERCHANT_CLOSED
    if sum(line["quantity"] * line["unit_amount"] for line in order["lines"]) != order["total"]["amount"]:
        return OrderReason.AMOUNTS_DIFFER
    if order["total"]["currency"] != merchant["currency"]:
        return OrderReason.AMOUNTS_DIFFER
    if distance_m(merchant["place"], order["dropoff"]) > merchant["delivery_radius_m"]:
        return OrderReason.OUT_OF_AREA
    return None


def is_open(merchant: Row, moment: datetime) -> bool:
    """Whether the merchant takes orders at `moment` (aware).

    `hours` are pairs of UTC minutes of the week, from Monday 00:00, `opens` included and `closes` not. A pair whose
    `closes` is not after its `opens` runs into the next week. No hours at all means always open.
    """
    if not merchant["accepting"]:
        return False
    minute = moment.weekday() * 1440 + moment.hour * 60 + moment.minute
    spans = [(span["opens"], span["closes"]) for span in merchant.get("hours", [])]
    return not spans or any(o <= minute < c if o < c else minute >= o or minute < c for o, c in spans)


EARTH_RADIUS_M = 6_371_008.8


def distance_m(a: Row, b: Row) -> float:
    """Great-circle distance in metres between two WGS 84 points, by the haversine formula."""
    lat_a, lat_b = radians(a["lat"]), radians(b["lat"])
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b["lng"] - a["lng"]) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


# -- what a delivery's event means for its order ---------------------------------------------------------------------

_AT_DELIVERY_STATE = {
    DeliveryState.SEARCHING: CONFIRMED,
    DeliveryState.OFFERED: CONFIRMED,
    DeliveryState.ASSIGNED: ASSIGNED,
    DeliveryState.ARRIVED_AT_PICKUP: ASSIGNED,
    DeliveryState.PICKED_UP: PICKED_UP,
    DeliveryState.ARRIVED_AT_DROPOFF: PICKED_UP,
    DeliveryState.RETURNING: PICKED_UP,
    DeliveryState.DELIVERED: DELIVERED,
    DeliveryState.RETURNED: FAILED,
    DeliveryState.UNASSIGNED: FAILED,
    DeliveryState.CANCELLED: CANCELLED,
}

_ORDER_REASON = {
    DeliveryState.RETURNED: OrderReason.RETURNED,
    DeliveryState.UNASSIGNED: OrderReason.NO_DRIVER,
}


@dataclass(frozen=True)
class Update:
    """What to write on an order row: attributes to set, and attributes to remove."""

    set: Mapping[str, Any]
    remove: frozenset[str]


def after_delivery(order: Row, delivery: DeliveryData) -> Update | None:
    """What a delivery's event changes on its order, or None if the order has already ended.

    It looks at the state the event carries, not at its type, so that any later event makes up for an earlier one that
    comes too late or never.
    """
    if order["status"] in TERMINAL:
        return None
    status = _AT_DELIVERY_STATE[delivery.state]
    carried = status in {ASSIGNED, PICKED_UP, DELIVERED, FAILED} and delivery.driver_id is not None
    if status is CONFIRMED and "ready_at" in order:
        status = READY
    elif status is ASSIGNED and "ready_at" in order and delivery.assigned_at is not None:
        status = READY if datetime.fromisoformat(order["ready_at"]) > delivery.assigned_at else ASSIGNED
    values: dict[str, Any] = {"status": status.value}
    if carried:
        values["driver_id"] = delivery.driver_id
    if status is CANCELLED:
        values["reason"] = order.get("cancel_reason", OrderReason.OPERATOR_REQUEST.value)
    if delivery.state in _ORDER_REASON:
        values["reason"] = _ORDER_REASON[delivery.state].value
    remove = set() if carried else {"driver_id"}
    if delivery.reason is DeliveryReason.ALREADY_PICKED_UP:
        remove |= {"cancel_requested_at", "cancel_reason"}
    return Update(values, frozenset(remove))


# -- events -----------------------------------------------------------------------------------------------------------

_EVENT_ON_ENTERING: Mapping[str, type[OrderData]] = {
    PENDING: OrderPlaced,
    CONFIRMED: OrderConfirmed,
    REJECTED: OrderRejected,
    CANCELLED: OrderCancelled,
    DELIVERED: OrderCompleted,
    FAILED: OrderFailed,
}


def is_step(old: Row | None, new: Row) -> bool:
    """Whether a change of a row is one of an order, and more than a technical one."""
    return bool(new["pk"].startswith("ORDER#") and (old is None or old["sequence"] != new["sequence"]))


def events_for(old: Row | None, new: Row | None) -> list[Event[Any]]:
    """The events of one change of an order's row, in order. Other rows and technical changes make none."""
    if new is None or not is_step(old, new):
        return []
    before = old or {}
    kinds: list[type[OrderData]] = []
    # Back to CONFIRMED after a driver dropped out is no second confirmation.
    reconfirmed = new["status"] == CONFIRMED and before.get("status") in IN_PREPARATION
    if new["status"] != before.get("status") and new["status"] in _EVENT_ON_ENTERING and not reconfirmed:
        kinds.append(_EVENT_ON_ENTERING[new["status"]])
    if "ready_at" in new and "ready_at" not in before:
        kinds.append(OrderReady)
    if "cancel_requested_at" in new and "cancel_requested_at" not in before and new["status"] not in TERMINAL:
        kinds.append(OrderCancelRequested)
    return [_event(kind, new) for kind in kinds]


def _event(kind: type[OrderData], row: Row) -> Event[Any]:
    fields = {name: row[name] for name in OrderData.model_fields if name in row}
    if kind in (OrderCancelRequested, OrderCancelled):
        fields["reason"] = row.get("reason") or row["cancel_reason"]
    return new_event(
        kind(**fields),
        aggregate_id=row["order_id"],
        sequence=row["sequence"],
        occurred_at=datetime.fromisoformat(row["occurred_at"]),
        correlation_id=row["order_id"],
        causation_id=row["caused_by"],
    )
