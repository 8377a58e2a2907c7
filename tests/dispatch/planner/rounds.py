"""Rounds to plan: short ways to say them, and whole ones drawn at random."""

import math
from dataclasses import dataclass

from hypothesis import strategies as st

from services.dispatch.planner.model import Delivery, Driver, Plan, Settings, Spot

NOW = 10_000.0
MINUTE = 60.0
VEHICLES = ("bicycle", "car")
QUICK = Settings(iterations=20, round_every=60.0)


@dataclass(frozen=True)
class Straight:
    """Five metres per second by car, three by bicycle."""

    def metres(self, start: Spot, end: Spot) -> float:
        return math.dist(start, end)

    def seconds(self, start: Spot, end: Spot, vehicle: str) -> float:
        return math.dist(start, end) / (3 if vehicle == "bicycle" else 5)


TRAVEL = Straight()


def delivery(name: str, *, at: float = 0.0, to: float = 1000.0, ready_in: float = 0.0, **more: object) -> Delivery:
    """From `at` metres east to `to` metres east, ready in so many seconds."""
    return Delivery(
        delivery_id=name,
        merchant_id=f"merchant at {at}",
        pickup=Spot(at, 0.0),
        dropoff=Spot(to, 0.0),
        opened_at=NOW,
        ready_at=NOW + ready_in,
        **more,  # type: ignore[arg-type]
    )


def driver(name: str, *, at: float = 0.0, free_in: float = 0.0, **more: object) -> Driver:
    return Driver(name, Spot(at, 0.0), NOW + free_in, **more)  # type: ignore[arg-type]


def carriers(plan: Plan) -> dict[str, str]:
    """Who carries what, by delivery, of the trips that leave now."""
    return {delivery_id: trip.driver_id for trip in plan.commit for delivery_id in trip.delivery_ids}


def planned(plan: Plan) -> dict[str, str]:
    """The same, later trips too."""
    return {each: trip.driver_id for trip in (*plan.commit, *plan.later) for each in trip.delivery_ids}


SPOTS = st.builds(Spot, st.integers(-3000, 3000).map(float), st.integers(-3000, 3000).map(float))
MERCHANTS = [Spot(0.0, 0.0), Spot(900.0, 0.0), Spot(0.0, 2500.0)]
NAMES = ["ann", "ben", "cy", "di", "eve"]


@st.composite
def deliveries(draw: st.DrawFn) -> list[Delivery]:
    count = draw(st.integers(0, 9))
    return [
        Delivery(
            delivery_id=f"d{number}",
            merchant_id=str(merchant),
            pickup=MERCHANTS[merchant],
            dropoff=draw(SPOTS),
            opened_at=NOW - draw(st.integers(0, 3600)),
            ready_at=NOW + draw(st.integers(-1800, 1800)),
            ready_spread=draw(st.sampled_from([0.0, 120.0])),
            promised_at=NOW + draw(st.sampled_from([600.0, 3600.0, math.inf])),
            size=draw(st.integers(1, 3)),
            vehicles=draw(st.sampled_from([frozenset[str](), frozenset({"car"})])),
            refused_by=draw(st.frozensets(st.sampled_from(NAMES), max_size=3)),
            barred=draw(st.frozensets(st.sampled_from(NAMES), max_size=1)),
            pinned_to=pinned_to,
            forced=pinned_to is not None and draw(st.booleans()),
        )
        for number in range(count)
        for merchant in [draw(st.integers(0, len(MERCHANTS) - 1))]
        for pinned_to in [draw(st.sampled_from([None, None, None, "ann"]))]
    ]


@st.composite
def drivers(draw: st.DrawFn) -> list[Driver]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return [
        Driver(
            driver_id=name,
            spot=draw(SPOTS),
            free_at=NOW + draw(st.sampled_from([-600.0, 0.0, 400.0])),
            shift_ends_at=NOW + draw(st.sampled_from([300.0, 1500.0, 20_000.0])),
            capacity=draw(st.integers(1, 5)),
            vehicle=draw(st.sampled_from(VEHICLES)),
            answering=draw(st.booleans()),
            acceptance=draw(st.sampled_from([0.2, 1.0])),
            carried=draw(st.integers(0, 9)),
        )
        for name in names
    ]
