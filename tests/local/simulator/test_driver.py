"""How a driver goes about a trip."""

import asyncio
import selectors
from datetime import datetime, timedelta
from typing import Any

import pytest

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

    def __init__(self, takes: float = 0.0) -> None:
        self.takes = takes
        self.calls: list[str] = []
        self.called_at: dict[str, float] = {}  # wall seconds
        self.states: dict[str, str] = {}
        self.offered = True

    async def run(self, operation: Operation, **variables: Any) -> Any:
        await asyncio.sleep(self.takes)
        name = operation.field
        if name not in ("myOffers", "myDeliveries", "reportLocations"):
            self.calls.append(f"{name} {variables.get('id', '')}".strip())
            self.called_at[self.calls[-1]] = asyncio.get_running_loop().time()
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


async def shift(platform: Platform, clock: Clock, service: float) -> None:
    bell = Bell()
    around = Surroundings(
        bell=bell,
        kitchen=Kitchen(bell),
        clock=clock,
        plans={},
        merchants=(HERE,),
        closing=asyncio.Event(),
        speed=5,
        pickup_service=service,
        dropoff_service=service,
    )
    who = city.Driver("driver-001", city.Contact("+12025550100"), HERE, on=0, off=400)
    bell.ring("d1")
    await Driver(who, "d1", DriverApi(platform), around, seed=1).live()


def test_a_trip_is_accepted_as_it_was_seen_fetched_and_handed_over_in_order() -> None:
    platform = Platform()
    asyncio.run(shift(platform, Clock(1000), service=10))
    assert [call for call in platform.calls if not call.startswith("arrive")] == [
        "goOnDuty", "acceptOffer", "pickUp o1", "pickUp o2", "deliver o1", "deliver o2", "goOffDuty",
    ]  # fmt: skip


class Jumping(asyncio.SelectorEventLoop):
    """Its time goes by only where everybody waits, and then at once."""

    def __init__(self) -> None:
        self.wall = 0.0
        loop = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout: float | None = None) -> Any:
                loop.wall += timeout or 0.0
                return super().select(0)

        super().__init__(Selector())

    def time(self) -> float:
        return self.wall


@pytest.mark.parametrize("takes", [0.0, 0.5])
def test_what_the_platform_takes_to_answer_keeps_no_driver(takes: float) -> None:
    platform = Platform(takes)
    with asyncio.Runner(loop_factory=Jumping) as runner:
        loop = runner.get_loop()
        runner.run(shift(platform, Clock(10, monotonic=loop.time), service=100))
    begun = platform.called_at["pickUp o1"]
    after = {call: round(at - begun, 3) for call, at in platform.called_at.items()}
    assert (
        after["deliver o1"] == 10.0
    )  # half of the pick-up's service and of the drop-off's: 100 s at ten times the speed
    assert after["deliver o2"] == 20.0


def test_ways_of_a_real_day_take_whole_minutes() -> None:
    bell = Bell()
    parts: dict[str, Any] = {"bell": bell, "kitchen": Kitchen(bell), "clock": Clock(1), "plans": {}, "merchants": ()}
    services: dict[str, Any] = {"closing": asyncio.Event(), "speed": 5, "pickup_service": 0, "dropoff_service": 0}
    assert round(Surroundings(**parts, **services).seconds(HERE, THERE)) == 140
    assert Surroundings(**parts, **services, whole_minutes=True).seconds(HERE, THERE) == 180
    assert Surroundings(**parts, **services, whole_minutes=True).seconds(HERE, HERE) == 0
