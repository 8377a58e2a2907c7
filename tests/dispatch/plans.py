"""A planner for tests of what is made of a plan: first delivery, first free driver, one delivery a trip."""

from collections.abc import Callable, Sequence
from typing import Any

from services.dispatch.planner.model import Delivery, Doing, Driver, Explanation, Plan, Settings, Stop, Travel, Trip


def trip(now: float, driver: Driver, *deliveries: Delivery, travel: Travel, leaves_at: float | None = None) -> Trip:
    """All picked up at the first one's merchant, then handed over in this order, without any service."""
    first = deliveries[0]
    ids = tuple(each.delivery_id for each in deliveries)
    at = max(leaves_at or now, driver.free_at) + travel.seconds(driver.spot, first.pickup, driver.vehicle)
    stops = [Stop(Doing.PICK_UP, ids, first.pickup, at, at, travel.metres(driver.spot, first.pickup))]
    for each in deliveries:
        at += travel.seconds(stops[-1].spot, each.dropoff, driver.vehicle)
        metres = travel.metres(stops[-1].spot, each.dropoff)
        stops.append(Stop(Doing.DROP_OFF, (each.delivery_id,), each.dropoff, at, at, metres))
    return Trip(driver.driver_id, ids, tuple(stops), leaves_at or max(now, driver.free_at), at)


class FirstComeFirstServed:
    """`together`: all deliveries are one trip of the first free driver's. Keeps what it was given."""

    def __init__(self, *, together: bool = False) -> None:
        self.together = together
        self.deliveries: list[Delivery] = []
        self.drivers: list[Driver] = []
        self.settings = Settings()
        self.before: Any = None
        self.demand: Any = ()

    def __call__(
        self, now: float, deliveries: Sequence[Delivery], drivers: Sequence[Driver], travel: Travel,
        settings: Settings, *, demand: Any = (), before: Any = None, expired: Callable[[], bool] = lambda: False,
    ) -> Plan:  # fmt: skip
        self.deliveries, self.drivers = list(deliveries), list(drivers)
        self.settings, self.before, self.demand = settings, before, demand
        chosen = [tuple(deliveries)] if self.together else [(each,) for each in deliveries]
        free = [driver for driver in drivers if driver.free_at <= now and not driver.answering]
        busy = [driver for driver in drivers if driver.free_at > now and not driver.answering]
        commit = [trip(now, who, *what, travel=travel) for who, what in zip(free, chosen, strict=False)]
        later = [trip(now, who, *what, travel=travel) for who, what in zip(busy, chosen[len(commit) :], strict=False)]
        return Plan(
            commit=tuple(commit),
            later=tuple(later),
            explanations={each.driver_id: Explanation("came first", ()) for each in commit},
        )
