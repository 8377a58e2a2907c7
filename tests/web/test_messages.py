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
from tests.web.script import run

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


def moment(then: str, now: str, region: str, folder: Path) -> str:
    """What a page says of a time. Both are local ones, such as 2026-01-05T18:30."""
    script = f"""
        globalThis.localStorage = {{ getItem: () => null }};
        globalThis.document = {{ documentElement: {{}} }};
        const navigator = {{ languages: [{json.dumps(region)}] }};
        Object.defineProperty(globalThis, 'navigator', {{ value: navigator, configurable: true }});
        import {{ moment, readMessages }} from './platform/messages.ts';
        await readMessages();
        console.log(JSON.stringify(moment({json.dumps(then)}, new Date({json.dumps(now)}))));
    """
    said = run(script, folder)
    assert isinstance(said, str)
    return said


@pytest.mark.parametrize(
    ("then", "region", "said"),
    [
        ("2026-01-05T23:59", "en-GB", "23:59"),
        ("2026-01-06T00:15", "en-GB", "Tuesday 00:15"),
        ("2026-01-04T23:30", "en-GB", "Sunday 23:30"),
        ("2026-01-05T23:59", "es-ES", "23:59"),
        ("2026-01-06T00:15", "es-ES", "martes, 0:15"),
    ],
)
def test_a_time_is_told_with_its_day_unless_that_is_today(then: str, region: str, said: str, tmp_path: Path) -> None:
    assert moment(then, "2026-01-05T23:30", region, tmp_path) == said
