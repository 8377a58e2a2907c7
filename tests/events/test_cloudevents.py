"""Events as CloudEvents: each attribute as the specification wants it, and back again without loss."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from delivery_events import MalformedEvent, parse_public
from delivery_events.cloudevents import from_cloudevent, to_cloudevent

from local.contracts.build import cloudevents
from services.partners.messages import document
from tests.events.samples import ALL_TYPES, event
from tests.events.test_public import FOR_PARTNERS
from tests.events.test_schemas import committed


@pytest.mark.parametrize("detail_type", ALL_TYPES)
def test_an_event_is_a_cloudevent_and_comes_back_whole(detail_type: str) -> None:
    sent = event(detail_type)
    content = to_cloudevent(sent)
    back = from_cloudevent(json.loads(json.dumps(content)))
    assert back.model_dump(exclude_none=True) == sent.model_dump(exclude_none=True)
    # CloudEvents 1.0: required attributes, none empty; names of lower-case letters and digits; times by RFC 3339.
    assert content["specversion"] == "1.0"
    assert all(content[name] for name in ("id", "source", "type", "subject"))
    assert content["type"] == detail_type
    assert re.fullmatch(r"urn:delivery:[a-z]+", content["source"])
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in content)
    assert all(isinstance(value, str) for name, value in content.items() if name != "data")
    assert datetime.fromisoformat(content["time"]).tzinfo


@pytest.mark.parametrize("detail_type", FOR_PARTNERS)
def test_so_is_what_a_partner_gets_of_it(detail_type: str) -> None:
    got = parse_public(detail_type, document(event(detail_type)))
    content = to_cloudevent(got)
    back = from_cloudevent(json.loads(json.dumps(content)))
    assert (back.metadata, back.data) == (got.metadata, got.data)


def test_the_input_transformer_makes_the_same_cloudevent() -> None:
    """What EventBridge would put into its template, put there by hand."""
    sent = event("order.placed.v1")
    delivered = {"detail": json.loads(sent.model_dump_json(exclude_none=True))}
    mapping = cloudevents.mapping({"order.placed.v1": committed("order.placed.v1")})["types"]["order.placed.v1"]
    text: str = mapping["inputTransformer"]["InputTemplate"]
    for name, path in mapping["inputTransformer"]["InputPathsMap"].items():
        value: Any = delivered
        for part in path.removeprefix("$.").split("."):
            value = value[part]
        text = text.replace(f"<{name}>", value if isinstance(value, str) else json.dumps(value))
    assert json.loads(text) == to_cloudevent(sent)


@pytest.mark.parametrize("name", ["id", "type", "time", "sequence", "data"])
def test_a_missing_attribute_is_named(name: str) -> None:
    content = to_cloudevent(event("order.placed.v1"))
    del content[name]
    with pytest.raises(MalformedEvent, match=f"'{name}' is missing"):
        from_cloudevent(content)
