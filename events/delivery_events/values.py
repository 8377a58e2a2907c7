"""Values that several events share."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from delivery_events.envelope import Model

# Marks a field that stays inside the platform: it is removed from an event before a partner sees it.
INTERNAL: dict[str, Any] = {"x-internal": True}


def unit(name: str) -> dict[str, Any]:
    """Says in a number's schema what it counts."""
    return {"x-unit": name}


# Accounts are named by the `sub` that Cognito gives them, orders and offers by UUIDs, merchants by a name of their own.
OrderId = Annotated[str, Field(examples=["0b8f7d52-6c1e-4a35-9a57-3f2c51d8e0a4"])]
CustomerId = Annotated[str, Field(examples=["5d2a9c34-7e61-4f0b-8d43-b1a6e7c90f12"])]
DriverId = Annotated[str, Field(examples=["c47e10b8-25d9-4c6f-a1e3-90f8b6d2573a"])]
MerchantId = Annotated[str, Field(examples=["merchant-003"])]
OfferId = Annotated[str, Field(examples=["e9a3f6c1-48b7-4d2e-b05a-67c81d94f3b2"])]
Zone = Annotated[str, Field(examples=["872aa845affffff"])]


class Money(Model):
    """An amount in one currency."""

    amount: int = Field(
        ge=0,
        description="Minor units of the currency, such as cents.",
        examples=[2350],
        json_schema_extra=unit("minor units of the currency"),
    )
    currency: str = Field(pattern="^[A-Z]{3}$", description="ISO 4217 code.", examples=["USD"])


class Position(Model):
    """A point on the Earth, WGS 84."""

    lat: float = Field(
        ge=-90, le=90, description="Latitude in degrees.", examples=[40.4406], json_schema_extra=unit("degrees")
    )
    lng: float = Field(
        ge=-180, le=180, description="Longitude in degrees.", examples=[-79.9959], json_schema_extra=unit("degrees")
    )


Metres = Annotated[float, Field(ge=0, examples=[1250.5], json_schema_extra=unit("metres"))]


class Stop(StrEnum):
    """Where a driver goes on a delivery."""

    PICKUP = "PICKUP"
    DROPOFF = "DROPOFF"
