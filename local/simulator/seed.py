"""Brings a city's people onto the platform: accounts, profiles, contacts. Doing it again changes nothing."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass

import httpx

from local.platform import Platform
from local.simulator.accounts import Account, Accounts, Wanted
from local.simulator.api import CustomerApi, DriverApi, MerchantApi, OperatorApi
from local.simulator.city import City, Contact, Merchant
from local.simulator.geometry import metres
from local.simulator.session import CallLog, HttpSession, insist
from local.simulator.world import Cast

_OPERATOR = "operator-001"
_AT_ONCE = 12  # calls under way
_LEAST_RADIUS = 5_000.0  # metres


@dataclass(frozen=True)
class Seeded:
    """names: whom each account's id belongs to, for people to read."""

    cast: Cast
    operator: OperatorApi
    names: Mapping[str, str]


async def seed(city: City, platform: Platform, http: httpx.AsyncClient, log: CallLog) -> Seeded:
    cognito = platform.aws.client("cognito-idp")
    accounts = Accounts(cognito, user_pool_id=platform.user_pool_id, client_id=platform.client_id)
    signed_in = await asyncio.to_thread(accounts.ensure, _wanted(city))

    def session(account: Account) -> HttpSession:
        return HttpSession(http, platform.graphql_url, account.token, log)

    cast = Cast(
        customers={c.key: CustomerApi(session(signed_in[c.key])) for c in city.customers},
        merchants={m.key: MerchantApi(session(signed_in[m.key])) for m in city.merchants},
        drivers={d.key: DriverApi(session(signed_in[d.key])) for d in city.drivers},
        driver_ids={d.key: signed_in[d.key].id for d in city.drivers},
    )
    await _all_of(_profiles(city, cast))
    operator = OperatorApi(session(signed_in[_OPERATOR]))
    # A run that was cut off leaves drivers on duty. They would be offered orders and never answer.
    if strangers := set(await operator.drivers_on_duty()) - set(cast.driver_ids.values()):
        for account in await asyncio.to_thread(accounts.find, strangers):
            await insist(DriverApi(session(account)).go_off_duty, tries=1)
    return Seeded(cast, operator, {account.id: name for name, account in signed_in.items()})


def _wanted(city: City) -> list[Wanted]:
    return [
        Wanted(_OPERATOR, "operator"),
        *(Wanted(c.key, "customer") for c in city.customers),
        *(Wanted(d.key, "driver") for d in city.drivers),
        *(Wanted(m.key, "merchant", merchant_id=m.key) for m in city.merchants),
    ]


def _profiles(city: City, cast: Cast) -> Iterable[Awaitable[None]]:
    for merchant in city.merchants:
        yield cast.merchants[merchant.key].put_merchant(merchant, city.currency, _radius(city, merchant))
    for driver in city.drivers:
        yield _introduce(cast.drivers[driver.key], driver.key, driver.contact)
    for customer in city.customers:
        yield cast.customers[customer.key].set_contact(customer.contact, f"phone-of-{customer.key}")


async def _introduce(driver: DriverApi, key: str, contact: Contact) -> None:
    await driver.register()
    await driver.set_contact(contact, f"phone-of-{key}")


def _radius(city: City, merchant: Merchant) -> int:
    """Far enough for all its orders, metres."""
    ways = [metres(merchant.at, order.dropoff) for order in city.orders if order.merchant == merchant.key]
    return round(max([_LEAST_RADIUS, *ways]) + 1000)


async def _all_of(calls: Iterable[Awaitable[None]]) -> None:
    """Make all calls, some at once. The first that is refused is raised: nobody can do without a profile."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(call: Awaitable[None]) -> None:
        async with gate:
            await call

    await asyncio.gather(*(one(call) for call in calls))
