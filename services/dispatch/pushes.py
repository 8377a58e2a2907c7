"""What drivers are told of their offers, and operators of drivers and deliveries."""

import re
from collections.abc import Sequence
from typing import Any

from delivery_events import Event
from delivery_events.outbox import Change
from delivery_events.push import Publication, Push

from services.dispatch import domain
from services.dispatch.domain import Row

_FLEET_DRIVER = "id state onDuty vehicle position { lat lng } deliveryIds sequence positionSequence"
_FLEET_DELIVERY = (
    "id state reason merchantId driverId offeredTo pickup { lat lng } dropoff { lat lng } requestedAt searchingSince "
    "expectedReadyAt readyAt assignedAt expectedPickupAt pickedUpAt expectedDropoffAt deliveredAt sequence"
)

OFFER = Publication(
    "publishOffer",
    "OfferChangeInput",
    "deliveryId driverId offerId kind at expiresAt toPickupMetres toDropoffMetres merchantId pickup { lat lng } "
    "expectedReadyAt expectedPickupAt expectedDropoffAt sequence",
)
FLEET = Publication(
    "publishFleet",
    "FleetChangeInput",
    f"zone formerZone at eventsIn eventsOut driver {{ {_FLEET_DRIVER} }} delivery {{ {_FLEET_DELIVERY} }}",
)

_EVENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# What a transition of a delivery is to the offer that stood before it.
_KINDS = {
    "acceptOffer": "ACCEPTED",
    "declineOffer": "DECLINED",
    domain.EXPIRE: "EXPIRED",
    domain.CANCEL: "WITHDRAWN",
    domain.WITHDRAW: "WITHDRAWN",
}


def offer_pushes(change: Change) -> list[Push]:
    """Of one change of a row: what drivers are told."""
    new = _news(change)
    return _offer_pushes(change.old or {}, new) if new and domain.is_delivery(new) else []


def fleet_pushes(change: Change, events: Sequence[Event[Any]]) -> list[Push]:
    """Of one change of a row that made these events: what operators are told."""
    new = _news(change)
    if new is None:
        return []
    about = _delivery_change(new) if domain.is_delivery(new) else _driver_change(change.old or {}, new)
    return [Push(FLEET, about | {"eventsIn": int(_was_event(change.old or {}, new)), "eventsOut": len(events)})]


def _was_event(old: Row, new: Row) -> bool:
    """Whether a change was made of an event. Of a step the cause says so, as requests, rounds and timers name
    themselves; where a driver is and when food is ready are heard of by events."""
    if old.get("sequence") != new["sequence"]:
        return _EVENT_ID.fullmatch(new.get("caused_by", "")) is not None
    return any(old.get(name) != new.get(name) for name in ("position_sequence", "ready_at"))


def _news(change: Change) -> Row | None:
    """The row, if others are concerned. What is noted of a delivery before it is opened concerns nobody."""
    new = change.new
    return new if new is not None and "sequence" in new and _is_news(change.old or {}, new) else None


def _is_news(old: Row, new: Row) -> bool:
    """Every step; and what others know of a driver or a delivery, which `sequence` does not count."""
    facts = ("sequence", "position", "zone_key", "ready_at")
    return any(old.get(name) != new.get(name) for name in facts)


def _offer_pushes(old: Row, new: Row) -> list[Push]:
    made = domain.new_offer(old, new)
    if made is not None:
        return [Push(OFFER, _offer_change(made, "OFFERED", new, new))]
    if "offer" in old and old["sequence"] != new["sequence"]:
        return [Push(OFFER, _offer_change(old["offer"], _KINDS[new["transition"]], old, new))]
    return []


def _offer_change(offer: Row, kind: str, when_offered: Row, new: Row) -> dict[str, Any]:
    return {
        "deliveryId": new["delivery_id"],
        "driverId": offer["driver_id"],
        "offerId": offer["offer_id"],
        "kind": kind,
        "at": new["occurred_at"],
        "expiresAt": offer["expires_at"],
        "toPickupMetres": offer["to_pickup_m"],
        "toDropoffMetres": offer["to_dropoff_m"],
        "merchantId": new["merchant_id"],
        "pickup": _point(new["pickup"]),
        "expectedReadyAt": new.get("expected_ready_at"),
        "expectedPickupAt": when_offered.get("expected_pickup_at"),
        "expectedDropoffAt": when_offered.get("expected_dropoff_at"),
        "sequence": new["sequence"],
    }


def _driver_change(old: Row, new: Row) -> dict[str, Any]:
    zone, former = new.get("zone_key"), old.get("zone_key")
    state = domain.state_of(new)
    assert state is not None  # noqa: S101 - the row has a sequence
    driver = {
        "id": new["driver_id"],
        "state": state.value,
        "onDuty": new["on_duty"],
        "vehicle": new["vehicle"],
        "position": _point(new["position"]) if "position" in new else None,
        "deliveryIds": sorted(new.get("deliveries", ())),
        "sequence": new["sequence"],
        "positionSequence": new.get("position_sequence"),
    }
    left = former if former != zone else None
    return {"zone": zone, "formerZone": left, "at": new["occurred_at"], "driver": _present(driver)}


def _delivery_change(new: Row) -> dict[str, Any]:
    delivery = {
        "id": new["delivery_id"],
        "state": new["state"],
        "reason": new.get("reason"),
        "merchantId": new["merchant_id"],
        "driverId": new.get("driver_id"),
        "offeredTo": new["offer"]["driver_id"] if "offer" in new else None,
        "pickup": _point(new["pickup"]),
        "dropoff": _point(new["dropoff"]),
        "requestedAt": new["requested_at"],
        "searchingSince": new.get("searching_since"),
        "expectedReadyAt": new.get("expected_ready_at"),
        "readyAt": new.get("ready_at"),
        "assignedAt": new.get("assigned_at"),
        "expectedPickupAt": new.get("expected_pickup_at"),
        "pickedUpAt": new.get("picked_up_at"),
        "expectedDropoffAt": new.get("expected_dropoff_at"),
        "deliveredAt": new.get("delivered_at"),
        "sequence": new["sequence"],
    }
    return {"zone": new["zone"], "at": new["occurred_at"], "delivery": _present(delivery)}


def _point(position: Row) -> dict[str, float]:
    return {"lat": position["lat"], "lng": position["lng"]}


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
