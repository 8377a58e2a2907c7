"""What is offered to a driver: a trip of one delivery or several, with its way, its times and its pay. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delivery_events.envelope import rfc3339

from services.dispatch.places import Point


@dataclass(frozen=True)
class PayRates:
    """What a trip pays, in minor units of `currency`: `base` for itself, `per_km` for each kilometre of its way as the
    crow flies from the driver on, `per_stop` for each place where something is picked up or handed over."""

    currency: str
    base: int
    per_km: int
    per_stop: int

    def of(self, metres: float, stops: int) -> int:
        return self.base + round(self.per_km * metres / 1000) + self.per_stop * stops

    def shares(self, total: int, count: int) -> list[int]:
        """`total` over `count` deliveries, as evenly as whole units allow; the first get what is left over."""
        each, rest = divmod(total, count)
        return [each + (index < rest) for index in range(count)]


@dataclass(frozen=True)
class Stop:
    """`kind`: PICKUP or DROPOFF. `metres`: from the stop before. `expected_at`: of the pick-up or the handing over."""

    kind: str
    delivery_ids: tuple[str, ...]
    metres: int
    expected_at: datetime


@dataclass(frozen=True)
class Part:
    """One delivery of a trip, as the round read it. `pay`: its share, minor units."""

    delivery_id: str
    sequence: int
    to_pickup_m: int
    to_dropoff_m: int
    expected_pickup_at: datetime
    expected_dropoff_at: datetime
    pay: int


@dataclass(frozen=True)
class TripOffer:
    """A trip as it is offered. `parts` are in the order of their drop-offs. `leaves_at`: when its driver, whose row is
    as the round read it, is to set out; `ends_at`, `ends_in`: when and where it is expected to be free again. The
    offer's id is the trip's."""

    offer_id: str
    driver_id: str
    driver_sequence: int
    expires_at: datetime
    parts: tuple[Part, ...]
    stops: tuple[Stop, ...]
    leaves_at: datetime
    ends_at: datetime
    ends_in: Point
    currency: str

    @property
    def delivery_ids(self) -> tuple[str, ...]:
        return tuple(part.delivery_id for part in self.parts)

    @property
    def metres(self) -> int:
        return sum(stop.metres for stop in self.stops)

    def offer(self, part: Part) -> dict[str, Any]:
        """The attribute `offer` of a delivery of this trip."""
        return {
            "offer_id": self.offer_id,
            "driver_id": self.driver_id,
            "expires_at": rfc3339(self.expires_at),
            "to_pickup_m": part.to_pickup_m,
            "to_dropoff_m": part.to_dropoff_m,
        }

    def trip(self, part: Part) -> dict[str, Any]:
        """Its attribute `trip`: the whole trip, so that whoever reads one delivery knows what it is carried with."""
        return {
            "trip_id": self.offer_id,
            "position": 1 + self.parts.index(part),
            "size": len(self.parts),
            "metres": self.metres,
            "delivery_ids": list(self.delivery_ids),
            "stops": [_stored(stop) for stop in self.stops],
            "leaves_at": rfc3339(self.leaves_at),
            "ends_at": rfc3339(self.ends_at),
            "pay": {"amount": sum(each.pay for each in self.parts), "currency": self.currency},
        }

    def pay(self, part: Part) -> dict[str, Any]:
        return {"amount": part.pay, "currency": self.currency}


def _stored(stop: Stop) -> dict[str, Any]:
    return {
        "stop": stop.kind,
        "delivery_ids": list(stop.delivery_ids),
        "metres": stop.metres,
        "expected_at": rfc3339(stop.expected_at),
    }


def partners(delivery: dict[str, Any]) -> Sequence[str]:
    """The deliveries that are offered together with this one; itself left out."""
    return [each for each in delivery["trip"]["delivery_ids"] if each != delivery["delivery_id"]]
