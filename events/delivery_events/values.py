"""Values that several events share."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from delivery_events.envelope import Model

# Marks a field that stays inside the platform: it is removed from an event before a partner sees it.
INTERNAL: dict[str, Any] = {"x-internal": True}


class Money(Model):
    amount: int = Field(ge=0, description="Minor units of the currency, such as cents.", examples=[2350])
    currency: str = Field(pattern="^[A-Z]{3}$", description="ISO 4217 code.", examples=["USD"])


class Position(Model):
    """A point on the Earth, WGS 84."""

    lat: float = Field(ge=-90, le=90, description="Latitude in degrees.", examples=[40.4406])
    lng: float = Field(ge=-180, le=180, description="Longitude in degrees.", examples=[-79.9959])


Seconds = Annotated[float, Field(ge=0, description="Duration in seconds.")]
Metres = Annotated[float, Field(ge=0, description="Distance in metres.")]


class Stop(StrEnum):
    """Where a driver goes on a delivery."""

    PICKUP = "PICKUP"
    DROPOFF = "DROPOFF"
