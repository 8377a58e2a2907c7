"""What every event looks like: `metadata` that routes and orders it, `data` that says what happened."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Generic, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

# Every producer derives event ids in this namespace, so that publishing again gives the same event.
_EVENTS = uuid5(NAMESPACE_URL, "urn:delivery:events")


def rfc3339(moment: datetime) -> str:
    """`moment` in UTC with milliseconds and `Z`. Such strings sort as the moments they name."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Timestamp = Annotated[
    AwareDatetime,
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-01-05T18:30:00.000Z"]}),
]


class Model(BaseModel):
    """Fields that a later minor version adds are kept, so that passing an event on loses nothing."""

    # Errors end in logs and failure queues, and what a field held may be personal. A function meets few of the types;
    # those that it never meets are not built as it starts.
    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True, defer_build=True)


class EventData(Model):
    """What happened. A subclass is one event type in one major version.

    `TYPE` is `<aggregate>.<past tense>`, `SOURCE` the only service that may publish it.
    """

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1
    SOURCE: ClassVar[str]

    @classmethod
    def detail_type(cls) -> str:
        """EventBridge's `detail-type`, such as `order.placed.v1`."""
        return f"{cls.TYPE}.v{cls.VERSION}"


DataT = TypeVar("DataT", bound=EventData)


class Metadata(Model):
    event_id: UUID = Field(
        description="Names this event for ever; a repeated delivery carries the same id.",
        examples=["7c3e8f10-5b2d-5e94-8a6f-1d0c9b7e4a35"],
    )
    type: str = Field(description="Aggregate and what happened to it, in the past tense.", examples=["order.placed"])
    version: int = Field(
        ge=1,
        description="Major version of the type; optional additions do not change it.",
        examples=[1],
        json_schema_extra={"x-unit": "major version"},
    )
    sequence: int = Field(
        ge=1,
        description="Position among this aggregate's changes, from 1. Gaps are normal.",
        examples=[1],
        json_schema_extra={"x-unit": "changes of the aggregate"},
    )
    occurred_at: Timestamp = Field(
        description="When it happened, RFC 3339 in UTC.", examples=["2026-01-05T18:30:00.000Z"]
    )
    correlation_id: str = Field(
        description="The order's id from start to end; for a driver alone, the driver's id.",
        examples=["0b8f7d52-6c1e-4a35-9a57-3f2c51d8e0a4"],
    )
    causation_id: str = Field(
        description="The event id, or `request:<id>`, that led to this event.",
        examples=["request:f3b1c7d4-9e20-4b68-a5d7-2c8e60f1943b"],
    )
    aggregate_id: str = Field(
        description="The id of the thing that changed.", examples=["0b8f7d52-6c1e-4a35-9a57-3f2c51d8e0a4"]
    )


class Event(Model, Generic[DataT]):
    """One event, as it stands in EventBridge's `detail`."""

    metadata: Metadata = Field(description="What routes and orders the event; the same for every type.")
    data: DataT = Field(description="What happened; each type has its own.")

    @property
    def detail_type(self) -> str:
        return f"{self.metadata.type}.v{self.metadata.version}"


def new_event(
    data: DataT,
    *,
    aggregate_id: str,
    sequence: int,
    occurred_at: datetime,
    correlation_id: str,
    causation_id: str,
    part: str | None = None,
) -> Event[DataT]:
    """The event that `data` makes. The same arguments always give the same `event_id`.

    `part` tells apart several events of one type that one change makes, such as a driver's arrival at two stops.
    """
    name = f"{aggregate_id}/{sequence}/{data.detail_type()}"
    event_id = uuid5(_EVENTS, name if part is None else f"{name}/{part}")
    metadata = Metadata(
        event_id=event_id,
        type=data.TYPE,
        version=data.VERSION,
        sequence=sequence,
        occurred_at=occurred_at,
        correlation_id=correlation_id,
        causation_id=causation_id,
        aggregate_id=aggregate_id,
    )
    event: Event[DataT] = Event[type(data)](metadata=metadata, data=data)  # type: ignore[misc,operator]
    return event


def log_fields(event: Event[DataT]) -> dict[str, str]:
    """What a log line says of an event: enough to find it, and no personal data."""
    return {
        "event_type": event.detail_type,
        "event_id": str(event.metadata.event_id),
        "correlation_id": event.metadata.correlation_id,
    }
