"""A real day of meal delivery as a city: an instance folder, whose files instance_files.py describes.

The metres are laid out around a fixed point. Each way takes whole minutes, and a driver without work stays where the
last one ended. What the files do not say, they who read the day do not do: nobody cancels, no merchant rejects, and
every driver accepts.
"""

import random
from pathlib import Path

from local.simulator import instance_files
from local.simulator.city import (
    MINUTE,
    ORIGIN,
    City,
    Contact,
    Customer,
    Driver,
    Merchant,
    Order,
    basket,
    fictional_phone,
)
from local.simulator.geometry import Point, offset
from local.simulator.instance_files import InstanceError

__all__ = ["InstanceError", "read"]


def read(folder: Path) -> City:
    """The city of that day. Raises InstanceError."""
    day = instance_files.read(folder)
    keys = {name: f"merchant-{n:03d}" for n, name in enumerate(day.restaurants, 1)}
    dice = random.Random(0)  # noqa: S311 - the files name no prices
    orders = (_order(n, order, keys, dice) for n, order in enumerate(day.orders, 1))
    return City(
        name=f"instance {day.name}",
        seed=0,
        merchants=tuple(Merchant(keys[name], _point(place)) for name, place in day.restaurants.items()),
        drivers=tuple(_driver(n, courier) for n, courier in enumerate(day.couriers, 1)),
        customers=tuple(Customer(_customer_key(n), Contact(fictional_phone(n))) for n in range(1, len(day.orders) + 1)),
        orders=tuple(sorted(orders, key=lambda order: order.placed)),
        speed=day.speed / MINUTE,
        pickup_service=day.pickup_service * MINUTE,
        dropoff_service=day.dropoff_service * MINUTE,
        whole_minutes=True,
        roam=False,
    )


def _point(place: instance_files.Place) -> Point:
    return offset(ORIGIN, *place)


def _driver(number: int, courier: instance_files.Courier) -> Driver:
    contact = Contact(fictional_phone(number))
    return Driver(f"driver-{number:03d}", contact, _point(courier.at), courier.on * MINUTE, courier.off * MINUTE)


def _order(number: int, order: instance_files.Order, merchants: dict[str, str], dice: random.Random) -> Order:
    placed, ready = order.placed * MINUTE, order.ready * MINUTE
    merchant = merchants[order.restaurant]
    return Order(_customer_key(number), merchant, _point(order.at), placed, ready, basket(dice))


def _customer_key(number: int) -> str:
    return f"customer-{number:03d}"
