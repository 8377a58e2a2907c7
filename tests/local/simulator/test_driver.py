"""How a driver goes about a trip."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from local.simulator import city
from local.simulator.api import DeliveryView, DriverApi
from local.simulator.bell import Bell
from local.simulator.clock import Clock
from local.simulator.driver import Driver, Surroundings, first_trip
from local.simulator.geometry import Point, offset
from local.simulator.kitchen import Kitchen
from local.simulator.session import Operation
from tests.local.simulator.made import NOON

HERE, THERE = Point(40.0, -80.0), offset(Point(40.0, -80.0), east=700, north=0)


def delivery(id_: str, trip: str, position: int, accepted: float = 0, state: str = "ASSIGNED") -> DeliveryView:
    return DeliveryView(id_, state, HERE, THERE, trip, position, NOON + timedelta(seconds=accepted))


def test_the_trip_that_was_accepted_first_comes_first_in_the_order_of_its_drop_offs() -> None:
    carried = [delivery("c", "later", 0, 60), delivery("b", "now", 1), delivery("a", "now", 0)]
    assert [each.id for each in first_trip(carried)] == ["a", "b"]


class Platform:
    """Answers one driver's calls: an offer of two deliveries, then what was accepted."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.states: dict[str, str] = {}
        self.offered = True

    async def run(self, operation: Operation, **variables: Any) -> Any:
        name = operation.field
        if name not in ("myOffers", "myDeliveries", "reportLocations"):
            self.calls.append(f"{name} {variables.get('id', '')}".strip())
        return getattr(self, name)(**variables) if hasattr(self, name) else None

    def myOffers(self) -> dict[str, Any]:  # noqa: N802 - the API's name
        offer = {"id": "offer-1", "expiresAt": "2026-01-05T12:00:45Z"}
        node = {"offer": offer, "trip": {"deliveryIds": ["o1", "o2"]}}
        return {"edges": [{"node": node}, {"node": node}] if self.offered else []}

    def acceptOffer(self, **variables: Any) -> None:  # noqa: N802
        assert variables == {"offerId": "offer-1", "ids": ["o1", "o2"]}
        self.offered, self.states = False, dict.fromkeys(("o2", "o1"), "ASSIGNED")

    def reportLocations(self, **variables: Any) -> dict[str, Any]:  # noqa: N802
        return {"tooSoon": False, "nextReportInSeconds": 60}

    def pickUp(self, **variables: Any) -> None:  # noqa: N802
        self.states[variables["id"]] = "PICKED_UP"

    def deliver(self, **variables: Any) -> None:
        del self.states[variables["id"]]

    def myDeliveries(self) -> dict[str, Any]:  # noqa: N802
        place = {"lat": HERE.lat, "lng": HERE.lng}
        trip = {"id": "offer-1", "deliveryIds": ["o1", "o2"]}
        node = {"pickup": place, "dropoff": place, "trip": trip, "assignedAt": datetime.isoformat(NOON)}
        return {"edges": [{"node": node | {"id": i, "state": state}} for i, state in self.states.items()]}


def test_a_trip_is_accepted_as_it_was_seen_fetched_and_handed_over_in_order() -> None:
    async def shift() -> list[str]:
        platform, bell = Platform(), Bell()
        around = Surroundings(
            bell=bell,
            kitchen=Kitchen(bell),
            clock=Clock(1000),
            plans={},
            merchants=(HERE,),
            closing=asyncio.Event(),
            speed=5,
            pickup_service=10,
            dropoff_service=10,
        )
        who = city.Driver("driver-001", city.Contact("+12025550100"), HERE, on=0, off=400)
        bell.ring("d1")
        await Driver(who, "d1", DriverApi(platform), around, seed=1).live()
        return platform.calls

    calls = [call for call in asyncio.run(shift()) if not call.startswith("arrive")]
    assert calls == [
        "goOnDuty", "acceptOffer", "pickUp o1", "pickUp o2", "deliver o1", "deliver o2", "goOffDuty",
    ]  # fmt: skip


def test_ways_of_a_real_day_take_whole_minutes() -> None:
    bell = Bell()
    parts: dict[str, Any] = {"bell": bell, "kitchen": Kitchen(bell), "clock": Clock(1), "plans": {}, "merchants": ()}
    services: dict[str, Any] = {"closing": asyncio.Event(), "speed": 5, "pickup_service": 0, "dropoff_service": 0}
    assert round(Surroundings(**parts, **services).seconds(HERE, THERE)) == 140
    assert Surroundings(**parts, **services, whole_minutes=True).seconds(HERE, THERE) == 180
    assert Surroundings(**parts, **services, whole_minutes=True).seconds(HERE, HERE) == 0
