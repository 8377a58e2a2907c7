"""Events of the orders service: the commercial order, from placing to its end."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from delivery_events.envelope import EventData, Timestamp
from delivery_events.values import INTERNAL, CustomerId, DriverId, MerchantId, Money, OrderId, Position, unit


class OrderStatus(StrEnum):
    """What a customer is shown. CONFIRMED, READY and ASSIGNED differ only in which milestone came last."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    READY = "READY"
    ASSIGNED = "ASSIGNED"
    PICKED_UP = "PICKED_UP"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"


class OrderReason(StrEnum):
    """Why an order was rejected or cancelled, or failed."""

    UNKNOWN_MERCHANT = "UNKNOWN_MERCHANT"
    MERCHANT_CLOSED = "MERCHANT_CLOSED"
    OUT_OF_AREA = "OUT_OF_AREA"
    AMOUNTS_DIFFER = "AMOUNTS_DIFFER"
    MERCHANT_BUSY = "MERCHANT_BUSY"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    MERCHANT_TIMEOUT = "MERCHANT_TIMEOUT"
    CUSTOMER_REQUEST = "CUSTOMER_REQUEST"
    OPERATOR_REQUEST = "OPERATOR_REQUEST"
    NO_DRIVER = "NO_DRIVER"
    RETURNED = "RETURNED"


class OrderData(EventData):
    """All that a consumer needs to know of an order, as it stands after this event."""

    SOURCE: ClassVar[str] = "delivery.orders"

    order_id: OrderId = Field(description="The order's UUID, chosen by the client.")
    customer_id: CustomerId = Field(description="Who ordered: the `sub` of the customer's account.")
    merchant_id: MerchantId = Field(description="Who prepares it.")
    status: OrderStatus = Field(description="The order's status after this event.")
    placed_at: Timestamp = Field(description="When the customer placed it, RFC 3339 in UTC.")
    item_count: int = Field(
        ge=1, description="How many articles in all.", examples=[3], json_schema_extra=unit("articles")
    )
    total: Money = Field(description="What the customer pays.")
    pickup: Position | None = Field(
        default=None, description="The merchant's place; absent before the merchant is known."
    )
    dropoff: Position = Field(description="Where it goes.", json_schema_extra=INTERNAL)
    expected_ready_at: Timestamp | None = Field(default=None, description="When the merchant expects to have it ready.")
    ready_at: Timestamp | None = Field(default=None, description="When the merchant said it is ready.")
    promised_at: Timestamp | None = Field(
        default=None, description="By when the customer was promised to have it, if so."
    )
    driver_id: DriverId | None = Field(default=None, description="Who carries it, once assigned.")
    reason: OrderReason | None = Field(default=None, description="Why it was rejected or cancelled, or failed.")


class OrderPlaced(OrderData):
    """A customer placed an order and the platform's rules hold; the merchant is to confirm or reject it."""

    TYPE = "order.placed"


class OrderRejected(OrderData):
    """The merchant, or a rule of the platform, turned the order down."""

    TYPE = "order.rejected"
    reason: OrderReason = Field(description="Why it was turned down.")


class OrderConfirmed(OrderData):
    """The merchant took the order on; a driver can be looked for."""

    TYPE = "order.confirmed"
    pickup: Position = Field(description="Where the merchant is.")
    expected_ready_at: Timestamp = Field(description="When the merchant expects to have it ready.")


class OrderReady(OrderData):
    """The merchant has it ready to be picked up."""

    TYPE = "order.ready"
    ready_at: Timestamp = Field(description="When the merchant said it is ready.")


class OrderCancelRequested(OrderData):
    """Someone wants a confirmed order cancelled; dispatch decides, as it knows whether it was picked up."""

    TYPE = "order.cancel_requested"
    reason: OrderReason = Field(description="Who wants it cancelled, and why.")


class OrderCancelled(OrderData):
    """The order ended before it was picked up."""

    TYPE = "order.cancelled"
    reason: OrderReason = Field(description="Why it was cancelled.")


class OrderCompleted(OrderData):
    """The order was handed over."""

    TYPE = "order.completed"


class OrderFailed(OrderData):
    """The order could not be delivered."""

    TYPE = "order.failed"
    reason: OrderReason = Field(description="Why it failed.")
