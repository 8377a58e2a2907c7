"""Which driver to ask for which delivery. Pure: the same arguments give the same plan, and no clock is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from services.dispatch.assignment import cheapest_pairs

EARTH_RADIUS_M = 6_371_008.8
# Dearer than any journey: a pair that must not be is made only where no other is left, and then dropped.
FORBIDDEN_S = 1e9


@dataclass(frozen=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True)
class OpenDelivery:
    """A delivery that looks for a driver.

    `refused_by`: drivers who said no, let an offer lapse, or lost it. `barred`: those of them from whom an operator
    took it, who are never to have it again.
    """

    delivery_id: str
    sequence: int
    pickup: Point
    dropoff: Point
    searching_since: datetime
    expected_ready_at: datetime
    refused_by: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Driver:
    driver_id: str
    position: Point
    free: bool


@dataclass(frozen=True)
class PlanSettings:
    """Seconds, and metres per second; all at the speed of the clock that `now` is read from."""

    speed_mps: float
    offer_s: float
    search_s: float
    most_deliveries: int = 60  # a round plans those that wait longest; the matching's time grows with their square


@dataclass(frozen=True)
class PlannedOffer:
    delivery: OpenDelivery
    driver_id: str
    expires_at: datetime
    to_pickup_m: int
    to_dropoff_m: int
    expected_pickup_at: datetime
    expected_dropoff_at: datetime


@dataclass(frozen=True)
class Plan:
    """What must be done now: offers to make, and searches that ran out of time."""

    offers: tuple[PlannedOffer, ...] = ()
    given_up: tuple[OpenDelivery, ...] = ()


def plan(now: datetime, deliveries: Sequence[OpenDelivery], drivers: Sequence[Driver], settings: PlanSettings) -> Plan:
    """The offers that bring drivers to merchants soonest, all of them considered together.

    A pair costs the seconds of its way to the merchant, less the seconds the delivery has waited: where drivers are
    short, a longer wait makes up for a longer way, so that no far order starves. A driver who refused a delivery is
    asked again only when every free driver has refused it, and one from whom an operator took it is never asked.
    """
    deadline = now - timedelta(seconds=settings.search_s)
    by_wait = sorted(deliveries, key=lambda each: (each.searching_since, each.delivery_id))
    given_up = tuple(each for each in by_wait if each.searching_since <= deadline)
    waiting = [each for each in by_wait if each.searching_since > deadline][: settings.most_deliveries]
    free = sorted((driver for driver in drivers if driver.free), key=lambda driver: driver.driver_id)
    costs = [_costs(now, delivery, free, settings) for delivery in waiting]
    pairs = [(row, column) for row, column in cheapest_pairs(costs) if costs[row][column] < FORBIDDEN_S / 2]
    return Plan(tuple(_offer(now, waiting[row], free[column], settings) for row, column in pairs), given_up)


def _costs(now: datetime, delivery: OpenDelivery, free: Sequence[Driver], settings: PlanSettings) -> list[float]:
    waited_s = (now - delivery.searching_since).total_seconds()
    all_refused = all(driver.driver_id in delivery.refused_by | delivery.barred for driver in free)
    not_asked = delivery.barred if all_refused else delivery.refused_by | delivery.barred
    return [
        FORBIDDEN_S
        if driver.driver_id in not_asked
        else distance_m(driver.position, delivery.pickup) / settings.speed_mps - waited_s
        for driver in free
    ]


def _offer(now: datetime, delivery: OpenDelivery, driver: Driver, settings: PlanSettings) -> PlannedOffer:
    to_pickup_m = distance_m(driver.position, delivery.pickup)
    to_dropoff_m = distance_m(delivery.pickup, delivery.dropoff)
    expected_pickup_at = max(now + timedelta(seconds=to_pickup_m / settings.speed_mps), delivery.expected_ready_at)
    return PlannedOffer(
        delivery=delivery,
        driver_id=driver.driver_id,
        expires_at=now + timedelta(seconds=settings.offer_s),
        to_pickup_m=round(to_pickup_m),
        to_dropoff_m=round(to_dropoff_m),
        expected_pickup_at=expected_pickup_at,
        expected_dropoff_at=expected_pickup_at + timedelta(seconds=to_dropoff_m / settings.speed_mps),
    )


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres, by the haversine formula."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lng - a.lng) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half)))
