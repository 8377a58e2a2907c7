"""What each kind of person can do through the API, in the words of the city. Every method may raise Refused."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delivery_events.envelope import rfc3339

from local.simulator import operations as op
from local.simulator.city import Contact, Item, Merchant, Order
from local.simulator.geometry import Point
from local.simulator.phone import Fix
from local.simulator.session import Operation, Session


@dataclass(frozen=True)
class OfferView:
    """An offer as the driver's phone shows it."""

    delivery_id: str
    offer_id: str
    expires_at: datetime


@dataclass(frozen=True)
class DeliveryView:
    """A delivery as the driver who carries it sees it."""

    id: str
    state: str
    pickup: Point
    dropoff: Point


@dataclass(frozen=True)
class OpenDelivery:
    """A delivery that has not ended, as an operator sees it. offer_id, offer_driver: while an offer stands."""

    id: str
    state: str
    driver: str | None
    offer_id: str | None
    offer_driver: str | None


class ContactApi:
    """How its account wants to be told."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def set_contact(self, contact: Contact, device: str) -> None:
        """`device` names the phone; its token is made from it."""
        run = self.session.run
        await run(op.SET_MY_CONTACT, phone=contact.phone, locale=contact.locale)
        await run(op.SET_MY_PREFERENCES, channels={"sms": contact.sms, "push": contact.push})
        if contact.opted_out:
            await run(op.OPT_OUT, channels=["SMS", "PUSH"])
        if contact.device:
            await run(op.REGISTER_DEVICE, deviceId=device, token=f"simulated-token-of-{device}", platform="FCM")


class CustomerApi(ContactApi):
    async def create_order(self, order_id: str, order: Order, currency: str) -> None:
        await self.session.run(
            op.CREATE_ORDER,
            input={
                "id": order_id,
                "merchantId": order.merchant,
                "lines": [_line(item) for item in order.items],
                "total": {"amount": order.total, "currency": currency},
                "dropoff": _position(order.dropoff),
                "address": f"Door {order.customer.rpartition('-')[2]}, Simulated Street",
            },
        )

    async def cancel_order(self, order_id: str) -> None:
        await self.session.run(op.CANCEL_ORDER, id=order_id)

    async def order_status(self, order_id: str) -> str:
        status: str = (await self.session.run(op.ORDER, id=order_id))["status"]
        return status


class MerchantApi:
    def __init__(self, session: Session) -> None:
        self.session = session

    async def put_merchant(self, merchant: Merchant, currency: str, radius: int) -> None:
        """radius: how far it delivers, metres."""
        profile = {
            "name": f"Kitchen {merchant.key.rpartition('-')[2]}",
            "place": _position(merchant.at),
            "currency": currency,
            "deliveryRadiusMetres": radius,
        }
        await self.session.run(op.PUT_MERCHANT, input=profile)

    async def orders(self) -> dict[str, str]:
        """The status of each of the newest orders, by id."""
        return {node["id"]: node["status"] for node in _nodes(await self.session.run(op.MY_MERCHANT_ORDERS))}

    async def confirm(self, order_id: str, expected_ready_at: datetime) -> None:
        await self.session.run(op.CONFIRM_ORDER, id=order_id, at=rfc3339(expected_ready_at))

    async def reject(self, order_id: str) -> None:
        await self.session.run(op.REJECT_ORDER, id=order_id, reason="OUT_OF_STOCK")

    async def mark_ready(self, order_id: str) -> None:
        await self.session.run(op.MARK_ORDER_READY, id=order_id)


class DriverApi(ContactApi):
    async def register(self) -> None:
        await self.session.run(op.REGISTER_DRIVER, vehicle="BICYCLE")

    async def go_on_duty(self, at: Point) -> None:
        await self.session.run(op.GO_ON_DUTY, position=_position(at))

    async def go_off_duty(self) -> None:
        await self.session.run(op.GO_OFF_DUTY)

    async def report(self, fixes: list[Fix]) -> float:
        """For how many seconds the platform asks to collect positions before the next report."""
        answer = await self.session.run(op.REPORT_LOCATIONS, positions=[_location(fix) for fix in fixes])
        return float(answer["nextReportInSeconds"])

    async def offers(self) -> list[OfferView]:
        return [_offer(node) for node in _nodes(await self.session.run(op.MY_OFFERS))]

    async def deliveries(self) -> list[DeliveryView]:
        """Those it carries."""
        nodes = _nodes(await self.session.run(op.MY_DELIVERIES))
        return [DeliveryView(n["id"], n["state"], Point(**n["pickup"]), Point(**n["dropoff"])) for n in nodes]

    async def accept(self, offer: OfferView) -> None:
        await self.session.run(op.ACCEPT_OFFER, id=offer.delivery_id, offerId=offer.offer_id)

    async def decline(self, offer: OfferView) -> None:
        await self.session.run(op.DECLINE_OFFER, id=offer.delivery_id, offerId=offer.offer_id)

    async def drop_out(self, delivery_id: str) -> None:
        await self.session.run(op.DROP_OUT, id=delivery_id)

    async def arrive(self, delivery_id: str, stop: str) -> None:
        await self.session.run(op.ARRIVE, id=delivery_id, stop=stop)

    async def pick_up(self, delivery_id: str) -> None:
        await self.session.run(op.PICK_UP, id=delivery_id)

    async def deliver(self, delivery_id: str, proof: str) -> None:
        await self.session.run(op.DELIVER, id=delivery_id, proof={"kind": proof})

    async def start_return(self, delivery_id: str) -> None:
        await self.session.run(op.START_RETURN, id=delivery_id, reason="RECIPIENT_ABSENT")

    async def returned(self, delivery_id: str) -> None:
        await self.session.run(op.RETURNED, id=delivery_id)


class OperatorApi:
    def __init__(self, session: Session) -> None:
        self.session = session

    async def open_deliveries(self) -> dict[str, OpenDelivery]:
        return {node["id"]: _open_delivery(node) async for node in self._all(op.DELIVERIES)}

    async def drivers_on_duty(self) -> list[str]:
        return [node["id"] async for node in self._all(op.DRIVERS) if node["state"] != "OFF_DUTY"]

    async def _all(self, operation: Operation) -> AsyncIterator[dict[str, Any]]:
        after: str | None = None
        while True:
            page = await self.session.run(operation, after=after)
            for node in _nodes(page):
                yield node
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]


def _nodes(connection: Any) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def _position(point: Point) -> dict[str, float]:
    return {"lat": point.lat, "lng": point.lng}


def _line(item: Item) -> dict[str, Any]:
    return {"name": item.name, "quantity": item.quantity, "unitAmount": item.unit_price}


def _location(fix: Fix) -> dict[str, Any]:
    location = {**_position(fix.point), "at": rfc3339(fix.at), "speed": round(fix.speed, 1)}
    return location if fix.heading is None else location | {"heading": fix.heading}


def _offer(node: dict[str, Any]) -> OfferView:
    return OfferView(node["id"], node["offer"]["id"], datetime.fromisoformat(node["offer"]["expiresAt"]))


def _open_delivery(node: dict[str, Any]) -> OpenDelivery:
    offer = node["offer"] or {}
    return OpenDelivery(node["id"], node["state"], node["driverId"], offer.get("id"), offer.get("driverId"))
