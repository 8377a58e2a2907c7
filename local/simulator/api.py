"""What each kind of person can do through the API, in the words of the city. Every method may raise Refused."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delivery_events.envelope import rfc3339

from local.simulator import operations as op
from local.simulator.city import Contact, Item, Merchant, Order
from local.simulator.geometry import Point
from local.simulator.phone import Fix, Reported
from local.simulator.session import Operation, Session


@dataclass(frozen=True)
class OfferView:
    """An offer of a trip as the driver's phone shows it. delivery_ids: in the order of their drop-offs."""

    offer_id: str
    delivery_ids: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True)
class DeliveryView:
    """A delivery as the driver who carries it sees it. position: in the order of its trip's drop-offs."""

    id: str
    state: str
    pickup: Point
    dropoff: Point
    trip_id: str
    position: int
    assigned_at: datetime


@dataclass(frozen=True)
class OpenDelivery:
    """A delivery that has not ended, as an operator sees it. offer_id, offer_driver: while an offer stands."""

    id: str
    state: str
    driver: str | None
    offer_id: str | None
    offer_driver: str | None
    delayed_at: str | None = None


@dataclass(frozen=True)
class OrderView:
    """delayed: the customer is asked whether to keep waiting."""

    status: str
    delayed: bool


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

    async def keep_waiting(self, order_id: str) -> None:
        await self.session.run(op.KEEP_WAITING, id=order_id)

    async def order(self, order_id: str) -> OrderView:
        order = await self.session.run(op.ORDER, id=order_id)
        return OrderView(order["status"], order["delayedAt"] is not None)


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

    async def confirm(self, order_id: str, expected_ready_at: datetime, promised_at: datetime | None = None) -> None:
        times = {"ready": rfc3339(expected_ready_at), "promised": promised_at and rfc3339(promised_at)}
        await self.session.run(op.CONFIRM_ORDER, id=order_id, **times)

    async def reject(self, order_id: str) -> None:
        await self.session.run(op.REJECT_ORDER, id=order_id, reason="OUT_OF_STOCK")

    async def mark_ready(self, order_id: str) -> None:
        await self.session.run(op.MARK_ORDER_READY, id=order_id)


class DriverApi(ContactApi):
    async def register(self) -> None:
        await self.session.run(op.REGISTER_DRIVER, vehicle="BICYCLE")

    async def go_on_duty(self, at: Point, until: datetime | None = None) -> None:
        await self.session.run(op.GO_ON_DUTY, position=_position(at), until=until and rfc3339(until))

    async def go_off_duty(self) -> None:
        await self.session.run(op.GO_OFF_DUTY)

    async def report(self, fixes: list[Fix]) -> Reported:
        answer = await self.session.run(op.REPORT_LOCATIONS, positions=[_location(fix) for fix in fixes])
        return Reported(float(answer["nextReportInSeconds"]), taken=not answer["tooSoon"])

    async def offers(self) -> list[OfferView]:
        nodes = _nodes(await self.session.run(op.MY_OFFERS))
        return list({offer.offer_id: offer for offer in map(_offer, nodes)}.values())

    async def deliveries(self) -> list[DeliveryView]:
        """Those it carries."""
        return [_delivery(node) for node in _nodes(await self.session.run(op.MY_DELIVERIES))]

    async def accept(self, offer: OfferView) -> None:
        await self.session.run(op.ACCEPT_OFFER, offerId=offer.offer_id, ids=list(offer.delivery_ids))

    async def decline(self, offer: OfferView) -> None:
        await self.session.run(op.DECLINE_OFFER, offerId=offer.offer_id, ids=list(offer.delivery_ids))

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
    offer = node["offer"]
    return OfferView(offer["id"], tuple(node["trip"]["deliveryIds"]), datetime.fromisoformat(offer["expiresAt"]))


def _delivery(node: dict[str, Any]) -> DeliveryView:
    return DeliveryView(
        id=node["id"],
        state=node["state"],
        pickup=Point(**node["pickup"]),
        dropoff=Point(**node["dropoff"]),
        trip_id=node["trip"]["id"],
        position=node["trip"]["deliveryIds"].index(node["id"]),
        assigned_at=datetime.fromisoformat(node["assignedAt"]),
    )


def _open_delivery(node: dict[str, Any]) -> OpenDelivery:
    offer = node["offer"] or {}
    return OpenDelivery(
        node["id"], node["state"], node["driverId"], offer.get("id"), offer.get("driverId"), node["delayedAt"]
    )
