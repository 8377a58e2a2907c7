"""Events of the tracking service: where drivers are."""

from typing import ClassVar

from pydantic import Field

from delivery_events.envelope import EventData, Timestamp
from delivery_events.values import INTERNAL, DriverId, OrderId, Position, Stop, Zone


class DriverMoved(EventData):
    """A driver entered another zone, or some time passed since the last such event."""

    TYPE = "driver.moved"
    SOURCE: ClassVar[str] = "delivery.tracking"

    driver_id: DriverId = Field(description="The `sub` of the driver's account.")
    position: Position = Field(description="The latest position.", json_schema_extra=INTERNAL)
    zone: Zone = Field(description="H3 cell of that position.")
    at: Timestamp = Field(description="When the driver's phone measured it.")


class DriverArrived(EventData):
    """A driver came within reach of a stop of a delivery, by the positions reported."""

    TYPE = "driver.arrived"
    SOURCE: ClassVar[str] = "delivery.tracking"

    driver_id: DriverId = Field(description="The `sub` of the driver's account.")
    delivery_id: OrderId = Field(description="The delivery whose stop was reached.")
    stop: Stop = Field(description="Which of its stops.")
    at: Timestamp = Field(description="When the driver's phone measured it.")
