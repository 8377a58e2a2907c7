"""Deliveries and drivers: their states, the one table of their transitions, the events these make. No AWS in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Any

from delivery_events import Event, EventData, new_event
from delivery_events import dispatch as events
from delivery_events.dispatch import DeliveryReason, DeliveryState
from delivery_events.envelope import rfc3339
from delivery_events.orders import OrderConfirmed

Row = Mapping[str, Any]

# How much room an order takes, in the units of what a driver can carry: one for each so many articles, and never more
# than a bicycle holds, so that there is always somebody for it.
ARTICLES_IN_UNIT, MOST_UNITS = 8, 5


class DriverState(StrEnum):
    """What a driver is shown as. It is read off the row's facts: `on_duty`, a standing offer, what is carried."""

    OFF_DUTY = "OFF_DUTY"
    AVAILABLE = "AVAILABLE"
    OFFERED = "OFFERED"
    BUSY = "BUSY"


State = DeliveryState | DriverState

SEARCHING, OFFERED, ASSIGNED = DeliveryState.SEARCHING, DeliveryState.OFFERED, DeliveryState.ASSIGNED
AT_PICKUP, PICKED_UP, AT_DROPOFF = (
    DeliveryState.ARRIVED_AT_PICKUP,
    DeliveryState.PICKED_UP,
    DeliveryState.ARRIVED_AT_DROPOFF,
)
DELIVERED, RETURNING, RETURNED = DeliveryState.DELIVERED, DeliveryState.RETURNING, DeliveryState.RETURNED
CANCELLED, UNASSIGNED = DeliveryState.CANCELLED, DeliveryState.UNASSIGNED

TERMINAL = frozenset({DELIVERED, RETURNED, CANCELLED, UNASSIGNED})
BEFORE_PICKUP = frozenset({SEARCHING, OFFERED, ASSIGNED, AT_PICKUP})

OFF_DUTY, AVAILABLE, BUSY = DriverState.OFF_DUTY, DriverState.AVAILABLE, DriverState.BUSY
DRIVER_OFFERED = DriverState.OFFERED


@dataclass(frozen=True)
class Transition:
    """What may happen to a delivery or a driver that is in one of `sources` (empty: it does not exist yet).

    It is then in one of `targets` (empty: its state stays). A driver who is let go is AVAILABLE or OFF_DUTY, as the
    driver may have gone off duty meanwhile. Each row keeps the `trigger` of its last transition as `transition`.
    `tells` is who is sent an alert of its event; a driver, if there is one.
    """

    aggregate: str
    sources: frozenset[State]
    trigger: str
    targets: frozenset[State]
    written_by: str
    event: type[EventData] | None = None
    tells: str = ""
    reason: DeliveryReason | None = None

    def leads(self, before: State | None, after: State | None) -> bool:
        starts = before in self.sources if self.sources else before is None
        return starts and (after in self.targets if self.targets else after == before)


def _delivery(
    sources: frozenset[DeliveryState],
    trigger: str,
    target: DeliveryState | None,
    written_by: str,
    event: type[events.DeliveryData],
    tells: str = "",
    reason: DeliveryReason | None = None,
) -> Transition:
    targets: frozenset[State] = frozenset({target} if target else ())
    return Transition("delivery", frozenset(sources), trigger, targets, written_by, event, tells, reason)


def _driver(
    sources: tuple[DriverState, ...],
    trigger: str,
    targets: tuple[DriverState, ...],
    written_by: str,
    event: type[events.DriverDutyData] | None = None,
) -> Transition:
    return Transition("driver", frozenset(sources), trigger, frozenset(targets), written_by, event)


def _in(*states: DeliveryState) -> frozenset[DeliveryState]:
    return frozenset(states)


ANY_DUTY = (OFF_DUTY, AVAILABLE, DRIVER_OFFERED, BUSY)
# Who is asked while busy stays BUSY, until the last delivery on board has ended.
LET_GO = (AVAILABLE, OFF_DUTY)
ONE_LESS = (BUSY, DRIVER_OFFERED, *LET_GO)

# The triggers that Python writes; the others are the names of the mutations that write them.
OPEN, OFFER, EXPIRE, GIVE_UP = "order.confirmed", "offer", "offer expiry", "search over"
WITHDRAW, DELAY = "offer withdrawn", "search delayed"
ARRIVE_AT_PICKUP, ARRIVE_AT_DROPOFF = "arrive at pickup", "arrive at dropoff"
CANCEL, REFUSE_CANCELLATION = "cancellation", "cancellation refused"

# The whole life of deliveries and drivers. Resolvers, table, tests and the documentation are held against this table.
TRANSITIONS = (
    _delivery(_in(), OPEN, SEARCHING, "inbox", events.DeliveryRequested),
    _delivery(_in(SEARCHING), OFFER, OFFERED, "round", events.DeliveryOffered, "driver"),
    _delivery(_in(OFFERED), "acceptOffer", ASSIGNED, "resolver", events.DeliveryAssigned, "customer"),
    _delivery(_in(OFFERED), "declineOffer", SEARCHING, "resolver", events.DeliveryOfferDeclined),
    _delivery(_in(OFFERED), EXPIRE, SEARCHING, "timer, sweep", events.DeliveryOfferExpired),
    # Another delivery of its trip was cancelled: the driver would get less than was offered. Or an operator decided
    # since that this driver is not to have one of them.
    _delivery(_in(OFFERED), WITHDRAW, SEARCHING, "inbox, outbox", events.DeliveryOfferWithdrawn),
    _delivery(_in(SEARCHING), DELAY, None, "round", events.DeliveryDelayed, "customer"),
    _delivery(_in(SEARCHING), "keepWaiting", None, "resolver", events.DeliverySearchExtended),
    _delivery(
        _in(SEARCHING), GIVE_UP, UNASSIGNED, "round", events.DeliveryUnassigned, reason=DeliveryReason.NO_DRIVER
    ),
    _delivery(_in(ASSIGNED), ARRIVE_AT_PICKUP, AT_PICKUP, "resolver, inbox", events.DeliveryArrivedAtPickup),
    _delivery(_in(ASSIGNED, AT_PICKUP), "pickUp", PICKED_UP, "resolver", events.DeliveryPickedUp, "customer"),
    _delivery(
        _in(PICKED_UP), ARRIVE_AT_DROPOFF, AT_DROPOFF, "resolver, inbox", events.DeliveryArrivedAtDropoff, "customer"
    ),
    _delivery(_in(PICKED_UP, AT_DROPOFF), "deliver", DELIVERED, "resolver", events.DeliveryDelivered),
    _delivery(_in(PICKED_UP, AT_DROPOFF), "startReturn", RETURNING, "resolver", events.DeliveryReturning),
    _delivery(_in(RETURNING), "returned", RETURNED, "resolver", events.DeliveryReturned),
    _delivery(
        _in(ASSIGNED, AT_PICKUP), "dropOut", SEARCHING, "resolver", events.DeliveryDriverDropped, "customer",
        DeliveryReason.DRIVER_DROPPED_OUT,
    ),
    _delivery(
        _in(ASSIGNED, AT_PICKUP), "reassign", SEARCHING, "resolver", events.DeliveryDriverDropped, "customer, driver",
        DeliveryReason.REASSIGNED,
    ),
    _delivery(
        BEFORE_PICKUP, CANCEL, CANCELLED, "inbox", events.DeliveryCancelled, "driver", DeliveryReason.CANCEL_REQUESTED
    ),
    # Cancelled before it was heard of: it is opened and ended in one step.
    _delivery(
        _in(), CANCEL, CANCELLED, "inbox", events.DeliveryCancelled, reason=DeliveryReason.CANCEL_REQUESTED
    ),
    _delivery(
        _in(PICKED_UP, AT_DROPOFF, RETURNING), REFUSE_CANCELLATION, None, "inbox", events.DeliveryCancellationRefused,
        "customer", DeliveryReason.ALREADY_PICKED_UP,
    ),
    _driver((), "registerDriver", (OFF_DUTY,), "resolver"),
    _driver(ANY_DUTY, "registerDriver", (), "resolver"),
    _driver((OFF_DUTY, DRIVER_OFFERED, BUSY), "goOnDuty", (AVAILABLE, DRIVER_OFFERED, BUSY), "resolver",
            events.DriverOnDuty),
    _driver((AVAILABLE, DRIVER_OFFERED, BUSY), "goOffDuty", (OFF_DUTY, DRIVER_OFFERED, BUSY), "resolver",
            events.DriverOffDuty),
    _driver((AVAILABLE,), OFFER, (DRIVER_OFFERED,), "round"),
    _driver((BUSY,), OFFER, (), "round"),
    _driver((DRIVER_OFFERED, BUSY), "acceptOffer", (BUSY,), "resolver"),
    _driver((DRIVER_OFFERED,), "declineOffer", LET_GO, "resolver"),
    _driver((BUSY,), "declineOffer", (), "resolver"),
    _driver((DRIVER_OFFERED,), EXPIRE, LET_GO, "timer, sweep"),
    _driver((BUSY,), EXPIRE, (), "timer, sweep"),
    _driver((DRIVER_OFFERED,), WITHDRAW, LET_GO, "outbox"),
    _driver((BUSY,), WITHDRAW, (), "outbox"),
    _driver((DRIVER_OFFERED,), CANCEL, LET_GO, "inbox"),
    _driver((BUSY,), CANCEL, ONE_LESS, "inbox"),
    _driver((BUSY,), "deliver", ONE_LESS, "resolver"),
    _driver((BUSY,), "returned", ONE_LESS, "resolver"),
    _driver((BUSY,), "dropOut", ONE_LESS, "resolver"),
    _driver((BUSY,), "reassign", ONE_LESS, "resolver"),
)  # fmt: skip


# -- what a row says --------------------------------------------------------------------------------------------------


def state_of(row: Row | None) -> State | None:
    """The state of a delivery's or a driver's row; None where there is none yet."""
    if row is None or "sequence" not in row:
        return None
    if _aggregate(row) == "delivery":
        return DeliveryState(row["state"])
    if "deliveries" in row:
        return BUSY
    if "offer_id" in row:
        return DRIVER_OFFERED
    return AVAILABLE if row["on_duty"] else OFF_DUTY


def transition(old: Row | None, new: Row) -> Transition:
    """Which transition led from `old` to `new`. Raises ValueError when there is none: such a row is corrupt."""
    before, after, aggregate = state_of(old), state_of(new), _aggregate(new)
    for each in TRANSITIONS:
        if each.aggregate == aggregate and each.trigger == new["transition"] and each.leads(before, after):
            return each
    raise ValueError(f"no transition {new['transition']!r} of a {aggregate} leads from {before} to {after}")


def holder(delivery: Row) -> str | None:
    """The driver to whom the delivery is offered, or who carries it."""
    offer = delivery.get("offer")
    return offer["driver_id"] if offer else delivery.get("driver_id")


def is_delivery(row: Row) -> bool:
    return bool(row["pk"].startswith("DELIVERY#"))


def _aggregate(row: Row) -> str:
    return "delivery" if is_delivery(row) else "driver"


# -- decisions --------------------------------------------------------------------------------------------------------


def new_delivery(
    event: Event[OrderConfirmed], *, zone: str, now: datetime, pin: str, cancelled: bool = False
) -> dict[str, Any]:
    """The row of a confirmed order's delivery; of one that was cancelled before, a row that has already ended.

    `pin` is what its customer tells the driver at the door: it leaves this table for the customer alone.
    """
    order = event.data
    row = {
        "delivery_id": order.order_id,
        "order_id": order.order_id,
        "customer_id": order.customer_id,
        "merchant_id": order.merchant_id,
        "pickup": {"lat": order.pickup.lat, "lng": order.pickup.lng},
        "dropoff": {"lat": order.dropoff.lat, "lng": order.dropoff.lng},
        "zone": zone,
        "pin": pin,
        "size": size_of(order.item_count),
        "expected_ready_at": rfc3339(order.expected_ready_at),
        **({"promised_at": rfc3339(order.promised_at)} if order.promised_at else {}),
        "confirmed_at": rfc3339(event.metadata.occurred_at),
        "requested_at": rfc3339(now),
        "searching_since": rfc3339(now),
        "sequence": 1,
        "occurred_at": rfc3339(now),
        "caused_by": str(event.metadata.event_id),
    }
    if cancelled:
        ended = {"state": CANCELLED.value, "reason": DeliveryReason.CANCEL_REQUESTED.value, "transition": CANCEL}
        return row | ended
    return row | {
        "state": SEARCHING.value,
        "transition": OPEN,
        "zone_key": zone,
        "zone_sk": f"DELIVERY#{order.order_id}",
        "roster": "DELIVERIES",
        "roster_key": f"{rfc3339(now)}#{order.order_id}",
    }


def confirmed_at(delivery: Row) -> str:
    """When its merchant said by when it is ready; rows of a former release have when they were opened."""
    at: str = delivery.get("confirmed_at", delivery["requested_at"])
    return at


def size_of(articles: int) -> int:
    return min(MOST_UNITS, max(1, ceil(articles / ARTICLES_IN_UNIT)))


# What the plan for a delivery that looks for a driver depends on, beside its state.
_NEWS = ("ready_at", "pinned_to", "forced", "barred", "searching_since")


def opened_work(old: Row | None, new: Row | None) -> str | None:
    """The zone in which this change made a round worth while: a delivery looks for a driver or is planned for otherwise
    than before, as it is ready early or an operator decided; or a driver came free."""
    if new is None or "zone_key" not in new:
        return None
    ready = (SEARCHING, AVAILABLE)
    was_open = old is not None and "zone_key" in old and state_of(old) in ready
    told = was_open and any((old or {}).get(name) != new.get(name) for name in _NEWS)
    return new["zone_key"] if state_of(new) in ready and (told or not was_open) else None


def new_offer(old: Row | None, new: Row | None) -> Row | None:
    """The offer that this change of a delivery made."""
    if new is None or "offer" not in new or (old or {}).get("offer") == new["offer"]:
        return None
    offer: Row = new["offer"]
    return offer


def answer(old: Row | None, new: Row | None) -> bool | None:
    """What this change says of the driver's willingness: an offer accepted, or one declined, lapsed or given back."""
    if old is None or new is None or _aggregate(new) != "driver" or old.get("sequence") == new.get("sequence"):
        return None
    return {"acceptOffer": True, "declineOffer": False, EXPIRE: False, "dropOut": False}.get(new["transition"])


def is_overruled(old: Row | None, new: Row) -> bool:
    """Whether this change of a delivery is an operator's decision against the driver whom it is offered to."""
    if "offer" not in new or all((old or {}).get(name) == new.get(name) for name in ("barred", "pinned_to")):
        return False
    driver_id = new["offer"]["driver_id"]
    return driver_id in new.get("barred", ()) or new.get("pinned_to", driver_id) != driver_id


def lost_part(old: Row | None, new: Row) -> bool:
    """Whether this change took a delivery from a driver who carries others, and so ends elsewhere, or sooner."""
    if not {"deliveries", "trip_deliveries"} <= new.keys() or new["transition"] not in (CANCEL, "dropOut", "reassign"):
        return False
    return bool((old or {}).get("deliveries", set()) > new["deliveries"])


def lacks_zone(new: Row | None) -> bool:
    """Whether this is a driver whose zone is to be found: resolvers cannot compute one."""
    return new is not None and new["pk"].startswith("DRIVER#") and new["on_duty"] and "zone_key" not in new


def offer_is_over(delivery: Row, now: datetime) -> bool:
    offer = delivery.get("offer")
    return offer is not None and datetime.fromisoformat(offer["expires_at"]) <= now


# -- events -----------------------------------------------------------------------------------------------------------


def events_for(old: Row | None, new: Row | None) -> list[Event[Any]]:
    """The events of one change of a row, in order. Technical changes leave `sequence` alone, and make none.

    Raises ValueError when the change is no transition of TRANSITIONS.
    """
    if new is None or "sequence" not in new or (old is not None and old.get("sequence") == new["sequence"]):
        return []
    found = transition(old, new)
    if found.event is None:
        return []
    data = _delivery_data(found, old or {}, new) if found.aggregate == "delivery" else _duty_data(found, new)
    aggregate_id = new["delivery_id"] if found.aggregate == "delivery" else new["driver_id"]
    return [
        new_event(
            data,
            aggregate_id=aggregate_id,
            sequence=new["sequence"],
            occurred_at=datetime.fromisoformat(new["occurred_at"]),
            correlation_id=aggregate_id,  # a delivery has its order's id
            causation_id=new["caused_by"],
        )
    ]


def _delivery_data(found: Transition, old: Row, new: Row) -> EventData:
    fields = {name: new[name] for name in events.DeliveryData.model_fields if name in new}
    # An event names the offer that just ended, and the driver who just lost the delivery; the row no longer does.
    if "offer" in old:
        fields.setdefault("offer", old["offer"])
        fields.setdefault("trip", old["trip"])
    lost = holder(old) if found.trigger == CANCEL else old.get("driver_id")
    if lost:
        fields.setdefault("driver_id", lost)
    if found.reason:
        fields["reason"] = found.reason
    if "trip" in fields:
        fields["trip"] = {name: fields["trip"][name] for name in events.TripPart.model_fields}
    assert found.event is not None  # noqa: S101 - every transition of a delivery has an event
    return found.event(**fields)


def _duty_data(found: Transition, new: Row) -> EventData:
    assert found.event is not None  # noqa: S101 - asked for only then
    fields = {name: new[name] for name in events.DriverDutyData.model_fields if name in new}
    return found.event(**fields)
