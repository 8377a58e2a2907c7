"""Every text in every language, with the same places to fill in, for everything that the API can say."""

import json
import re
from pathlib import Path

import pytest
from delivery_events.dispatch import (
    DeliveryOfferDeclined,
    DeliveryOffered,
    DeliveryOfferExpired,
    DeliveryOfferWithdrawn,
)

from infra.graphql_schema import build_schema, service_parts
from infra.web.files import SOURCE
from services.tracking.following import CONSUMES

OPERATORS_ONLY = (DeliveryOffered, DeliveryOfferDeclined, DeliveryOfferExpired, DeliveryOfferWithdrawn)

ENGLISH = json.loads((SOURCE / "messages" / "en.json").read_text())
OTHERS = [path for path in (SOURCE / "messages").glob("*.json") if path.stem != "en"]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def values(enum: str) -> list[str]:
    """Of one of the API's enumerations."""
    found = re.search(rf"enum {enum} \{{([^}}]*)\}}", build_schema(service_parts()))
    assert found, enum
    return re.findall(r"^\s*([A-Z_]+)\s*$", found[1], re.MULTILINE)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_another_language_has_the_same_texts(path: Path) -> None:
    other = json.loads(path.read_text())
    assert list(other) == list(ENGLISH)
    assert {key: places(text) for key, text in other.items()} == {key: places(text) for key, text in ENGLISH.items()}


def test_there_is_another_language() -> None:
    assert OTHERS


@pytest.mark.parametrize(
    ("kind", "enum"),
    [
        ("status", "TrackingStatus"),
        ("status", "OrderStatus"),
        ("state", "DeliveryState"),
        ("driver", "DriverState"),
        ("reason", "OrderReason"),
        ("reason", "DeliveryReason"),
        ("reason", "ReturnReason"),
    ],
)
def test_every_value_has_a_text(kind: str, enum: str) -> None:
    assert [value for value in values(enum) if f"{kind}.{value}" not in ENGLISH] == []


def test_every_event_of_a_customers_timeline_has_a_text() -> None:
    shown = {model.TYPE for model in CONSUMES if model not in OPERATORS_ONLY}
    assert sorted(name for name in shown if f"event.{name}" not in ENGLISH) == []
