"""What a city seldom does, played on the running platform by the public API: an order nobody can carry, one that is
cancelled while it is picked up, one of two that are offered together, one that is brought back, an app that was
removed, a driver who drops out; and a partner that an operator disables and enables."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

import httpx

from local.partners import standing
from local.platform import Platform
from local.simulator import operations as op
from local.simulator.api import CustomerApi, DriverApi, MerchantApi
from local.simulator.city import ORIGIN, City, Contact, Customer, Driver, Item, Merchant, Order
from local.simulator.geometry import offset
from local.simulator.seed import seed
from local.simulator.session import CallLog, Refused

T = TypeVar("T")

# Far from every simulated city: no driver of one is within reach.
PLACE = offset(ORIGIN, east=0, north=90_000)
REMOTE = offset(ORIGIN, east=0, north=180_000)
_PATIENCE = 60.0  # wall seconds for a step
_SEARCH = 3_300.0  # how long dispatch looks for a driver for a customer who chooses to wait once, platform's seconds
_TRIES = 8  # at being faster than the event that says that it was picked up


@dataclass(frozen=True)
class People:
    customer: CustomerApi
    merchant: MerchantApi
    remote: MerchantApi
    driver: DriverApi


async def play(platform: Platform) -> None:
    """Takes a little longer than dispatch looks for a driver: an hour by the platform's clock.

    Raises TimeoutError when a step does not come to pass, and Refused when the API says no to one.
    """
    async with httpx.AsyncClient(timeout=30) as http:
        cast = (await seed(_CITY, platform, http, CallLog())).cast
        people = People(
            cast.customers["scenario-customer"],
            cast.merchants["scenario-merchant-1"],
            cast.merchants["scenario-merchant-2"],
            cast.drivers["scenario-driver"],
        )
        patience = _PATIENCE + 1.5 * _SEARCH / platform.time_scale
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_nobody_carries_it(people, patience))
            tasks.create_task(_one_after_the_other(people))
            tasks.create_task(asyncio.to_thread(_partner_left_out_for_a_moment, platform))


def _partner_left_out_for_a_moment(platform: Platform) -> None:
    partner = standing.named(platform.aws, "example")
    standing.disable(platform.aws, partner, datetime.now(UTC))
    standing.enable(platform.aws, partner, datetime.now(UTC))


async def _one_after_the_other(people: People) -> None:
    await people.driver.go_on_duty(PLACE)
    await _app_was_removed(people)
    for _ in range(_TRIES):
        if await _cancelled_while_picked_up(people):
            break
    for _ in range(_TRIES):
        if await _one_of_a_trip_is_cancelled(people):
            break
    await _brought_back(people)
    await _driver_drops_out(people)
    await people.driver.go_off_duty()
    await people.customer.session.run(op.OPT_OUT, channels=["SMS"])


async def _nobody_carries_it(people: People, patience: float) -> None:
    """The customer is asked and chooses to wait; asked again, there is no answer."""
    order_id = await _confirmed(people, _ORDERS[1], people.remote)
    await _until(lambda: people.customer.order(order_id), lambda order: order.delayed, patience)
    await people.customer.keep_waiting(order_id)
    await _reaches(people, order_id, "FAILED", patience=patience)


async def _app_was_removed(people: People) -> None:
    """The first push finds out that the app is gone, the next one fails."""
    run = people.customer.session.run
    await run(op.REGISTER_DEVICE, deviceId="scenario-phone", token=f"uninstalled-{uuid4()}", platform="FCM")
    order_id = await _confirmed(people, _ORDERS[0], people.merchant)
    await asyncio.sleep(1)  # the first push goes out
    await people.customer.cancel_order(order_id)
    await _reaches(people, order_id, "CANCELLED")


async def _cancelled_while_picked_up(people: People) -> bool:
    """Whether the customer asked in time, and too late: both at once, so that neither has heard of the other."""
    order_id, driver = await _accepted(people), people.driver
    asked, picked_up = await asyncio.gather(
        people.customer.cancel_order(order_id), driver.pick_up(order_id), return_exceptions=True
    )
    for refusal in (asked, picked_up):
        if refusal is not None and not isinstance(refusal, Refused):
            raise refusal
    if picked_up is not None:  # dispatch had heard of it already
        await _reaches(people, order_id, "CANCELLED")
        return False
    await _reaches(people, order_id, "PICKED_UP")
    await asyncio.sleep(1)  # dispatch answers the customer; once it is handed over, there is nothing to answer
    await driver.deliver(order_id, "HANDED_OVER")
    await _reaches(people, order_id, "DELIVERED")
    return asked is None


async def _one_of_a_trip_is_cancelled(people: People) -> bool:
    """Whether two orders were offered together, so that the offer of the one is withdrawn with the other."""
    both = [await _confirmed(people, _ORDERS[0], people.merchant) for _ in range(2)]
    offers = await _until(people.driver.offers, bool, _PATIENCE)
    together = set(both) == {each for offer in offers for each in offer.delivery_ids}
    await people.customer.cancel_order(both[0])
    await _reaches(people, both[0], "CANCELLED")
    await people.customer.cancel_order(both[1])
    await _reaches(people, both[1], "CANCELLED")
    return together


async def _brought_back(people: People) -> None:
    """Nobody takes it at the door."""
    order_id = await _accepted(people)
    await people.driver.pick_up(order_id)
    await people.driver.start_return(order_id)
    await people.driver.returned(order_id)
    await _reaches(people, order_id, "FAILED")


async def _driver_drops_out(people: People) -> None:
    """And there is no other, so the customer no longer wants it."""
    order_id = await _accepted(people)
    await people.driver.drop_out(order_id)
    await _reaches(people, order_id, "CONFIRMED")
    await people.customer.cancel_order(order_id)
    await _reaches(people, order_id, "CANCELLED")


async def _accepted(people: People) -> str:
    """An order that the driver carries, and its own service knows it."""
    order_id, driver = await _confirmed(people, _ORDERS[0], people.merchant), people.driver
    offers = await _until(driver.offers, lambda offers: any(order_id in o.delivery_ids for o in offers), _PATIENCE)
    await driver.accept(next(offer for offer in offers if order_id in offer.delivery_ids))
    await _reaches(people, order_id, "ASSIGNED")
    return order_id


async def _reaches(people: People, order_id: str, *statuses: str, patience: float = _PATIENCE) -> None:
    await _until(lambda: people.customer.order(order_id), lambda order: order.status in statuses, patience)


async def _confirmed(people: People, order: Order, merchant: MerchantApi) -> str:
    order_id = str(uuid4())
    await people.customer.create_order(order_id, order, _CITY.currency)
    await _until(merchant.orders, lambda orders: orders.get(order_id) == "PENDING", _PATIENCE)
    await merchant.confirm(order_id, datetime.now(UTC) + timedelta(seconds=1))
    return order_id


async def _until(ask: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], patience: float) -> T:
    async with asyncio.timeout(patience):
        while not wanted(answer := await ask()):
            await asyncio.sleep(0.1)
    return answer


_ITEMS = (Item("Soup of the day", 1, 850),)
_ORDERS = tuple(
    Order("scenario-customer", f"scenario-merchant-{n}", offset(place, east=400, north=300), 0, 60, _ITEMS)
    for n, place in ((1, PLACE), (2, REMOTE))
)
_CITY = City(
    name="what seldom happens",
    seed=0,
    merchants=(Merchant("scenario-merchant-1", PLACE), Merchant("scenario-merchant-2", REMOTE)),
    drivers=(Driver("scenario-driver", Contact("+12025550196"), offset(PLACE, east=50, north=0), on=0, off=3_600),),
    customers=(Customer("scenario-customer", Contact("+12025550195", device=False)),),
    orders=_ORDERS,
    speed=5,
    pickup_service=0,
    dropoff_service=0,
)
