"""What came of a run, counted from what the platform itself holds. Pure: it is given everything it counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from delivery_events import Event
from delivery_events.orders import OrderReason

from local.simulator.alert_figures import alert_figures
from local.simulator.assignments import double_assignments
from local.simulator.evidence import Records, Run
from local.simulator.statistics import p50_p95

ENDED = ("DELIVERED", "CANCELLED", "REJECTED", "FAILED")
_WORST_MIN = 90.0
_DELIVERY_ENDED = ("DELIVERED", "RETURNED", "CANCELLED", "UNASSIGNED")
_LAST_EVENT = {
    "DELIVERED": "order.completed",
    "CANCELLED": "order.cancelled",
    "REJECTED": "order.rejected",
    "FAILED": "order.failed",
}


@dataclass(frozen=True)
class Report:
    """place_to_assigned_s, ready_to_delivered_s are simulated seconds: wall seconds times `speed`. alerts_expected is
    computed from the events and the contacts; alerts_sent is what the provider recorded. alerts_too_late counts offers
    that had ended before they could be sent. api_errors counts answers that a healthy platform does not give.

    orders_placed counts rows of the orders table; orders_not_placed those that were meant to be there and are not.
    avoidable_min, of a real day alone, is the mean over its orders of the simulated minutes from ready to handed over
    beyond what no dispatcher can avoid, at most 90 each; an order that was not delivered counts 90.

    promises_made counts orders whose customers were promised a time, and that were handed over or found no driver;
    promises_kept those that were handed over by then.

    merchants_unheard counts orders that ended as unanswered although the merchant meant to take them. an_order: the id
    of one that was delivered, to look at."""

    orders_placed: int
    orders_not_placed: int
    orders_delivered: int
    orders_cancelled: int
    orders_rejected: int
    orders_failed: int
    orders_unfinished: int
    merchants_unheard: int
    deliveries_unfinished: int
    last_events_missing: int
    alerts_expected: int
    alerts_sent: int
    alerts_duplicated: int
    alerts_missing: int
    alerts_unexpected: int
    alerts_too_late: int
    double_assignments: int
    events_published: int
    events_by_type: Mapping[str, int]
    messages_unhandled: int
    unhandled_queues: Mapping[str, int]
    failure_queue_messages: int
    failure_queues: Mapping[str, int]
    avoidable_min: float | None
    promises_made: int
    promises_kept: int
    place_to_assigned_s: Mapping[str, float | None]
    ready_to_delivered_s: Mapping[str, float | None]
    speed: float
    seed: int
    wall_s: float
    api_errors: Mapping[str, int]
    api_latency_ms: Mapping[str, Mapping[str, Any]]
    an_order: str | None

    def problems(self) -> list[str]:
        """What must not be, one readable line each; empty after a good run."""
        figures = asdict(self)
        wrong = [f"{figures[name]} {text}" for name, text in _MUST_BE_ZERO.items() if figures[name]]
        wrong += [f"{count} unexpected answers of the API: {what}" for what, count in self.api_errors.items()]
        return wrong if self.orders_placed else ["no order was placed", *wrong]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"problems": self.problems()}


_MUST_BE_ZERO = {
    "orders_not_placed": "orders were to be placed and are not there",
    "merchants_unheard": "orders ended as unanswered although their merchants meant to confirm them",
    "orders_unfinished": "orders reached no end",
    "deliveries_unfinished": "deliveries reached no end",
    "last_events_missing": "orders ended without the event that says so",
    "alerts_duplicated": "messages went out more than once",
    "alerts_missing": "messages did not go out",
    "alerts_unexpected": "messages went out that should not have",
    "double_assignments": "times a driver or a delivery was held twice",
    "messages_unhandled": "messages lie unhandled in their consumers' queues",
    "failure_queue_messages": "messages lie in failure queues",
}


def count(run: Run, records: Records) -> Report:
    """The report of one run on a platform that may have seen others."""
    events = own_events(run, records.events)
    orders = {order_id: status for order_id, status in records.orders.items() if order_id in run.order_ids}
    statuses = Counter(orders.values())
    kinds = Counter(event.detail_type for event in events)
    promises = _promises(events)
    return Report(
        an_order=min((order for order, status in orders.items() if status == "DELIVERED"), default=None),
        orders_placed=len(orders),
        orders_not_placed=len(run.order_ids - orders.keys()),
        orders_delivered=statuses["DELIVERED"],
        orders_cancelled=statuses["CANCELLED"],
        orders_rejected=statuses["REJECTED"],
        orders_failed=statuses["FAILED"],
        orders_unfinished=sum(number for status, number in statuses.items() if status not in ENDED),
        merchants_unheard=_unheard(run, events),
        deliveries_unfinished=_unfinished(run, records),
        last_events_missing=_without_last_event(orders, events),
        **alert_figures(run, records, events),
        double_assignments=double_assignments(records.events),
        events_published=len(events),
        events_by_type=dict(sorted(kinds.items())),
        messages_unhandled=sum(records.unhandled.values()),
        unhandled_queues=_some(records.unhandled),
        failure_queue_messages=sum(records.failures.values()),
        failure_queues=_some(records.failures),
        avoidable_min=_avoidable(run, events),
        promises_made=len(promises),
        promises_kept=sum(promises.values()),
        place_to_assigned_s=p50_p95(run.speed * s for s in _place_to_assigned(events)),
        ready_to_delivered_s=p50_p95(run.speed * s for s in _ready_to_delivered(events).values()),
        speed=run.speed,
        seed=run.seed,
        wall_s=round(run.wall_s, 1),
        api_errors=dict(run.api_errors),
        api_latency_ms=dict(run.api_latency_ms),
    )


def own_events(run: Run, events: Iterable[Event[Any]]) -> list[Event[Any]]:
    """The run's events, each once: those of its orders, and those of its drivers while it ran."""
    own: dict[str, Event[Any]] = {}
    for event in events:
        meta = event.metadata
        of_driver = meta.aggregate_id in run.driver_ids and run.began <= meta.occurred_at <= run.ended
        if meta.correlation_id in run.order_ids or (of_driver and meta.correlation_id == meta.aggregate_id):
            own.setdefault(str(meta.event_id), event)
    return sorted(own.values(), key=lambda e: e.metadata.occurred_at)


def _some(queues: Mapping[str, int]) -> dict[str, int]:
    return {name: number for name, number in sorted(queues.items()) if number}


def _unheard(run: Run, events: Iterable[Event[Any]]) -> int:
    """A merchant whose answer is never let through looks to the platform like one that is silent."""
    return sum(
        event.metadata.type == "order.cancelled"
        and event.data.reason is OrderReason.MERCHANT_TIMEOUT
        and event.metadata.aggregate_id in run.to_confirm
        for event in events
    )


def _unfinished(run: Run, records: Records) -> int:
    return sum(
        delivery_id in run.order_ids and state not in _DELIVERY_ENDED
        for delivery_id, state in records.deliveries.items()
    )


def _without_last_event(orders: Mapping[str, str], events: Iterable[Event[Any]]) -> int:
    told = {(event.metadata.aggregate_id, event.metadata.type) for event in events}
    return sum(
        status in _LAST_EVENT and (order_id, _LAST_EVENT[status]) not in told for order_id, status in orders.items()
    )


def _avoidable(run: Run, events: Iterable[Event[Any]]) -> float | None:
    took = _ready_to_delivered(events)
    excess = [
        min(_WORST_MIN, (run.speed * took[order] - floor) / 60) if order in took else _WORST_MIN
        for order, floor in run.floors.items()
    ]
    return round(sum(excess) / len(excess), 3) if excess else None


def _promises(events: Iterable[Event[Any]]) -> dict[str, bool]:
    """Whether the time that was promised was kept, by order, of those handed over and those that found no driver."""
    promised: dict[str, datetime] = {}
    handed_over: dict[str, datetime] = {}
    lost: set[str] = set()
    for event in events:
        order, kind = event.metadata.aggregate_id, event.metadata.type
        if kind.startswith("order.") and event.data.promised_at is not None:
            promised[order] = event.data.promised_at
        if kind == "delivery.delivered":
            handed_over[order] = event.metadata.occurred_at
        elif kind == "order.failed" and event.data.reason is OrderReason.NO_DRIVER:
            lost.add(order)
    return {o: o in handed_over and handed_over[o] <= by for o, by in promised.items() if o in handed_over or o in lost}


def _place_to_assigned(events: Iterable[Event[Any]]) -> list[float]:
    """Wall seconds from placing to the first driver's yes, of orders that got one."""
    placed: dict[str, datetime] = {}
    assigned: dict[str, datetime] = {}
    for event in events:
        if event.metadata.type == "order.placed":
            placed[event.metadata.aggregate_id] = event.data.placed_at
        elif event.metadata.type == "delivery.assigned":
            assigned.setdefault(event.metadata.aggregate_id, event.metadata.occurred_at)
    return [(assigned[o] - placed[o]).total_seconds() for o in placed if o in assigned]


def _ready_to_delivered(events: Iterable[Event[Any]]) -> dict[str, float]:
    """Wall seconds from the merchant's word that it is ready to handing it over, by order."""
    ready = {e.metadata.aggregate_id: e.data.ready_at for e in events if e.metadata.type == "order.ready"}
    done = {e.metadata.aggregate_id: e.metadata.occurred_at for e in events if e.metadata.type == "delivery.delivered"}
    return {o: (done[o] - ready[o]).total_seconds() for o in ready if o in done}
