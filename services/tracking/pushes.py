"""What whoever watches an order is told: where its driver is, what changed of it, and when watching it ends."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from delivery_events.dispatch import DeliveryState
from delivery_events.envelope import rfc3339
from delivery_events.outbox import Change
from delivery_events.push import Publication, Push
from delivery_events.values import Stop

from services.tracking.domain import ENDED, Row
from services.tracking.geometry import distance_m
from services.tracking.movement import way
from services.tracking.stops import begins, due, other_on_board, stops

MOVEMENT = Publication(
    "publishDriverMovement",
    "DriverMovementInput",
    "orderId driverId pickedUp otherOnBoard position { lat lng } heading speed at expectedArrivalAt "
    "path { lat lng beforeMs } sequence",
)
SHARED = Publication(
    "publishSharedTracking",
    "SharedTrackingChangeInput",
    "orderId at status reason expectedReadyAt expectedPickupAt expectedDropoffAt deliveredAt sequence "
    "position { lat lng at heading speed } expectedArrivalAt positionSequence",
)
ENDED_WATCH = Publication("endWatch", "EndedWatchInput", "orderId pickedUp ended formerDriverId")

PATH_POINTS = 20  # of a report's way, the last ones: a report holds up to a hundred
STANDING_MPS = 1.0  # below it a driver waits at a light, and the measured speed says nothing of the way

_CARRIED = frozenset(
    {
        DeliveryState.PICKED_UP,
        DeliveryState.ARRIVED_AT_DROPOFF,
        DeliveryState.RETURNING,
        DeliveryState.DELIVERED,
        DeliveryState.RETURNED,
    }
)


# -- where a driver is ------------------------------------------------------------------------------------------------


def movements(change: Change, speed_mps: float) -> Iterator[Push]:
    """Of a report: one push for each order that the driver is on the way with or waits with at its stop, and one for
    its link if it has one.

    None for an order that nobody ever watched. One that was watched is told of to its end, as a subscription may last
    longer than it counts as watching.

    `speed_mps` is how fast drivers are expected to be, in metres per second as the crow flies.
    """
    old, new = change.old or {}, change.new
    if new is None or new["sk"] != "DRIVER" or "at" not in new or old.get("at") == new["at"]:
        return
    next_ones = due(new)
    for order_id, stop in stops(new).items():
        if not stop.get("watched_until"):
            continue
        picked_up = stop["stop"] == Stop.DROPOFF
        told = {
            "orderId": order_id,
            "driverId": new["driver_id"],
            "pickedUp": picked_up,
            "otherOnBoard": other_on_board(new, order_id),
            "position": {"lat": new["lat"], "lng": new["lng"]},
            "heading": new.get("heading"),
            "speed": new.get("speed"),
            "at": new["at"],
            "expectedArrivalAt": _expected(new, stop, speed_mps, comes_next=order_id in next_ones),
            "path": path(new, since=stop["since"] if picked_up else begins(new, stop)),
            "sequence": new["sequence"],
        }
        yield Push(MOVEMENT, told)
        if picked_up and stop.get("shared"):
            yield Push(SHARED, _shared_movement(told))


def _expected(driver: Row, stop: Row, speed_mps: float, *, comes_next: bool) -> str:
    """When the driver is expected at the stop: straight on from here, and while there are stops before it, not before
    it was planned for."""
    straight_on = rfc3339(expected_arrival(driver, stop, speed_mps))
    return straight_on if comes_next else max(straight_on, stop.get("expected_at", ""))


def expected_arrival(driver: Row, stop: Mapping[str, Any], speed_mps: float) -> datetime:
    """When the driver gets there: the rest of the way, straight on, at the mean of expected and measured speed."""
    measured = driver.get("speed") or 0.0
    pace = (speed_mps + measured) / 2 if measured >= STANDING_MPS else speed_mps
    rest_m = distance_m((stop["lat"], stop["lng"]), (driver["lat"], driver["lng"]))
    return datetime.fromisoformat(driver["at"]) + timedelta(seconds=rest_m / pace)


def path(driver: Row, *, since: str) -> list[dict[str, float]]:
    """The last report's way from `since` on: what was before is not the order's. The position itself is part of it."""
    at = datetime.fromisoformat(driver["at"])
    own = [(moment, point) for moment, point in way(driver) if rfc3339(moment) >= since or moment == at]
    points = [(round((at - moment) / timedelta(milliseconds=1)), point) for moment, point in own]
    return [{"lat": lat, "lng": lng, "beforeMs": before} for before, (lat, lng) in points[-PATH_POINTS:]]


def _shared_movement(told: Mapping[str, Any]) -> dict[str, Any]:
    measured = {name: told[name] for name in ("heading", "speed") if told[name] is not None}
    return {
        "orderId": told["orderId"],
        "at": told["at"],
        "position": {**told["position"], "at": told["at"], **measured},
        "expectedArrivalAt": told["expectedArrivalAt"],
        "positionSequence": told["sequence"],
    }


# -- where an order stands --------------------------------------------------------------------------------------------


def changes(change: Change) -> Iterator[Push]:
    """Of an order's row: what its link shows, then whose right to watch its driver has ended, if anybody watched.

    Whoever subscribes after this change is refused by the row as it left it.
    """
    old, new = change.old or {}, change.new
    if new is None or new["sk"] != "TRACKING" or old.get("sequence") == new["sequence"]:
        return
    if "share_secret" in new:
        yield Push(SHARED, _shared_change(new))
    if "watched_until" in new and (ended := _ended(old, new)) is not None:
        yield Push(ENDED_WATCH, ended)


def _shared_change(row: Row) -> dict[str, Any]:
    return {
        "orderId": row["order_id"],
        "at": row["occurred_at"],
        "status": row["status"],
        "reason": row.get("reason"),
        "expectedReadyAt": row.get("expected_ready_at"),
        "expectedPickupAt": row.get("expected_pickup_at"),
        "expectedDropoffAt": row.get("expected_dropoff_at"),
        "deliveredAt": row.get("delivered_at"),
        "sequence": row["sequence"],
    }


def _ended(old: Row, new: Row) -> dict[str, Any] | None:
    """None if nobody's right ended: the merchant's does at pick-up, a driver's with the order, all at its end."""
    former = old.get("driver_id") if old.get("driver_id") != new.get("driver_id") else None
    picked_up, over = _is_carried(new), new["status"] in ENDED
    was_picked_up, was_over = bool(old) and _is_carried(old), old.get("status") in ENDED
    if not (former or picked_up > was_picked_up or over > was_over):
        return None
    return {"orderId": new["order_id"], "pickedUp": picked_up, "ended": over, "formerDriverId": former}


def _is_carried(row: Row) -> bool:
    return row.get("delivery_state") in _CARRIED
